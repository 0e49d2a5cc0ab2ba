"""What a box holds is a fact about a day and about a cut, as everything else that a score rests on."""

from __future__ import annotations

from datetime import date

import polars as pl
import pytest

from steelyard.calc.units import from_grain
from steelyard.frameworks.queries import parse
from steelyard.ledger import actions as ledger
from steelyard.ledger.queries import head
from steelyard.partners.queries import histories
from steelyard.products import actions as products
from steelyard.scorecards.scoring import gather, score

TEXT = """framework: counted
title: Counted
subject: partner
grain: year
currency: EUR
measures: {units_sold: {fact: orders, sum: quantity}}
kpis: {k: {formula: units_sold, unit: number, better: higher, no_data: zero}}
"""


def inputs(cut=None):
    return gather(parse(TEXT), "digest", "2012", cut)


def units_sold(cut=None):
    rows = score(inputs(cut)).cards.items_frame().filter(pl.col("kpi") == "k", pl.col("partner") == "ALP")
    return from_grain(rows["value"].item(), "number")


@pytest.fixture
def anna(channel_cast):
    """Two boxes in spring, one in autumn and a single piece."""
    lines = [(1, date(2012, 5, 5), 2, "box"), (2, date(2012, 5, 5), 1, "each"), (3, date(2012, 11, 5), 1, "box")]
    rows = [
        {"document": "D", "line": str(number), "party": "ALP", "date": day, "product": "REA-1", "quantity": quantity * 10**6, "unit": unit,
         "amount": 0, "currency": "EUR", "source_row": number}
        for number, day, quantity, unit in lines
    ]  # fmt: skip
    ledger.post("orders", pl.DataFrame(rows), source="erp", batch=1, acting_user=channel_cast.anna)
    return channel_cast.anna


def test_a_factor_told_later_changes_no_score_of_an_earlier_cut(anna):
    nothing_said = head()
    products.change("products", code="REA-1", unit="each", acting_user=anna)
    products.add("units", product="REA-1", unit="box", factor=12, acting_user=anna)
    dozens = head()
    products.change("units", product="REA-1", unit="box", factor=10, valid_from=date(2012, 7, 1), acting_user=anna)
    assert [units_sold(cut) for cut in (nothing_said, dozens, None)] == [4, 37, 35]
    assert histories(nothing_said).units.is_empty()
    assert histories().units.select("product", "unit", "factor").rows() == [("REA-1", "box", 12 * 10**6), ("REA-1", "box", 10 * 10**6)]


def test_a_unit_is_part_of_what_names_a_run(anna):
    before = inputs().digests
    products.add("units", unit="box", factor=6, acting_user=anna)
    assert {name for name, digest in inputs().digests.items() if digest != before[name]} >= {"masters"}
    assert units_sold() == 19
