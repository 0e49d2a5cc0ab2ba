"""Quantities are counted in the product's own unit: what a box holds is said by a master, for its days."""

from __future__ import annotations

from fractions import Fraction

import polars as pl
import pytest

from steelyard.calc.measures.listing import list_rows
from steelyard.calc.measures.partial import reduce
from steelyard.calc.measures.pipeline import NO_FACTOR, look
from steelyard.calc.measures.plan import plan
from steelyard.calc.periods import FiscalCalendar
from steelyard.calc.points import Reading
from steelyard.calc.resolve import Resolver, no_units

from . import world
from .ledgers import Ledger, row
from .test_figures import day, figures, framework, rows_of

SUM = framework(["m: {fact: orders, sum: quantity}"])
BOX = [("p1", "box", "12", None, None)]


def lines(*contents, kind="orders"):
    """Lines of (quantity, unit), product p1 unless it is named."""
    rows = [{"line": str(n), "product": "p1"} | content for n, content in enumerate(contents)]
    return rows_of(kind, *({**content, "quantity": round(Fraction(content["quantity"]) * 10**6)} for content in rows))


def total(orders, units, measures=SUM, **changed):
    return figures(measures, orders, masters=world.histories(units=units, **changed))["m"]


def behind(orders, units, measures=SUM):
    todo, resolver = plan(measures, FiscalCalendar(), {Reading("m")}), Resolver(world.histories(units=units))
    facts = orders.frame().lazy()
    return list_rows(todo, resolver, facts, measures.measures["m"], ("A",), day("2012-01-01"), day("2013-01-01"))


def test_two_boxes_and_a_single_one_are_twenty_five():
    orders = lines({"quantity": 2, "unit": "box"}, {"quantity": 1, "unit": "each"})
    assert total(orders, BOX) == 25  # not 3
    listed = behind(orders, BOX)
    assert listed["quantity"].to_list() == [2_000_000, 1_000_000]  # as the source said
    assert listed["value"].to_list() == [24_000_000, 1_000_000]
    assert total(lines({"quantity": 3, "unit": None}), BOX) == 3


def test_the_factor_is_the_one_of_the_row_s_day():
    orders = lines({"quantity": 1, "unit": "box", "date": day("2012-05-31")}, {"quantity": 1, "unit": "box", "date": day("2012-06-01")})
    assert total(orders, [("p1", "box", "12", None, "2012-06-01"), ("p1", "box", "10", "2012-06-01", None)]) == 22


def test_a_factor_of_every_product_holds_where_nothing_is_said_of_the_product_whether_it_is_known_or_not():
    orders = lines(*({"quantity": 1, "unit": "box", "product": product} for product in ("p1", "p2", "p9", None)))
    assert total(orders, [*BOX, (None, "box", "6", None, None)]) == 12 + 3 * 6


def test_a_product_that_is_counted_in_boxes_is_not_counted_by_the_box_of_every_product():
    masters = world.histories(units=[("", "box", "6", None, None)])
    in_boxes = masters.products.with_columns(unit=pl.when(pl.col("code") == "p1").then(pl.lit("box")).otherwise("unit"))
    orders = lines({"quantity": 5, "unit": "box"}, {"quantity": 5, "unit": "box", "product": "p2"})
    changed = type(masters)(**{**vars(masters), "products": in_boxes})
    assert figures(SUM, orders, masters=changed)["m"] == 35


def test_a_row_whose_unit_has_no_factor_is_excluded_with_the_reason_and_counts_for_what_reads_no_quantity():
    orders = lines({"quantity": 2, "unit": "pallet"}, {"quantity": 1, "unit": "each"}, {"quantity": 4, "unit": "box", "product": "p2"})
    listed = behind(orders, BOX)
    assert listed.select("value", "counted", "reason").rows() == [
        (None, False, NO_FACTOR),
        (1_000_000, True, None),
        (None, False, NO_FACTOR),
    ]
    both = framework(["m: {fact: orders, sum: quantity}", "n: {fact: orders, count: lines}"])
    assert figures(both, orders, masters=world.histories(units=BOX)) == {"m": 1, "n": 3}


def test_before_a_factor_holds_there_is_none():
    orders = lines({"quantity": 1, "unit": "box", "date": day("2012-01-31")}, {"quantity": 1, "unit": "box", "date": day("2012-02-01")})
    assert total(orders, [("p1", "box", "12", "2012-02-01", None)]) == 12
    assert behind(orders, [("p1", "box", "12", "2012-02-01", None)])["reason"].to_list() == [NO_FACTOR, None]


def test_a_unit_of_which_nothing_is_said_counts_as_one_where_the_product_is_unknown():
    orders = lines({"quantity": 3, "unit": "pallet", "product": "p9"}, {"quantity": 2, "unit": "box", "product": "p9"})
    assert behind(orders, BOX).select("value", "reason").rows() == [(3_000_000, None), (None, NO_FACTOR)]


def test_a_rule_that_reads_the_quantity_reads_it_counted_and_others_come_first_in_their_order():
    rules = framework(
        ['m: {fact: orders, sum: amount, where: [{rule: kind == "sale", reason: no sale}, {rule: quantity >= 20, reason: too few}]}']
    )
    orders = lines(
        {"quantity": 2, "unit": "box", "kind": "sale", "amount": 7_0000}, {"quantity": 19, "unit": "each", "kind": "sale"},
        {"quantity": 30, "unit": "pallet", "kind": "sale"}, {"quantity": 30, "unit": "pallet", "kind": "return"},
    )  # fmt: skip
    assert total(orders, BOX, rules) == 7
    assert behind(orders, BOX, rules)["reason"].to_list() == [None, "too few", NO_FACTOR, "no sale"]
    assert total(orders, [], rules) == 0  # nobody says what a box holds


def test_a_price_is_that_of_one_unit_as_the_source_said_it():
    priced = framework(["m: {fact: orders, sum: quantity * unit_price}"])
    assert total(lines({"quantity": 2, "unit": "box", "unit_price": 24 * 10**8}), BOX, priced) == 48


def test_ordered_and_adjusted_quantities_are_counted_like_the_quantity():
    fulfilled = framework(["m: {fact: orders, sum: ordered_quantity - quantity}"])
    assert total(lines({"quantity": 2, "unit": "box", "ordered_quantity": 3_000_000}), BOX, fulfilled) == 12
    assert total(lines({"quantity": 0, "unit": "pallet", "ordered_quantity": None}), BOX, fulfilled) == 0
    stock = framework(["m: {fact: inventory, sum: quantity + adjusted}"])
    counted = {"party": "A", "date": day("2012-12-01"), "quantity": 2, "unit": "box", "adjusted": -1_000_000}
    assert total(lines(counted, kind="inventory"), BOX, stock) == 12


def test_a_blank_quantity_needs_no_factor():
    orders = rows_of("orders", {"product": "p1", "unit": "pallet"}, {"product": "p1", "unit": "box", "quantity": 10**6, "line": "2"})
    assert behind(orders, BOX)["reason"].to_list() == ["quantity is blank", None]
    assert total(orders, BOX, framework(["m: {fact: orders, sum: 'if_blank(quantity, 5)'}"])) == 17


@pytest.mark.parametrize(("quantity", "expected"), [(1, 0), (3, 2), (5, 2), (-3, -2), (-1, 0)])
def test_counting_is_rounded_half_even_to_the_grain(quantity, expected):
    orders = lines({"quantity": Fraction(quantity, 10**6), "unit": "half"})
    assert total(orders, [("p1", "half", "0.5", None, None)]) == Fraction(expected, 10**6)


def test_a_reversal_takes_out_what_its_row_brought_in():
    boxes = {"source": "erp", "party": "A", "currency": "EUR", "document": "D", "line": "1", "date": day("2012-05-05"), "amount": 0}
    boxes |= {"product": "p1", "quantity": 2_000_000, "unit": "box"}
    single, odd = {**boxes, "line": "2", "quantity": 1_000_000, "unit": "each"}, {**boxes, "line": "3", "unit": "pallet"}
    rows = [
        row("orders", boxes, 0),
        row("orders", boxes, 1, 0, 0),
        row("orders", single, 2),
        row("orders", odd, 3),
        row("orders", odd, 4, 3, 3),
    ]
    assert total(Ledger("orders", rows, []), BOX) == 1


def test_where_nothing_needs_turning_rows_are_read_as_they_are():
    resolver = Resolver(world.histories(units=[("", "each", "1", None, None), *BOX]))
    assert resolver.factors(("each",)) is None and resolver.factors(()) is None
    assert resolver.factors(("box", "each")) is not None
    assert Resolver(world.histories(units=[])).factors(("box",)) is None
    assert world.histories(units=[]).units.schema == no_units().schema


def test_only_parts_whose_measures_read_quantities_are_looked_at_for_units():
    orders = lines({"quantity": 1, "unit": "box"}).frame().lazy()
    amounts = framework(["m: {fact: orders, sum: amount}"])
    found = [look(orders, plan(asked, FiscalCalendar(), {Reading("m")}).scans[0], asked).units for asked in (SUM, amounts)]
    assert found == [("box",), ()]
    todo, resolver = plan(SUM, FiscalCalendar(), {Reading("m")}), Resolver(world.histories(units=BOX))
    whole = lines({"quantity": 1, "unit": "each", "product": "p2"})
    sums = reduce(todo, todo.scans[0], resolver, whole.frame().lazy(), 1).sums
    assert not [name for name in sums.columns if NO_FACTOR in name]
