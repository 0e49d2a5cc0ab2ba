"""Histories, earlier results and what is held for a time, at both sides of every boundary."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

import pytest

from steelyard.calc import kpis, scorecards
from steelyard.calc.over_time import Moment, Past
from steelyard.calc.over_time.history import smoothed, weighted
from steelyard.calc.over_time.moments import moment_of
from steelyard.calc.over_time.series import Step, over_series
from steelyard.calc.points import Points
from steelyard.calc.units import Blank

from .months import ONE, framework_of, series


def overall(cards) -> list[Fraction | None]:
    return [None if one.overall[0] is None else Fraction(one.overall[0], ONE) for one in cards]


# history ---------------------------------------------------------------------------------------------------------

FADING = """history: {periods: 12, weight: 'max(0, (12 - n) / 12)', round: 1}
levels:
  - {name: Very Poor, require: [overall >= 0]}
  - {name: Average, require: [overall >= 50]}
  - {name: Excellent, require: [overall >= 80]}
"""


def test_three_periods_fade_linearly():
    """ERPNext: 100 x (80 x 12 + 60 x 11 + 40 x 10) / (100 x 33) = 61.2."""
    cards = series(FADING, 40, 60, 80)
    assert overall(cards)[-1] == Fraction("61.2") and cards[-1].totals == [80 * ONE]
    assert cards[-1].levels.levels == ["Average"]


def test_an_empty_period_is_in_neither_sum_and_still_counts_as_a_period():
    assert overall(series(FADING, 40, None, 80))[-1] == Fraction("61.8")  # (80 x 12 + 40 x 10) / 22


def test_without_a_total_there_is_an_overall_score_but_no_level():
    card = series(FADING, 90, None)[-1]
    assert overall([card]) == [90] and card.levels.levels == [None]
    assert overall(series(FADING, None)) == [None]


@pytest.mark.parametrize(("periods", "expected"), [(11, Fraction("88.8")), (12, 90)])
def test_the_thirteenth_period_no_longer_counts(periods, expected):
    assert overall(series(FADING, 0, *[90] * periods))[-1] == expected


@pytest.mark.parametrize(
    ("total", "level"), [(50, "Average"), (79.9, "Average"), (80, "Excellent"), (100, "Excellent"), (49.9, "Very Poor")][:5]
)
def test_levels_read_the_overall_score_at_both_sides_of_their_edges(total, level):
    assert series(FADING, Fraction(str(total)))[-1].levels.levels == [level]


def test_smoothing_starts_with_the_first_scored_period_and_passes_over_empty_ones():
    """SAP: 80 x 70 % + 60 x 30 % = 74."""
    assert overall(series("history: {smooth: 30%, round: 2}", None, 80, None, 60)) == [None, 80, 80, 74]


def test_smoothing_reads_what_was_said_before_not_what_was_earned():
    assert overall(series("history: {smooth: 50%}", 80, 40, 40)) == [80, 60, 50]


def test_weights_are_exact_and_rounding_happens_once():
    assert weighted([1, 1, 2], [1, 1, 1], None, "half_up") == 1  # 4/3 in the grain
    assert weighted([1_050_000], [7], 1, "half_even") == 1_000_000 and weighted([1_050_000], [7], 1, "half_up") == 1_100_000
    assert weighted([None, None], [1, 1], 1, "half_up") is None and weighted([5, 9], [0, 0], 1, "half_up") is None
    assert smoothed(60 * ONE, 80 * ONE, Fraction(3, 10), 0, "half_up") == 74 * ONE


# functions over earlier results -----------------------------------------------------------------------------------


def levels(cards) -> list[str | None]:
    return [one.levels.levels[0] for one in cards]


def test_previous_reads_one_evaluation_back():
    text = "levels: [{name: Same, require: []}, {name: Better, require: [points > previous(points)]}]"
    assert levels(series(text, 10, 11, 11, 12)) == ["Same", "Better", "Same", "Better"]


def test_in_a_row_counts_this_one_and_those_right_before_it():
    text = "levels: [{name: Low, require: []}, {name: High, require: [in_a_row(points >= 50) >= 3]}]"
    assert levels(series(text, 50, 50, 49, 50, 50, 50, None, 50)) == ["Low", "Low", "Low", "Low", "Low", "High", None, "Low"]


def test_a_window_ends_the_row_and_limits_the_count():
    text = (
        "windows: {quarter_year: last 3 months}\nlevels:\n  - {name: Low, require: []}\n"
        "  - {name: High, require: ['in_a_row(points >= 50, quarter_year) >= 3']}\n"
        "  - {name: Top, require: ['in_a_row(points >= 50, quarter_year) >= 4']}"
    )
    assert levels(series(text, 50, 50, 50, 50, 50))[-1] == "High"
    text = text.replace("in_a_row", "count_true")
    assert levels(series(text, 50, 50, 10, 50)) == ["Low", "Low", "Low", "Low"]
    assert levels(series(text, 10, 50, 50, 50))[-1] == "High"


def test_a_kpi_reads_what_it_was_and_no_result_before_is_blank_with_a_reason():
    text = "kpis:\n  sold: {formula: orders, unit: number}\n  more: {formula: sold - previous(sold), unit: number}\n"
    cards = series(text, 3, 5, name="sold")
    assert cards[1].kpis["more"].values == [2 * ONE]
    assert cards[0].kpis["more"].values == [Blank("no earlier result")]


def test_a_gate_inside_the_card_reads_the_same_part_earlier():
    text = """kpis:
  sold: {formula: orders, unit: number}
  lost: {formula: orders, unit: number}
scorecard:
  combine: sum
  of:
    one: {kpi: sold, points: value, cap: 9, require: [{rule: points >= previous(points), else: zero, blank: holds, reason: fell}]}
    two: {kpi: lost, points: value, cap: 9}
"""
    framework = framework_of(text)
    steps = [
        Step(Points([("P",)], [day]), kpis={"sold": [sold], "lost": [2]})
        for day, sold in [(date(2024, 1, 31), 5), (date(2024, 2, 29), 4), (date(2024, 3, 31), 4)]
    ]
    assert [card.totals[0] for card in over_series(framework, steps)] == [7 * ONE, 2 * ONE, 6 * ONE]


@pytest.mark.parametrize(("months", "policy", "value"), [(1, "carry", 7), (2, "carry", 7), (3, "skip", None)])
def test_a_value_is_carried_so_many_periods_and_no_further(months, policy, value):
    """What was carried is not carried again: the age counts from the last period that had data."""
    text = "kpis: {sold: {formula: orders, unit: number, no_data: {carry: 2}}}"
    card = series(text, 7, *[None] * months, name="sold")[-1]
    assert card.kpis["sold"].no_data[0].policy == policy
    assert card.totals == [None if value is None else value * ONE]


# held ---------------------------------------------------------------------------------------------------------------

FOR = "levels: [{name: Low, require: []}, {name: High, require: [points >= 50], held: {for: 6 months}}]"
ONCE = "levels: [{name: Low, require: []}, {name: High, require: [points >= 50], held: {once_in: last 6 months}}]"


@pytest.mark.parametrize(
    ("totals", "level"),
    [
        ([50] * 7, "High"),  # 31 January to 31 July, both included
        ([50] * 6, "Low"),  # known only since five months
        ([49, *[50] * 6], "Low"),  # it did not hold on the first day
        ([49, *[50] * 7], "High"),
        ([*[50] * 6, 49], "Low"),
        ([50, 50, 49, 50, 50, 50, 50, 50], "Low"),
        ([50, 50, None, 50, 50, 50, 50, 50], "Low"),
    ],
)
def test_what_is_held_for_six_months_holds_at_every_evaluation_of_them(totals, level):
    assert levels(series(FOR, *totals))[-1] == level


def test_a_period_in_which_nobody_was_scored_breaks_what_is_held():
    framework = framework_of(FOR)
    cards = series(FOR, *[50] * 7)
    moments = [moment_of(card, {}) for card in cards[:-1]]
    points = cards[-1].points
    values = {"sold": cards[-1].kpis["sold"]}

    def level(past):
        return scorecards.compute(framework, points, values, {}, given={"total": [50]}, past=past).levels.levels[0]

    assert level(Past(framework, tuple(moments))) == "High"
    moments[3] = Moment(moments[3].as_of)
    assert level(Past(framework, tuple(moments))) == "Low"


@pytest.mark.parametrize(
    ("first", "level"), [("2024-02-29", "Low"), ("2024-03-01", "High"), ("2024-08-30", "High")]
)  # the window of 31 August: 1 March to 31 August
def test_true_on_one_day_of_six_months_is_enough(first, level):
    cards = series(ONCE, (date.fromisoformat(first), 50), (date(2024, 8, 31), 10))
    assert levels(cards)[-1] == level


def test_single_days_between_evaluations_are_read_where_they_are_known():
    framework = framework_of(ONCE)
    days = [date(2024, 2, 29), date(2024, 5, 17)]
    points = Points([("P",), ("Q",)], days)
    computed = kpis.compute(framework, points, {}, given={"sold": [50, 50]})
    on_days = moment_of(scorecards.compute(framework, points, computed, {}), {})
    present = Points([("P",), ("Q",), ("R",)], [date(2024, 8, 31)] * 3)
    values = kpis.compute(framework, present, {}, given={"sold": [1, 1, 50]})
    cards = scorecards.compute(framework, present, values, {}, past=Past(framework, days=on_days))
    assert cards.levels.levels == ["Low", "High", "High"]


def test_any_day_reads_days_and_evaluations_inside_its_window():
    text = "windows: {half: last 6 months}\nlevels: [{name: Low, require: []}, {name: High, require: ['any_day(points >= 50, half)']}]"
    assert levels(series(text, (date(2024, 2, 29), 50), (date(2024, 8, 30), 10), (date(2024, 8, 31), 10))) == ["High", "Low", "Low"]
    assert levels(series(text, (date(2024, 3, 1), 50), (date(2024, 8, 31), 10))) == ["High", "High"]
