"""Vectors: what is given replaces what would be computed, what is expected is exact."""

from datetime import date
from fractions import Fraction

import pytest

from steelyard.calc import vectors
from steelyard.calc.errors import Problem, Refused
from steelyard.calc.framework.document import load_plain
from steelyard.calc.points import Reading, ReadingColumn
from steelyard.calc.units import Blank

FRAMEWORK = """
settings: {least: 10}
tables:
  needed: {by: [region], rows: [{region: North, value: 3}], else: 1}
measures:
  users: {fact: orders, count: lines}
  people: {fact: activities, count: lines}
kpis:
  sold: {formula: users * 1, unit: count, better: higher, range: [0, 1000], no_data: skip}
  trained: {formula: people / needed(region), unit: percent, better: higher, round: 4, no_data: skip}
scorecard:
  combine: best
  of:
    wide: {kpi: sold, points: {line: [[0, 0], [5, 20]]}}
    deep: {kpi: trained, points: {line: [[0%, 0], [100%, 100]]}, require: [{rule: sold >= least, reason: too small}]}
levels:
  - {name: Low, require: [points >= 0]}
  - {name: High, require: [points >= 50, passes]}
"""


def outcome(framework, vector, **callbacks):
    """What became of one vector, written as YAML."""
    document, problems = load_plain(f"framework: tested\nvectors:\n  - {vector}\n")
    assert not problems
    (found,) = vectors.run(framework(FRAMEWORK), document.value, **callbacks)
    return found


@pytest.mark.parametrize(
    "vector",
    [
        "{name: a, given: {kpis: {sold: 2.5, trained: 0%}}, expect: {items: {wide: 10}, kpis: {sold: 2.5}}}",  # finer than its grain
        "{name: a, given: {kpis: {sold: 12, trained: 79%}}, expect: {points: 79, chosen: deep, passes: true, level: High}}",
        "{name: a, given: {kpis: {sold: 9, trained: 79%}}, expect: {points: 20, chosen: wide, passes: true, level: Low}}",
        "{name: a, given: {kpis: {sold: 9, trained: 79%}, settings: {least: 9}}, expect: {points: 79}}",
        "{name: a, given: {measures: {users: 20, people: 2}, attributes: {region: North}}, expect: {kpis: {trained: 66.67%}}}",
        "{name: a, given: {measures: {users: 20, people: 2}, attributes: {region: South}}, expect: {kpis: {trained: 200%}, overall: 100}}",
        "{name: a, given: {kpis: {sold: null, trained: null}}, expect: {points: null, level: null, items: {wide: null}}}",
        "{name: a, given: {points: {total: 50}}, expect: {points: 50, level: High}}",
        "{name: a, given: {points: {wide: 33.3, deep: null}, kpis: {sold: 1, trained: 1}}, expect: {points: 33.3, chosen: wide}}",
        "{name: one, and another, given: {points: {total: 1}}, expect: {points: 1}}",
    ],
)
def test_a_vector_that_holds(framework, vector):
    assert outcome(framework, vector).differences == ()
    assert outcome(framework, vector).passed


@pytest.mark.parametrize(
    ("expect", "difference"),
    [
        ("points: 79.000001", "points: expected 79.000001, found 79"),
        ("points: null", "points: expected no value, found 79"),
        ("level: Low", "level: expected Low, found High"),
        ("passes: false", "passes: expected false, found true"),
        ("chosen: wide", "chosen: expected wide, found deep"),
        ("kpis: {trained: 79.01%}", "kpis.trained: expected 0.7901, found 0.79"),
        ("items: {wide: 19}", "items.wide: expected 19, found 20"),
        ("measures: {users: 3}", "measures.users: expected 3, found no value (it was not read)"),
    ],
)
def test_a_vector_that_fails_says_what_was_found(framework, expect, difference):
    found = outcome(framework, f"{{name: a, given: {{kpis: {{sold: 12, trained: 79%}}}}, expect: {{{expect}}}}}")
    assert (found.passed, found.differences) == (False, (difference,))


@pytest.mark.parametrize(
    ("vector", "message"),
    [
        ("{name: a, given: {kpis: {sld: 1}}, expect: {points: 1}}", "`sld` is not a KPI · did you mean `sold`?"),
        ("{name: a, given: {points: {wid: 1}}, expect: {points: 1}}", "`wid` is not a node of the scorecard · did you mean `wide`?"),
        ("{name: a, given: {kpi: {sold: 1}}, expect: {points: 1}}", "`kpi` is not a key of `given` · did you mean `kpis`?"),
        ("{name: a, given: {kpis: {sold: 1}}, expect: {pionts: 1}}", "`pionts` is not a key of `expect` · did you mean `points`?"),
        ("{name: a, given: {kpis: {sold: 1}}}", "the vector expects nothing"),
    ],
)
def test_a_mistake_in_a_vector_fails_it_and_points(framework, vector, message):
    found = outcome(framework, vector)
    assert not found.passed
    assert message in found.differences[0]


def test_what_comes_in_a_later_version_is_skipped_with_its_reason_and_never_passed(framework):
    found = outcome(framework, "{name: a, was: Low, series: [], expect: {standings: [Low]}}")
    assert (found.passed, found.skipped) == (False, "needs standings, which come in a later version")


def test_rows_go_through_the_caller(framework):
    def facts(used, given, as_of, attributes):
        assert (used.code, as_of, attributes["region"]) == ("tested", date(2026, 3, 31), "North")
        return {Reading("users"): ReadingColumn([len(given["orders"])], [2]), Reading("people"): ReadingColumn([0], [0])}

    vector = (
        "{name: a, as_of: 2026-03-31, given: {facts: {orders: [{line: 1}, {line: 2}]}, attributes: {region: North}}, "
        "expect: {measures: {users: 2}, items: {wide: 8}}}"
    )
    assert outcome(framework, vector, facts=facts).passed
    assert outcome(framework, vector).skipped == "starts from rows, and nobody here can read them"


def test_a_changed_framework_must_give_its_problem(framework):
    def changed(used, changes):
        assert changes == {"kpis.sold.round": None}
        return None, [Problem("band-gap", "no band holds 97.5", "scorecard.of.wide")]

    vector = "{name: a, change: {kpis.sold.round: null}, problem: {code: band-gap, where: wide, witness: 97.5}}"
    assert outcome(framework, vector, changed=changed).passed
    other = vector.replace("97.5", "98.5")
    assert "expected the problem" in outcome(framework, other, changed=changed).differences[0]
    assert outcome(framework, vector).skipped


def test_a_changed_framework_may_also_be_computed(framework):
    def changed(used, changes):
        from dataclasses import replace

        return replace(used, settings={"least": 5}), []

    vector = "{name: a, change: {settings.least: 5}, given: {kpis: {sold: 5, trained: 90%}}, expect: {points: 90}}"
    assert outcome(framework, vector, changed=changed).passed


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("79%", Fraction(79, 100)), ("66.6666667%", Fraction(666666667, 10**9)), ("-5 %", Fraction(-5, 100)), ("100%", 1),
        ("Gold", "Gold"), ("50% off", "50% off"), (None, Blank("given as blank")), (0.1, Fraction(1, 10)), (15.6, Fraction(156, 10)),
        (True, True), (date(2026, 1, 1), date(2026, 1, 1)), ("1_000%", 10),
    ],
)  # fmt: skip
def test_values_are_read_exactly(written, value):
    assert vectors.value_of(written) == value
    assert type(vectors.value_of(written)) is type(value)


def test_a_file_without_vectors_is_refused(framework):
    with pytest.raises(Refused, match="a list `vectors`"):
        vectors.run(framework(FRAMEWORK), {"framework": "tested"})
