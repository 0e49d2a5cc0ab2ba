"""What tests of the prover share: findings of a text, and a second computation of every witness."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import yaml

from steelyard.calc import vectors
from steelyard.calc.framework.model import Framework
from steelyard.calc.prover import Finding, prove
from tests.calc.conftest import framework_of

MEASURES = """
measures:
  a: {fact: orders, count: lines}
  b: {fact: orders, sum: amount}
  c: {fact: activities, count: lines}
"""


def findings_of(text: str) -> list[Finding]:
    """The findings of a framework, written from `kpis:` on; every KPI is a count of its own unless it says otherwise."""
    return prove(framework_of(MEASURES + text))


@pytest.fixture(scope="session")
def found() -> Callable[[str, str], list[Finding]]:
    """The findings of one code."""

    def of(text: str, code: str) -> list[Finding]:
        return [finding for finding in findings_of(text) if finding.code == code]

    return of


@pytest.fixture(scope="session")
def replayed() -> Callable[[str, Finding], list[tuple[object, object]]]:
    """(total, level) of each line of a finding's witness, by the engine that runs vectors."""

    def of(text: str, finding: Finding) -> list[tuple[object, object]]:
        return [replay(framework_of(MEASURES + text), line) for line in finding.witness.splitlines()]

    return of


def replay(framework: Framework, line: str) -> tuple[object, object]:
    """Total and level that a vector with this `given` has, read from what differs from an impossible expectation."""
    yaml.safe_load(line)  # any reader of YAML understands it
    expected = "{points: -987654321, passes: true}"
    (outcome,) = vectors.run_text(framework, f"vectors:\n  - {{name: witness, {line}, expect: {expected}}}\n")
    total = next((said.partition("found ")[2] for said in outcome.differences if said.startswith("points:")), None)
    level = None
    for one in framework.levels:
        (outcome,) = vectors.run_text(framework, f"vectors:\n  - {{name: witness, {line}, expect: {{level: {one.name}}}}}\n")
        level = one.name if outcome.passed else level
    return total, level
