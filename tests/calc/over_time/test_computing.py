"""Histories, what is held, standings, triggers and roll-ups over several dates, at both sides of every boundary."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from functools import lru_cache

import pytest

from steelyard.calc import kpis, scorecards
from steelyard.calc.framework.model import Turns
from steelyard.calc.framework.read import read
from steelyard.calc.over_time import Holding, Moment, Past
from steelyard.calc.over_time.history import smoothed, weighted
from steelyard.calc.over_time.moments import moment_of
from steelyard.calc.over_time.series import Step, over_series
from steelyard.calc.over_time.triggers import fires
from steelyard.calc.over_time.turns import is_turn
from steelyard.calc.periods import FiscalCalendar
from steelyard.calc.points import Points
from steelyard.calc.units import Blank

HEAD = """framework: timed
subject: partner
grain: month
measures: {orders: {fact: orders, count: lines}}
kpis: {sold: {formula: orders, unit: number, no_data: skip}}
scorecard: {kpi: sold, points: value, cap: 1000}
"""
ONE = 10**6


@lru_cache
def framework_of(text: str):
    head = "".join(line + "\n" for line in HEAD.splitlines() if f"\n{line.split(':')[0]}:" not in f"\n{text}")
    framework, problems = read(head + text)
    assert framework is not None, "\n".join(map(str, problems))
    return framework


def month_end(text: str) -> date:
    return FiscalCalendar("standard").period(text).as_of


def series(text: str, *values, name: str = "total", start: str = "2024-01", **more):
    """The cards of one partner over months in a row (or over the days given as (day, value))."""
    framework = framework_of(text)
    calendar = FiscalCalendar("standard")
    first = calendar.period(start)
    steps = []
    for number, value in enumerate(values):
        day, value = value if isinstance(value, tuple) else (calendar.shift(first, number).as_of, value)
        given = {name: [Blank("given as blank") if value is None else value]}
        is_kpi = name in framework.kpis
        steps.append(Step(Points([("P",)], [day]), kpis=given if is_kpi else None, nodes=None if is_kpi else given))
    return over_series(framework, steps, **more)


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


# standing -----------------------------------------------------------------------------------------------------------

BANDS = "levels: [{name: C, require: [points >= 0]}, {name: B, require: [points >= 50]}, {name: A, require: [points >= 80]}]\n"
CORNERS = BANDS + "standing: {start: C, promote: monthly, demote: quarterly, hold: 5 months, steps: 1}"


def standings(cards) -> list[str | None]:
    return [one.holdings[0].level for one in cards]


def test_a_level_falls_one_step_at_a_time_at_a_quarter_end_and_not_before_the_hold_is_over():
    days = ["2024-01-31", "2024-03-31", "2024-06-30", "2024-07-31", "2024-09-30"]
    totals = [90, 10, 10, 10, 10]
    cards = series(CORNERS, *[(date.fromisoformat(day), total) for day, total in zip(days, totals, strict=True)], was="C")
    assert standings(cards) == ["A", "A", "B", "B", "C"]
    assert cards[0].holdings == [Holding("A", date(2024, 1, 31), date(2024, 1, 31))]
    assert cards[2].holdings == [Holding("B", date(2024, 6, 30), date(2024, 1, 31))]


def test_without_a_total_the_standing_stays():
    cards = series(CORNERS, (date(2024, 3, 31), None), was="B")
    assert standings(cards) == ["B"] and cards[0].levels.levels == [None]


def test_below_the_lowest_level_nothing_is_held():
    assert standings(series(CORNERS, (date(2024, 3, 31), -1), was="C")) == [None]


SAP = """levels: [{name: Associate, require: []}, {name: Silver, require: [points >= 350]}, {name: Gold, require: [points >= 500]}]
standing: {start: Associate, evaluate: monthly, promote: monthly, demote: [January, July], takes_effect: first day of next month}"""


def test_silver_at_340_on_1_march_stays_silver_until_july():
    days = [(date(2010, 3, 1), 340), (date(2010, 6, 30), 340), (date(2010, 7, 31), 340)]
    cards = series(SAP, *days, was="Silver")
    assert standings(cards) == ["Silver", "Silver", "Associate"]
    assert cards[-1].holdings[0].since == date(2010, 8, 1)


def test_a_level_rises_as_far_as_it_is_earned_and_the_next_month_begins_it():
    cards = series(SAP, 349, 350, 690, 480, start="2010-02")
    assert standings(cards) == ["Associate", "Silver", "Gold", "Gold"]
    assert [one.holdings[0].since for one in cards] == [None, date(2010, 4, 1), date(2010, 5, 1), date(2010, 5, 1)]


@pytest.mark.parametrize(("months", "level"), [(12, "Gold"), (13, "Associate")])
def test_a_hold_of_thirteen_months_ends_with_the_thirteenth(months, level):
    text = SAP.replace("demote: [January, July], takes_effect: first day of next month", "demote: monthly, hold: 13 months")
    assert standings(series(text, 690, *[0] * months))[-1] == level


def test_evaluated_quarterly_nothing_moves_between():
    text = BANDS + "standing: {start: C, evaluate: quarterly}"
    assert standings(series(text, 90, 90, 90, 10, 10, 10)) == ["C", "C", "A", "A", "A", "C"]


def test_a_review_cycle_lets_a_level_fall_on_its_days_only():
    text = BANDS + "standing: {start: C, promote: daily, demote: annual review}"
    cycles = {"annual review": [date(2024, 3, 15)]}
    assert standings(series(text, 90, 10, 10, 10, cycles=cycles)) == ["A", "A", "C", "C"]
    assert standings(series(text, 90, 10, 10, 10)) == ["A", "A", "A", "A"]


TURNS = [
    (Turns("daily"), "2024-02-10", "2024-02-10", True),
    (Turns("monthly"), "2024-02-01", "2024-02-29", True),
    (Turns("monthly"), "2024-02-28", "2024-02-28", False),
    (Turns("monthly"), "2024-02-29", "2024-02-29", True),
    (Turns("quarterly"), "2024-02-01", "2024-02-29", False),
    (Turns("quarterly"), "2024-03-01", "2024-03-31", True),
    (Turns("months", (7,)), "2024-07-01", "2024-07-31", True),
    (Turns("months", (7,)), "2024-06-01", "2024-06-30", False),
    (Turns("months", (1, 7)), "2024-07-01", "2024-09-30", True),  # the quarter in which July ends
    (Turns("months", (6,)), "2024-07-01", "2024-09-30", False),
    (Turns("months", (7,)), "2024-07-29", "2024-08-04", True),  # the week that holds 31 July
    (Turns("months", (7,)), "2024-07-22", "2024-07-28", False),
    (Turns("cycle", name="review"), "2024-05-01", "2024-05-31", True),
    (Turns("cycle", name="other"), "2024-05-01", "2024-05-31", False),
]


@pytest.mark.parametrize(("turns", "first", "last", "expected"), TURNS)
def test_a_turn_lies_in_the_days_that_an_evaluation_closes(turns, first, last, expected):
    days = date.fromisoformat(first), date.fromisoformat(last)
    assert is_turn(turns, days, FiscalCalendar("standard"), {"review": [date(2024, 5, 31)]}) is expected


# triggers -----------------------------------------------------------------------------------------------------------

OTD = """kpis: {otd: {formula: orders, unit: number, round: 0}}
scorecard: {kpi: otd, points: value, cap: 100}
triggers:
  - {name: recover, when: 'in_a_row(otd >= 93 and otd <= 94) >= 3', do: plan to recover, within: 30 days}
  - {name: act,     when: 'in_a_row(otd >= 90 and otd <= 92) >= 2', do: action plan, within: 30 days}
  - {name: probation, when: otd < 90, do: workout plan, within: 15 days}
"""


@pytest.mark.parametrize(
    ("months", "expected"),
    [
        ([94, 93, Fraction("93.6")], ["recover"]),
        ([93, 94], []),
        ([94, 95, 94], []),
        ([92, 90], ["act"]),
        ([95, 92], []),
        ([89], ["probation"]),
        ([90], []),
        ([94, 93, 93, 93], []),  # it was true before: once is enough
        ([94, 93, 93, 95, 93, 93, 93], ["recover"]),
        ([89, 89], []),
        ([89, None, 89], []),  # nobody knows that it was false
        ([89, 90, 89], ["probation"]),
    ],
)
def test_a_trigger_fires_when_it_becomes_true_and_again_only_after_it_was_false(months, expected):
    fired = series(OTD, *months, name="otd")[-1].fired
    assert [name for name, fires in fired.items() if fires[0]] == expected


def test_a_trigger_alters_no_score():
    without = series(OTD[: OTD.index("triggers")], 89, name="otd")[-1]
    with_it = series(OTD, 89, name="otd")[-1]
    assert with_it.items_frame().drop("notes").equals(without.items_frame().drop("notes"))
    assert with_it.totals == without.totals and with_it.levels.levels == without.levels.levels


def test_a_rule_fires_only_out_of_false():
    blank = Blank("no data")
    assert fires(True, []) and fires(True, [False]) and fires(True, [blank, False])
    assert not fires(True, [True]) and not fires(True, [blank, True]) and not fires(blank, [False]) and not fires(False, [])


# roll-ups -----------------------------------------------------------------------------------------------------------

WORLD = """subject: partner x territory
levels:
  - {name: Base, require: []}
  - {name: Gold, require: [points >= 50]}
  - {name: Platinum, require: [points >= 80]}
rollup:
  to: partner
  level: highest
  levels:
    - name: Global
      require: ['parts(region == "key" and level >= "Platinum") >= 2', 'parts(level >= "Gold") >= 4']
"""


def rolled(text: str, parts, *, standing: str = ""):
    framework = framework_of(text + standing)
    points = Points(
        [("P", f"T{number}") for number in range(len(parts))],
        [date(2024, 3, 31)] * len(parts),
        {"region": [region for region, _ in parts]},
    )
    given = [Blank("none") if total is None else total for _, total in parts]
    values = kpis.compute(framework, points, {}, given={"sold": given})
    return scorecards.compute(framework, points, values, {}).rolled_up()


@pytest.mark.parametrize(
    ("parts", "level"),
    [
        ([("key", 80), ("key", 80), ("other", 50), ("other", 50)], "Global"),  # Platinum in two key regions, Gold in two others
        ([("key", 80), ("key", 79), ("other", 50), ("other", 50)], "Platinum"),
        ([("key", 80), ("other", 80), ("other", 50), ("other", 50)], "Platinum"),
        ([("key", 80), ("key", 80), ("other", 50), ("other", 49)], "Platinum"),
        ([("key", 49), ("key", 10)], "Base"),
        ([("key", None), ("key", None)], None),
    ],
)
def test_parts_make_a_level_together(parts, level):
    (found,) = rolled(WORLD, parts)
    assert (found.subject, found.level) == ("P", level)


def test_the_lowest_of_the_parts_and_what_has_no_level_is_below_all():
    text = WORLD[: WORLD.index("rollup")] + "rollup: {to: partner, level: lowest}"
    assert rolled(text, [("key", 80), ("key", 50)])[0].level == "Gold"
    assert rolled(text, [("key", 80), ("key", None)])[0].level is None


def test_a_roll_up_reads_what_is_held_where_there_are_standings():
    """Earned on 31 March, held only after the end of April."""
    standing = "standing: {start: Base, evaluate: [April]}"
    assert rolled(WORLD, [("key", 80)] * 4, standing=standing)[0].level == "Base"


def test_each_partner_of_many_has_one_result_in_order_of_name():
    framework = framework_of(WORLD)
    points = Points([("Q", "T1"), ("P", "T1"), ("P", "T2")], [date(2024, 3, 31)] * 3, {"region": ["key"] * 3})
    values = kpis.compute(framework, points, {}, given={"sold": [50, 80, 10]})
    found = scorecards.compute(framework, points, values, {}).rolled_up()
    assert [(one.subject, one.level, one.parts) for one in found] == [
        ("P", "Platinum", ((("P", "T1"), "Platinum"), (("P", "T2"), "Base"))),
        ("Q", "Gold", ((("Q", "T1"), "Gold"),)),
    ]
