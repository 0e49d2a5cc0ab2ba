"""Standings, triggers and roll-ups over several dates, at both sides of every boundary."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

import pytest

from steelyard.calc import kpis, scorecards
from steelyard.calc.framework.model import Turns
from steelyard.calc.over_time import Holding
from steelyard.calc.over_time.triggers import fires
from steelyard.calc.over_time.turns import is_turn
from steelyard.calc.periods import FiscalCalendar
from steelyard.calc.points import Points
from steelyard.calc.units import Blank

from .months import framework_of, series

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
