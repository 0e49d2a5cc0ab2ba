"""Rows of two systems that may be one sale: same partner and day, and the same amount, or the same product and quantity."""

from datetime import date

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from steelyard.calc.same_sale import COMPARED, RULES, same_sales

DAY = date(2026, 3, 2)
SCHEMA = dict.fromkeys(COMPARED, pl.String) | dict.fromkeys(("row_id", "quantity", "amount"), pl.Int64) | {"date": pl.Date}


def rows(*contents):
    usual = {"partner": "ALP", "date": DAY, "product": "p", "quantity": 1, "unit": None, "amount": 100, "currency": "EUR"}
    made = [usual | {"document": f"D{number}", "line": "1"} | content | {"row_id": number} for number, content in enumerate(contents)]
    return pl.DataFrame([{name: row.get(name) for name in COMPARED} for row in made], schema=SCHEMA)


def pairs(*contents):
    return sorted(same_sales(rows(*contents)).rows())


ERP, SHOP, CRM = {"source": "erp"}, {"source": "shop"}, {"source": "crm"}


@pytest.mark.parametrize(
    ("theirs", "rule"),
    [
        ({}, "amount and product"),
        ({"product": "other"}, "amount"),
        ({"product": None}, "amount"),
        ({"amount": 90}, "product and quantity"),
        ({"amount": None, "currency": None}, "product and quantity"),
        ({"currency": "USD"}, "product and quantity"),
        ({"quantity": 2}, "amount and product"),
        ({"amount": 90, "quantity": 2}, None),
        ({"amount": 90, "unit": "box"}, None),
        ({"amount": -100, "quantity": -1}, None),
        ({"partner": "BOR"}, None),
        ({"partner": None}, None),
        ({"date": date(2026, 3, 3)}, None),
        ({"source": "erp"}, None),
    ],
)
def test_what_two_rows_must_agree_in(theirs, rule):
    assert pairs(ERP, SHOP | theirs) == ([(0, 1, rule)] if rule else [])


def test_nothing_is_the_same_because_it_is_zero():
    assert pairs(ERP | {"amount": 0, "quantity": 0}, SHOP | {"amount": 0, "quantity": 0}) == []


def test_three_equal_rows_of_one_and_two_of_another_are_two_pairs():
    assert pairs(ERP, ERP, ERP, SHOP, SHOP) == [(0, 3, "amount and product"), (1, 4, "amount and product")]


def test_the_closest_agreement_is_looked_for_first():
    found = pairs(ERP | {"product": "x"}, ERP, SHOP, SHOP | {"product": "y"})
    assert found == [(0, 3, "amount"), (1, 2, "amount and product")]


def test_three_systems_are_compared_two_by_two():
    assert [(a, b) for a, b, _ in pairs(CRM, ERP, SHOP)] == [(0, 1), (0, 2), (1, 2)]


row = st.fixed_dictionaries({
    "source": st.sampled_from(["crm", "erp", "shop"]), "partner": st.sampled_from(["ALP", "BOR", None]),
    "date": st.sampled_from([DAY, date(2026, 3, 3)]), "product": st.sampled_from(["p", "q", None]),
    "quantity": st.sampled_from([0, 1, 2, None]), "amount": st.sampled_from([0, 5, 7, None]), "currency": st.sampled_from(["EUR", "USD"]),
})  # fmt: skip


@given(st.lists(row, max_size=14))
def test_no_row_meets_two_of_a_source_every_pair_agrees_and_none_is_left_that_could(contents):
    frame = rows(*contents)
    by_id = {row["row_id"]: row for row in frame.with_columns(pl.col("unit").fill_null("")).to_dicts()}

    def agree(one, two, names):
        same = all(one[name] == two[name] and one[name] not in (None, 0) for name in ("partner", "date", *names))
        return same and one["source"] != two["source"]

    met = set()
    for first, second, rule in same_sales(frame).rows():
        one, two = by_id[first], by_id[second]
        assert agree(one, two, RULES[rule]) and one["source"] < two["source"]
        assert not met & {(first, two["source"]), (second, one["source"])}
        met |= {(first, two["source"]), (second, one["source"])}
    for one in by_id.values():
        for two in by_id.values():
            if any(agree(one, two, names) for names in RULES.values()):
                assert (one["row_id"], two["source"]) in met or (two["row_id"], one["source"]) in met
