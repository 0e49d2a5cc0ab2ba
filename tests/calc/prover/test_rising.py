"""Doing better never lowers a score, unless the prover said so: over generated frameworks and values."""

from fractions import Fraction
from itertools import product

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from steelyard.calc.framework.read import read
from steelyard.calc.prover import prove
from steelyard.calc.prover.card import Card
from tests.calc.conftest import HEAD
from tests.calc.prover.conftest import MEASURES
from tests.thoroughness import examples

KPIS = """
kpis:
  one: {formula: a, unit: count, better: higher, no_data: zero}
  two: {formula: a / c, unit: percent, better: higher, range: [0%, 100%], no_data: zero}
  three: {formula: c, unit: count, better: lower, no_data: zero}
"""
NAMES = ("one", "two", "three")
ENDS = {"one": ("0", "20", "60"), "two": ("0%", "40%", "90%"), "three": ("0", "20", "60")}


@st.composite
def rules(draw, name):
    """A points rule, most of them in the direction of `better`."""
    points = [*sorted(draw(st.lists(st.integers(0, 100), min_size=2, max_size=2))), 100]
    if (name == "three") is not draw(st.integers(0, 9).map(lambda n: n == 0)):
        points.reverse()
    low, middle, high = ENDS[name]
    if draw(st.booleans()):
        return f"{{line: [[{low}, {points[0]}], [{middle}, {points[1]}], [{high}, {points[2]}]]}}"
    bands = f"{{below: {middle}, points: {points[0]}}}, {{from: {middle}, points: {points[1]}}}, {{from: {high}, points: {points[2]}}}"
    return f"{{bands: [{bands}]}}"


@st.composite
def gates(draw):
    """A gate in either direction, on any KPI."""
    if draw(st.integers(0, 2)):
        return ""
    name = draw(st.sampled_from(NAMES))
    operator = draw(st.sampled_from([">=", "<", ">", "<="]))
    otherwise = draw(st.sampled_from(["zero", "skip", "{cap: 30}", "{at_most: B}", "fail"]))
    return f", require: [{{rule: {name} {operator} {ENDS[name][1]}, else: {otherwise}}}]"


@st.composite
def cards(draw):
    """A card of three leaves in two parts, with gates here and there, and three levels."""
    leaves = [f"{name}_item: {{kpi: {name}, points: {draw(rules(name))}{draw(gates())}}}" for name in NAMES]
    combine = draw(st.sampled_from(["mean", "best", "worst"]))
    part = f"part: {{combine: {combine}, of: {{{leaves[1]}, {leaves[2]}}}{draw(gates())}}}"
    level = draw(st.sampled_from(["points >= 70", "two >= 90%, points >= 50", "three <= 20", "one < 60"]))
    levels = f"[{{name: C, require: []}}, {{name: B, require: [points >= 40]}}, {{name: A, require: [points >= 40, '{level}']}}]"
    if "', " in level or ", " in level:
        levels = levels.replace(f"'{level}'", level)
    return f"{KPIS}scorecard: {{combine: mean, of: {{{leaves[0]}, {part}}}{draw(gates())}}}\nlevels: {levels}\n"


VALUES = {
    "one": (0, 10, 19, 20, 30, 59, 60, 70),
    "two": tuple(Fraction(percent, 100) for percent in (0, 20, 39, 40, 60, 89, 90, 100)),
    "three": (70, 61, 60, 30, 21, 20, 10, 0),
}  # fmt: skip - from worse to better


def falls(framework):
    """Every step of one KPI to the next better value that lowers the total or the level, whatever the others are."""
    card = Card.of(framework)
    every = [dict(zip(NAMES, values, strict=True)) for values in product(*VALUES.values())]
    outcomes = dict(zip((tuple(values.values()) for values in every), card.outcomes(every), strict=True))
    for values in every:
        for place, name in enumerate(NAMES):
            number = VALUES[name].index(values[name])
            if number + 1 < len(VALUES[name]):
                key = tuple(values.values())
                better = (*key[:place], VALUES[name][number + 1], *key[place + 1 :])
                before, after = outcomes[key], outcomes[better]
                if before.total is not None and ((after.total or 0) < before.total or after.place < before.place):
                    yield name


@settings(max_examples=examples(40), deadline=None)
@given(cards())
def test_doing_better_never_lowers_a_score_unless_the_prover_said_so(text):
    framework, _ = read(HEAD + MEASURES + text)
    assume(framework is not None and framework.scorecard is not None)
    fallen = set(falls(framework))
    if not fallen:
        return
    said = [finding for finding in prove(framework) if finding.code in ("points-against-better", "better-scores-less")]
    named = {name for name in NAMES for finding in said if f"`{name}`" in finding.message}
    assert fallen <= named, (fallen, named, text)
