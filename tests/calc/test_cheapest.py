"""The cheapest way up: what is told is enough on the real card, and with one step less of any move it is not."""

from __future__ import annotations

from fractions import Fraction
from itertools import product

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from steelyard.calc.next_level import next_level
from steelyard.calc.situation import Situation
from tests.calc.test_next_level import PLACES, TEXT, step_of
from tests.thoroughness import examples

COUNTED = """
measures:
  sales: {fact: orders, count: lines}
  calls: {fact: activities, count: lines}
  papers: {fact: certificates, count: lines, valid_on: period end}
kpis:
  selling: {formula: sales, unit: count, better: higher, range: [0, 10], no_data: zero}
  calling: {formula: calls, unit: count, better: higher, range: [0, CALLS], no_data: zero}
  trained: {formula: papers, unit: count, better: higher, range: [0, PAPERS], no_data: zero}
"""
SMALL = (
    COUNTED.replace("CALLS", "8").replace("PAPERS", "6")
    + """\
scorecard:
  combine: mean
  of:
    sold: {kpi: selling, weight: 3, points: {line: [[0, 0], [10, 100]]}}
    called: {kpi: calling, weight: 2, points: {line: [[0, 0], [8, 100]]}}
    taught: {kpi: trained, weight: 1, points: {bands: [{below: 2, points: 0}, {from: 2, to: 4, points: 50}, {above: 4, points: 100}]}}
levels:
  - {name: C, require: []}
  - {name: B, require: [points >= 50]}
  - {name: A, require: [points >= 80, trained >= 3]}
"""
)
DIRECT = """
measures: {sales: {fact: orders, count: lines}, papers: {fact: certificates, count: lines, valid_on: period end}}
kpis:
  users: {formula: sales, unit: count, better: higher, range: [0, 1000], no_data: zero}
  certified: {formula: papers, unit: count, better: higher, range: [0, 20], no_data: zero}
  kept: {formula: sales / 400, unit: percent, better: higher, range: [0%, 100%], no_data: skip}
levels:
  - {name: Learning, require: []}
  - {name: Ready, require: [users >= 10, certified >= 1]}
  - {name: Silver, require: [users >= 75, certified >= 3]}
  - {name: Gold, require: [certified >= 6, any: [[users >= 300], [users >= 200, kept >= 80%]]]}
"""
TRACKS = (
    COUNTED.replace("CALLS", "10").replace("PAPERS", "10")
    + """\
scorecard:
  combine: best
  of:
    large:
      combine: sum
      cap: 100
      of:
        sold: {kpi: selling, points: {line: [[0, 0], [10, 40]]}}
        met: {kpi: calling, points: {line: [[0, 0], [10, 20]]}}
    small:
      combine: sum
      cap: 100
      of:
        reached: {kpi: calling, points: {line: [[0, 0], [10, 50]]}}
        taught: {kpi: trained, points: {line: [[0, 0], [10, 50]]}}
levels: [{name: none, require: []}, {name: Partner, require: [points >= 70]}]
"""
)


@pytest.fixture(scope="session")
def situation(score):
    """A subject's card as it was scored."""

    def at(text, **measures):
        scored = score(text, {name: [value] for name, value in measures.items()})
        return Situation.of(scored.framework, scored.cards.items_frame(), {}, {})

    return at


def checked(situation):
    """What was told, tried out on the real card."""
    said = next_level(situation)
    if said is None or said.together is None:
        return said
    wanted = [level.name for level in situation.framework.levels].index(said.level)
    moves = {move.kpi: move.value for move in said.together.moves}
    before, after = situation.trials([{}, moves])
    assert after.place >= wanted > before.place
    assert said.together.gain == (after.total or 0) - (before.total or 0)
    for move in said.together.moves:
        rest = {name: value for name, value in moves.items() if name != move.kpi}
        assert situation.trials([rest])[0].place < wanted, f"{move.kpi} need not move"
        if isinstance(move.now, int):
            back = step_of(situation.framework, move.kpi) * (1 if move.now > move.value else -1)
            assert situation.trials([{**rest, move.kpi: move.value + back}])[0].place < wanted, f"{move.kpi}: a step less is enough too"
    assert next_level(situation) == said
    return said


@settings(max_examples=examples(30), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    sales=st.integers(0, 300),
    goal=st.one_of(st.none(), st.integers(1, 200)),
    calls=st.one_of(st.none(), st.integers(0, 60)),
    claims=st.integers(0, 30),
    papers=st.integers(0, 3),
)
def test_what_is_told_is_enough_and_a_step_less_of_any_move_is_not(situation, sales, goal, calls, claims, papers):
    said = checked(situation(TEXT, sales=sales, goal=goal, calls=calls, claims=claims, papers=papers))
    if said is not None and any(way.enough for way in said.ways):
        assert said.together is not None
    assert said is None or PLACES[said.level]


@pytest.mark.parametrize(("sales", "calls", "papers"), [(0, 0, 0), (3, 1, 0), (7, 2, 1), (9, 4, 2), (5, 8, 0), (10, 0, 5)])
def test_of_lines_and_bands_nothing_on_the_whole_grid_is_cheaper_by_a_tenth(situation, sales, calls, papers):
    at = situation(SMALL, sales=sales, calls=calls, papers=papers)
    said = checked(at)
    wanted = [level.name for level in at.framework.levels].index(said.level)
    grid = [{"selling": a, "calling": b, "trained": c} for a, b, c in product(range(sales, 11), range(calls, 9), range(papers, 7))]
    spans = {"selling": Fraction(10), "calling": Fraction(8), "trained": Fraction(4 - 2)}
    stands = {"selling": sales, "calling": calls, "trained": papers}
    efforts = [
        sum(Fraction(values[name] - stands[name]) / spans[name] for name in spans)
        for values, trial in zip(grid, at.trials(grid), strict=True)
        if trial.place >= wanted
    ]
    assert (
        min(efforts) <= said.together.effort <= min(efforts) * Fraction(11, 10)
    )  # whole steps: what is left of one may suit another better


def test_levels_that_read_kpis_directly_are_reached_by_the_nearer_way_in(situation):
    at = situation(DIRECT, sales=190, papers=4)
    said = checked(at)
    assert (said.level, {move.kpi: move.value for move in said.together.moves}) == ("Gold", {"users": 300, "certified": 6})
    nearly = situation(DIRECT.replace("sales / 400", "sales / 230"), sales=190, papers=4)
    assert {move.kpi: move.value for move in checked(nearly).together.moves} == {"users": 200, "certified": 6}


def test_a_track_that_is_not_yet_the_best_is_seen(situation):
    said = checked(situation(TRACKS, sales=10, calls=0, papers=0))
    assert {move.kpi for move in said.together.moves} == {"calling", "trained"}


def test_nothing_is_said_where_nothing_was_found(situation):
    said = checked(situation(SMALL.replace("trained >= 3", "trained >= 7"), sales=9, calls=8, papers=5))
    assert said.level == "A"
    assert said.together is None
