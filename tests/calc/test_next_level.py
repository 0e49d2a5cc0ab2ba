"""What is missing for the next level: the value stated reaches it, one step less does not."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from steelyard.calc.next_level import next_level
from steelyard.calc.situation import Situation, stored_value
from steelyard.calc.units import DECIMALS
from tests.thoroughness import examples

TEXT = """
measures:
  sales: {fact: orders, sum: amount}
  goal: {fact: targets, sum: amount}
  calls: {fact: activities, count: lines}
  claims: {fact: complaints, count: lines}
  papers: {fact: certificates, count: lines, valid_on: period end}
kpis:
  attainment: {formula: sales / goal, unit: percent, better: higher, no_data: skip, round: 4, range: [0%, 400%]}
  calling: {formula: calls, unit: count, better: higher, range: [0, 1000], no_data: zero}
  quiet: {formula: claims * 1, unit: number, better: lower, range: [0, 1000], no_data: zero}
  stock: {formula: calls * 3, unit: days, better: {between: [30, 60]}, no_data: skip, round: 1}
  papers_valid: {formula: papers, unit: count, better: higher, range: [0, 5], no_data: zero}
scorecard:
  combine: mean
  round: 2
  require:
    - {rule: papers_valid >= 1, else: {at_most: B}, reason: no valid paper}
    - {rule: quiet <= 20, else: {cap: 60}, reason: too many complaints}
  of:
    commercial:
      combine: mean
      weight: 60
      of:
        reached: {kpi: attainment, weight: 2, points: {line: [[50%, 0], [100%, 80], [120%, 100]]}}
        called: {kpi: calling, weight: 1, points: {per: {points: 20, each: 2, whole: true}}, cap: 100}
    service:
      combine: mean
      weight: 40
      of:
        claims_few:
          kpi: quiet
          weight: 2
          points: {bands: [{below: 3, points: 100}, {from: 3, to: 10, points: 40}, {above: 10, points: 0}]}
        days: {kpi: stock, weight: 1, points: {line: [[10, 0], [30, 100], [60, 100], [150, 0]]}}
        paper: {kpi: papers_valid, weight: 1, points: {bands: [{below: 1, points: 0}, {from: 1, points: 100}]}}
levels:
  - {name: C, require: []}
  - {name: B, require: [points >= 60]}
  - {name: A, require: [points >= 85]}
"""
PLACES = {"C": 0, "B": 1, "A": 2}


@pytest.fixture(scope="session")
def situation(score):
    """One partner's card as it was scored."""

    def at(sales=50, goal=100, calls=4, claims=0, papers=1, text=TEXT):
        measures = {"sales": [sales], "goal": [goal], "calls": [calls], "claims": [claims], "papers": [papers]}
        scored = score(text, measures)
        return Situation.of(scored.framework, scored.cards.items_frame(), {}, {})

    return at


def step_of(framework, kpi):
    places = DECIMALS[framework.kpis[kpi].unit]
    digits = framework.kpis[kpi].round
    return 1 if digits is None else 10 ** max(0, places - digits)


def checked(situation):
    """Every statement, tried out; returns what was said."""
    said = next_level(situation)
    if said is None:
        return None
    wanted = PLACES[said.level]
    (total, place), *_ = situation.outcomes([None])
    assert place == wanted - 1
    for way in said.ways:
        (reached, at), *_ = situation.outcomes([(way.kpi, way.value)])
        assert (at >= wanted) == way.enough
        assert reached - total == way.gain
        if way.enough and way.now is not None:
            back = step_of(situation.framework, way.kpi) * (1 if way.now > way.value else -1)
            (_, before), *_ = situation.outcomes([(way.kpi, way.value + back)])
            assert before < wanted, f"{way.kpi}: a step less is enough too"
    if said.missing:
        (exact, less) = situation.outcomes([], totals=[total + said.missing, total + said.missing - 10_000])
        assert exact[1] >= wanted > less[1]
    return said


@settings(max_examples=examples(50), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    sales=st.integers(0, 300),
    goal=st.one_of(st.none(), st.integers(1, 200)),
    calls=st.one_of(st.none(), st.integers(0, 60)),
    claims=st.integers(0, 30),
    papers=st.integers(0, 3),
)
def test_the_value_stated_reaches_the_level_and_one_step_less_does_not(situation, sales, goal, calls, claims, papers):
    checked(situation(sales, goal, calls, claims, papers))


def test_points_missing_and_the_value_that_brings_them(situation):
    said = checked(situation(sales=70, calls=10))
    by_kpi = {way.kpi: way for way in said.ways}
    # reached 32 x 2/3 + called 100 x 1/3 = 54.67 x 0.6; service 100 x 3/4 + 100 x 1/4 = 100 x 0.4
    assert (said.level, said.missing) == ("A", 12_200_000)
    # a point of the total is 2.5 of the line, which gains 1.6 a percent: 12.195, which rounds to 12.20, takes 19.0547 %
    assert by_kpi["attainment"].value == Fraction(8906, 10_000) * 10**9
    assert by_kpi["attainment"].enough


def test_a_gate_that_holds_the_level_down_is_said_and_only_its_kpi_is_enough(situation):
    said = checked(situation(sales=200, calls=10, papers=0))
    assert (said.level, said.missing, said.held_back) == ("A", None, ("no valid paper",))
    assert [(way.kpi, way.value) for way in said.ways if way.enough] == [("papers_valid", 1)]


def test_a_kpi_that_cannot_reach_says_how_much_it_brings_at_most(situation):
    said = checked(situation(sales=0, calls=0, claims=30, papers=0))
    by_kpi = {way.kpi: way for way in said.ways}
    assert not by_kpi["stock"].enough
    assert by_kpi["calling"].value == 10  # ten calls are worth the cap of 100 points, more are worth no more
    assert by_kpi["calling"].gain == 20_000_000


def test_at_the_top_nothing_is_missing(situation):
    assert next_level(situation(sales=200, calls=10)) is None


def test_without_a_total_nothing_is_said(situation):
    text = TEXT.replace("  round: 2\n", "  round: 2\n  needs_data: 95%\n", 1).replace(
        "[0, 1000], no_data: zero}\n  quiet", "[0, 1000], no_data: skip}\n  quiet"
    )
    assert next_level(situation(goal=None, calls=None, text=text)) is None


def test_a_kpi_that_moves_another_is_left_out(situation):
    text = TEXT.replace("formula: calls * 3", "formula: calling * 3")
    said = next_level(situation(text=text))
    assert "calling" not in {way.kpi for way in said.ways}


def test_values_are_read_as_they_are_stored(situation):
    rows = {row["kpi"]: stored_value(row) for row in situation().rows if row["kpi"]}
    assert rows["attainment"] == 500_000_000
