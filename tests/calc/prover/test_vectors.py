"""Vectors are strong when a change of any number fails one of them."""

from steelyard.calc.prover.findings import Findings
from steelyard.calc.prover.strength import check_vectors
from steelyard.calc.vectors import read_vectors, run_text
from tests.calc.conftest import framework_of
from tests.calc.prover.conftest import MEASURES

CARD = """
kpis:
  delivery: {formula: a / c, unit: percent, better: higher, range: [0%, 100%], round: 2, no_data: zero}
scorecard: {combine: sum, of: {on_time: {kpi: delivery, points: {bands: [{below: 93%, points: 0}, {from: 93%, points: 20}]}}}}
levels: [{name: C, require: []}, {name: A, require: [points >= 20]}]
"""
STRONG = """vectors:
  - {name: below, given: {kpis: {delivery: 92%}}, expect: {points: 0, level: C}}
  - {name: on it, given: {kpis: {delivery: 93%}}, expect: {points: 20, level: A}}
  - {name: nearly, given: {points: {total: 19}}, expect: {level: C}}
"""
WEAK = """vectors:
  - {name: low, given: {kpis: {delivery: 20%}}, expect: {points: 0, level: C}}
  - {name: high, given: {kpis: {delivery: 99%}}, expect: {points: 20, level: A}}
  - {name: nearly, given: {points: {total: 19}}, expect: {level: C}}
"""


def checked(text, vectors):
    framework = framework_of(MEASURES + text)
    findings = Findings()
    read, problems = read_vectors(vectors, framework)
    assert not problems
    return check_vectors(framework, read, findings), findings.found


def test_vectors_on_both_sides_of_every_edge_leave_nothing_unnoticed():
    strength, findings = checked(CARD, STRONG)
    assert strength.tried > 5 and findings == []


def test_an_edge_that_no_vector_touches_is_found_with_vectors_that_do():
    _, (finding,) = checked(CARD, WEAK)
    assert finding.code == "unvectored" and finding.where.startswith("scorecard.of.on_time")
    assert "the edge 93 % → 94 %" in finding.found and "the edge 93 % → 92 %" in finding.found
    assert "93 % itself in the band below" in finding.found


def test_the_vectors_proposed_hold_and_make_the_finding_go():
    _, (finding,) = checked(CARD, WEAK)
    added = WEAK + "".join(f"  {line}\n" for line in finding.witness.splitlines())
    assert all(outcome.passed for outcome in run_text(framework_of(MEASURES + CARD), added))
    assert checked(CARD, added)[1] == []


def test_a_threshold_of_a_level_that_is_never_touched_is_found():
    _, findings = checked(CARD, WEAK.rpartition("  - {name: nearly")[0])
    assert {finding.where.partition(" ")[0] for finding in findings} == {"scorecard.of.on_time", "levels.A"}


def test_a_vector_that_fails_notices_nothing():
    _, findings = checked(CARD, STRONG.replace("points: 20, level: A", "points: 25, level: A"))
    assert "the edge 93 % → 94 %" in findings[0].found
