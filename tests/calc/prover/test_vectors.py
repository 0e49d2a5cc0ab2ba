"""Vectors are strong when a change of any number fails one of them."""

from pathlib import Path

import pytest

from steelyard.calc.framework.read import read
from steelyard.calc.prover.changes import changes_of
from steelyard.calc.prover.findings import Findings
from steelyard.calc.prover.strength import check_vectors
from steelyard.calc.vectors import Rerun, read_vectors, run, run_text
from steelyard.calc.vectors.compute import read_steps
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


ROOT = Path(__file__).parents[3]


@pytest.mark.parametrize(
    ("name", "every"),
    [
        ("docs/worked/tables", 1),  # settings and tables of a vector's own, attributes
        ("docs/worked/standing", 1),  # series, levels given, what was held
        ("docs/worked/peers", 1),  # peers among the KPIs, ratings
        ("docs/worked/rates", 4),  # rows in a list, with a table
        ("docs/worked/rollup", 1),  # parts
        ("src/steelyard/frameworks/examples/dealer-basic", 9),
    ],
)
def test_vectors_run_together_notice_what_each_by_itself_notices(name, every):
    framework, _ = read((ROOT / f"{name}.yaml").read_text(encoding="utf-8"))
    vectors, _ = read_vectors((ROOT / f"{name}.vectors.yaml").read_text(encoding="utf-8"), framework)
    held = [vector for vector, outcome in zip(vectors, run(framework, vectors), strict=True) if vector.changed is None and outcome.passed]
    rerun = Rerun(framework, vectors)
    assert not rerun.notices(framework)
    for change in list(changes_of(framework))[::every]:
        assert rerun.notices(change.framework) == any(not outcome.passed for outcome in run(change.framework, held)), change.said


def test_rows_are_read_again_only_where_a_change_is_about_rows(monkeypatch):
    framework, _ = read((ROOT / "docs/worked/rates.yaml").read_text(encoding="utf-8"))
    vectors, _ = read_vectors((ROOT / "docs/worked/rates.vectors.yaml").read_text(encoding="utf-8"), framework)
    rerun = Rerun(framework, vectors)
    read_again = []

    def reading(changed, vector):
        read_again.append(vector.name)
        return read_steps(changed, vector)

    monkeypatch.setattr("steelyard.calc.vectors.rerun.read_steps", reading)
    monkeypatch.setattr("steelyard.calc.vectors.compute.read_steps", reading)
    changes = list(changes_of(framework))
    for change in changes:
        if not change.of.startswith("table"):
            rerun.notices(change.framework)
    assert not read_again and len(changes) > 5
    rerun.notices(next(change.framework for change in changes if change.of.startswith("table")))
    assert read_again
