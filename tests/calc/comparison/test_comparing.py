"""Figures and totals of a workbook against ours: steps that add up, each figure by what moved it, nothing guessed."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from fractions import Fraction

import pytest

from steelyard.calc.comparison.comparing import Asked, Target, compare
from steelyard.calc.comparison.effects import Behind
from steelyard.calc.comparison.figures import Published
from steelyard.calc.comparison.lines import Ours, Sheet, Theirs
from steelyard.calc.comparison.states import States
from steelyard.calc.comparison.totals import Card
from steelyard.calc.points import Reading
from tests.calc.conftest import score_framework

TEXT = """
measures:
  sales: {fact: orders, sum: amount}
  documents: {fact: orders, count_distinct: document}
  bikes: {fact: orders, sum: amount, where: [{rule: 'category == "Bikes"', reason: not a bike}]}
  target: {fact: targets, sum: amount}
kpis:
  net_sales: {formula: sales, unit: money, better: higher, no_data: zero}
  orders: {formula: documents, unit: count, better: higher, no_data: zero}
  share: {formula: bikes / sales, unit: percent, better: higher, no_data: skip}
  growth: {formula: 'sales / sales[previous] - 1', unit: percent, better: higher, no_data: skip}
  attainment: {formula: sales / target, unit: percent, better: higher, target: 100%, no_data: skip, round: 4}
scorecard:
  combine: mean
  of:
    net_sales: {kpi: net_sales, weight: 50, points: {line: [[0, 0], [10000, 100]]}}
    share: {kpi: share, weight: 20, points: {line: [[0%, 0], [100%, 100]]}}
    attainment: {kpi: attainment, weight: 30, points: {line: [[0%, 0], [100%, 100]]}}
levels:
  - {name: Low, require: []}
  - {name: High, require: [points >= 60]}
"""
Q1 = (date(2026, 1, 1), date(2026, 4, 1))
Q4 = (date(2025, 10, 1), date(2026, 1, 1))
MONEY = 10_000
BIKES = {1, 2}


def row(number: int, value: int, subject: str = "A", **more) -> Ours:
    return Ours(
        number, subject, value * MONEY, document=f"D{number}", line="1", day=date(2026, 2, 1), amount=value * MONEY, currency="EUR", **more
    )


ROWS = [row(1, 1000), row(2, 500), row(3, 2500), row(4, 8000, "B")]


@pytest.fixture(scope="module")
def states() -> States:
    """A has 4,000 of which 1,500 are bikes, B 8,000 without any."""
    scored = score_framework(
        TEXT,
        {"sales": [4000, 8000], "sales[previous]": [3200, 8000], "documents": [3, 1], "bikes": [1500, 0], "target": [5000, 10000]},
        subjects=["A", "B"],
    )
    return States(scored.framework, scored.points, scored.readings, {"A": 0, "B": 1})


def behind(states: States) -> Behind:
    spans = {Reading("sales"): Q1, Reading("sales", "previous"): Q4, Reading("documents"): Q1, Reading("bikes"): Q1}
    excluded = {"bikes": {number: "not a bike" for number in range(1, 10) if number not in BIKES}}
    return Behind(states.framework.measures["sales"], spans, Reading("sales"), excluded)


def theirs(place: int, of: Ours, **more) -> Theirs:
    return replace(Theirs(place, of.subject, of.value, of.document, of.line, of.day, of.amount, of.currency), **more)


def published(subject: str, **items: str) -> list[Published]:
    """`net_sales="4000"`: a value as people write it."""
    places = {"net_sales": 4, "orders": 0, "share": 9, "growth": 9, "attainment": 9, "total": 6}
    found = []
    for item, text in items.items():
        decimals = len(text.partition(".")[2])
        grain = 10 ** places[item]
        found.append(Published(subject, item, int(Fraction(text) * grain), grain // 10**decimals // 2 if decimals < places[item] else 0))
    return found


def asked(states: States, figures: list[Published], lines: list[Theirs] | None = None, rows: list[Ours] = ROWS, **more) -> Asked:
    sheet = None if lines is None else Sheet(frozenset("AB"), "EUR")
    return Asked(states, figures, sheet, lines or (), rows, behind(states), **more)


def steps(comparison, subject: str, item: str) -> list[tuple[str, int]]:
    own = next(one for one in comparison.subjects if one.subject == subject)
    figure = next(one for one in own.figures if one.item == item)
    return [(step.cause, step.amount) for step in figure.steps]


def test_equal_figures_are_equal(states):
    found = compare(asked(states, published("A", net_sales="4000.00", orders="3", share="0.375", growth="0.25", total="51.5")))
    assert found.subjects[0].equal
    assert found.reasons == ()


def test_a_doubled_order_moves_every_figure_that_reads_it(states):
    lines = [theirs(place, one) for place, one in enumerate(ROWS, start=2)]
    lines.append(theirs(9, ROWS[0]))
    figures = published("A", net_sales="5000", orders="3", share="0.5", growth="0.5625", attainment="1.0", total="65")
    found = compare(asked(states, figures, lines))
    assert [(reason.cause, reason.key) for reason in found.reasons] == [("twice", "D1")]
    assert steps(found, "A", "net_sales") == [("twice", -1000 * MONEY)]
    assert steps(found, "A", "orders") == []
    assert steps(found, "A", "share") == [("twice", -125_000_000)]
    assert steps(found, "A", "growth") == [("twice", -312_500_000)]
    assert steps(found, "A", "total") == [("twice", -13_500_000)]


def test_a_missing_order_is_an_order_less(states):
    lines = [theirs(place, one) for place, one in enumerate(ROWS[1:], start=2)]
    found = compare(asked(states, published("A", net_sales="3000", orders="2", share="0.166666667"), lines))
    assert steps(found, "A", "orders") == [("missing", 1)]
    assert steps(found, "A", "share") == [("missing", 208_333_333)]


def test_an_old_target_moves_the_attainment_and_the_total(states):
    figures = published("A", net_sales="4000", attainment="1.0", total="57.5")
    found = compare(asked(states, figures, targets=[Target("A", "target", 4000 * MONEY, "Targets!B2")]))
    assert [(reason.cause, reason.amount) for reason in found.reasons] == [("target", 1000 * MONEY)]
    assert steps(found, "A", "attainment") == [("target", -200_000_000)]
    assert steps(found, "A", "total") == [("target", -6_000_000)]


def test_without_lines_the_one_order_that_fits_is_likely(states):
    found = compare(asked(states, published("A", net_sales="4500")))
    (step,) = found.subjects[0].figures[0].steps
    assert (step.cause, step.amount, step.key, step.sure) == ("twice", -500 * MONEY, "D2", "likely")


def test_what_fits_in_several_ways_is_not_explained(states):
    rows = [*ROWS, row(5, 1000)]
    found = compare(asked(states, published("A", net_sales="3000"), rows=rows))
    (step,) = found.subjects[0].figures[0].steps
    assert (step.cause, step.amount, step.detail, step.sure) == ("unexplained", 1000 * MONEY, "2", "open")


def test_what_nothing_fits_is_not_explained(states):
    found = compare(asked(states, published("A", net_sales="4123.45")))
    assert steps(found, "A", "net_sales") == [("unexplained", -1_234_500)]


def test_thousands_are_told(states):
    found = compare(asked(states, published("A", net_sales="4")))
    assert steps(found, "A", "net_sales") == [("scale", 3996 * MONEY)]


def test_a_sum_that_leaves_out_a_line_of_its_own_sheet(states):
    lines = [theirs(place, one) for place, one in enumerate(ROWS, start=2)]
    found = compare(asked(states, published("A", net_sales="3500.00"), lines))
    (step,) = found.subjects[0].figures[0].steps
    assert (step.cause, step.amount, step.sure, step.found[0].theirs.row) == ("sum", 500 * MONEY, "likely", 3)


def test_hidden_rows_that_the_figure_leaves_out_are_the_reason(states):
    lines = [theirs(place, one, hidden=place == 3) for place, one in enumerate(ROWS, start=2)]
    assert compare(asked(states, published("A", net_sales="4000"), lines)).reasons == ()
    found = compare(asked(states, published("A", net_sales="3500"), lines))
    assert [(reason.cause, reason.amount) for reason in found.reasons] == [("hidden", 500 * MONEY)]
    assert steps(found, "A", "net_sales") == [("hidden", 500 * MONEY)]


def test_another_weight_and_another_scale_explain_the_total(states):
    figures = published("A", net_sales="4000", share="0.375", attainment="0.8", total="55.75")
    card = Card(
        {"net_sales": 50_000_000, "share": 37_500_000, "attainment": 80_000_000},
        {"net_sales": Fraction(50), "share": Fraction(25), "attainment": Fraction(25)},
    )
    found = compare(asked(states, figures, cards={"A": card}))
    told = steps(found, "A", "total")
    assert [cause for cause, _ in told] == ["unexplained", "weight", "weight", "points"]
    assert sum(amount for _, amount in told) == 51_500_000 - 55_750_000


def test_a_level_is_compared_too(states):
    found = compare(asked(states, published("A", net_sales="4000"), levels={"A": "High"}))
    assert (found.subjects[0].equal, found.subjects[0].our_level) == (False, "Low")
