"""Where several systems tell of the same sales, one counts: by kind, partner and day; the others are listed with that reason."""

from __future__ import annotations

import narwhals as nw
import pytest

from steelyard.calc.measures.authority import NOT_AUTHORITATIVE
from steelyard.calc.measures.listing import list_rows
from steelyard.calc.measures.pipeline import look, resolved
from steelyard.calc.measures.plan import plan
from steelyard.calc.periods import FiscalCalendar
from steelyard.calc.points import Reading
from steelyard.calc.resolve import Resolver, no_authorities

from . import world
from .test_figures import day, figures, framework, rows_of

SUM = framework(["m: {fact: orders, sum: amount, where: [{rule: amount > 0, reason: no sale}]}"])
SAP = [("orders", "A", "sap", None, None)]


def lines(*contents):
    """Orders of A on one day: (source, amount), where no other party and day are named."""
    return rows_of("orders", *({"line": str(n), **content, "amount": content["amount"] * 10**4} for n, content in enumerate(contents)))


BOTH = lines({"source": "sap", "amount": 100}, {"source": "shop", "amount": 100}, {"source": "sap", "amount": 7})


def total(orders, authorities, **asked):
    return figures(SUM, orders, masters=world.histories(authorities=authorities), **asked)["m"]


@pytest.mark.parametrize(
    ("authorities", "counts"),
    [
        ([], 207),
        (SAP, 107),  # not 207: one sale told by two systems
        ([("orders", "A", "shop", None, None)], 100),
        ([("orders", None, "sap", None, None)], 107),
        ([("orders", None, "sap", None, None), ("orders", "A", "shop", None, None)], 100),  # what is said of the partner comes first
        ([("orders", None, "sap", None, None), ("orders", "A", "", None, None)], 207),  # of A every source counts
        ([("orders", "B", "sap", None, None)], 207),
        ([("sell_through", "A", "sap", None, None)], 207),
        ([("orders", "A", "sap", None, "2012-05-05")], 207),  # until the day before
        ([("orders", "A", "sap", "2012-05-05", None)], 107),
    ],
)
def test_the_source_that_counts_is_the_one_declared_for_kind_partner_and_day(authorities, counts):
    assert total(BOTH, authorities) == counts


def test_a_row_whose_partner_nobody_knows_yet_follows_what_is_said_of_every_partner():
    unknown = framework(["m: {fact: orders, sum: amount}"], subject="representative")
    orders = lines(*({"source": source, "amount": 100, "party": "unknown", "representative": "r1"} for source in ("sap", "shop")))
    for authorities, counts in (([("orders", None, "sap", None, None)], 100), (SAP, 200)):
        assert figures(unknown, orders, subject=("r1",), masters=world.histories(authorities=authorities))["m"] == counts


def test_rows_that_do_not_count_are_listed_with_that_reason_before_any_other():
    orders = lines({"source": "sap", "amount": 5}, {"source": "shop", "amount": 5}, {"source": "shop", "amount": -5})
    todo, resolver = plan(SUM, FiscalCalendar(), {Reading("m")}), Resolver(world.histories(authorities=SAP))
    rows = list_rows(todo, resolver, orders.frame().lazy(), SUM.measures["m"], ("A",), day("2012-01-01"), day("2013-01-01"))
    assert rows.select("source", "counted", "reason").rows() == [
        ("sap", True, None), ("shop", False, NOT_AUTHORITATIVE), ("shop", False, NOT_AUTHORITATIVE),
    ]  # fmt: skip
    assert rows["contribution"].sum() == 5 * 10**4


def test_nothing_is_looked_up_where_nothing_is_declared_for_the_kind():
    for authorities in ([], [("sell_through", None, "sap", None, None)]):
        todo, resolver = plan(SUM, FiscalCalendar(), {Reading("m")}), Resolver(world.histories(authorities=authorities))
        frame = BOTH.frame().lazy()
        columns = resolved(todo, todo.scans[0], resolver, nw.from_native(frame), look(frame, todo.scans[0], SUM)).collect_schema().names()
        assert "#told" not in columns
    assert world.histories(authorities=[]).authorities.schema == no_authorities().schema
