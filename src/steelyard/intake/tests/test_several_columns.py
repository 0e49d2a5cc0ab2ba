"""Several columns of a file as one of ours: joined texts, exact products; days of another calendar, look-ups without a header."""

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from steelyard.calc.errors import Refused
from steelyard.intake.checking import check
from steelyard.intake.mappings import KINDS, read_mapping
from steelyard.intake.reading import read
from tests.thoroughness import examples

AMOUNT = "amount: {product: [Price, Units, {one_minus: Off}]}"
MAPPING = "kind: orders\n%s\ncurrency: EUR\ncolumns: {document: {join: [Nr, Day]}, date: %s, party: %s, %s}\n"


def checked(*rows, amount=AMOUNT, date="Day", party="Nr", more="", files=None):
    text = MAPPING % (more, date, party, amount)
    mapping, problems = read_mapping(text)
    assert problems == []
    data = "\n".join(["Nr;Day;Price;Units;Off", *rows]).encode()
    return check(read(data, "f.csv", mapping.dialect), mapping, KINDS["orders"], files=files)


def test_a_product_is_exact():
    rows = ("1;2026-03-31;9.8;10;0", "2;2026-03-31;42.45;35;0.15", "3;2026-03-31;0.0001;1;0", "4;2026-03-31;-2;3;15%")
    result = checked(*rows, more="negatives: allowed")
    assert result.lines["amount"].to_list() == [980000, 12628875, 1, -51000]


def test_more_decimals_than_money_keeps_are_refused_and_never_rounded():
    result = checked("1;2026-03-31;42.45;35;0.15", "2;2026-03-31;9.99;1;0.333", "3;2026-03-31;1.005;1;0.005")
    assert result.lines.height == 1
    assert result.problems.select("position", "column", "found", "code").rows() == [
        (1, "Price, Units, Off", "9.99 × 1 × (1 − 0.333)", "out_of_range"),
        (2, "Price, Units, Off", "1.005 × 1 × (1 − 0.005)", "out_of_range"),
    ]


def test_a_factor_that_is_no_number_is_named_and_a_blank_one_is_not_zero():
    result = checked("1;2026-03-31;two;1;0", "2;2026-03-31;2;1;", "3;2026-03-31;5 EUR;1;0", "4;2026-03-31;5 USD;1;0")
    assert result.problems.select("position", "code", "message").rows() == [
        (0, "not_a_number", "Price: this is not a number"),
        (1, "required", "a value is required here"),
        (3, "currency_conflict", "the sign beside the amount is not the row's currency"),
    ]


def test_decimal_commas_are_decided_for_each_factor():
    assert checked("1;2026-03-31;1.234,50;2;0", "2;2026-03-31;2,5;2;0").lines["amount"].to_list() == [24690000, 50000]
    with pytest.raises(Refused) as refused:
        checked("1;2026-03-31;1.234;2;0")
    assert [problem.where for problem in refused.value.problems] == ["column `Price`"]
    assert checked("1;2026-03-31;1.234;2;0", more='decimal: ","').lines["amount"].to_list() == [24680000]


def test_joined_texts_leave_blank_ones_out():
    assert checked("7;2026-03-31;1;1;0").lines["document"].to_list() == ["7 2026-03-31"]
    joined = checked("7;2026-03-31;1;1;", ";2026-03-31;1;1;", party="{join: [Nr, Off]}", amount="amount: Price")
    assert joined.lines["party"].to_list() == ["7"]
    assert joined.problems.select("position", "code").rows() == [(1, "required")]


def test_days_of_a_calendar_that_runs_ahead():
    lines = checked("7;2022-05-30 00:00:00.000;1;1;0", date="{from: Day, days: -4170}").lines
    assert [str(day) for day in lines["date"]] == ["2010-12-29"]


def test_a_lookup_in_a_file_without_a_header():
    party = "{from: Nr, lookup: {file: keys.txt, key: theirs, value: ours, names: [theirs, ours]}}"
    assert checked("7;2026-03-31;1;1;0", party=party, files={"keys.txt": b"7|ALP\n8|BOR\n"}).lines["party"].to_list() == ["ALP"]


hundredths = st.integers(-10_000, 10_000).map(lambda number: Decimal(number) / 100)


@settings(max_examples=examples(30), deadline=None)
@given(st.lists(st.tuples(hundredths, st.integers(0, 500), st.integers(0, 100)), min_size=1, max_size=20))
def test_any_product_of_two_decimals_each_is_what_decimal_arithmetic_says(rows):
    result = checked(
        *(f"1;2026-03-31;{price};{units};{Decimal(off) / 100}" for price, units, off in rows), more='decimal: "."\nnegatives: allowed'
    )
    wanted = [price * units * (1 - Decimal(off) / 100) for price, units, off in rows]
    assert [Decimal(grains) / 10_000 for grains in result.lines["amount"]] == wanted
