"""The three example frameworks are read without a single problem, warnings included."""

from __future__ import annotations

from decimal import Decimal
from importlib.resources import files

import pytest
import yaml

from steelyard.calc.framework.read import read
from steelyard.calc.vectors import run_text

EXAMPLES = ["life-science", "dealer-basic", "referral-partners"]


def framework_of(name):
    text = (files("steelyard.frameworks") / "examples" / f"{name}.yaml").read_text(encoding="utf-8")
    return read(text, path=f"{name}.yaml")


@pytest.mark.parametrize("name", EXAMPLES)
def test_an_example_is_read_without_problems(name):
    framework, problems = framework_of(name)
    assert problems == []
    assert framework is not None
    assert framework.code == name


@pytest.mark.parametrize("name", EXAMPLES)
def test_every_kpi_has_a_title_and_an_owner(name):
    framework, _ = framework_of(name)
    for kpi in framework.kpis.values():
        assert kpi.title, kpi.name
        assert kpi.owner, kpi.name


def test_life_science_has_the_five_sections_the_grades_and_the_gates():
    framework, _ = framework_of("life-science")
    card = framework.scorecard
    assert {item.title: item.weight.text for item in card.items} == {
        "Commercial": "40", "Channel data and inventory": "20", "Service and quality": "15", "Capability and compliance": "15",
        "Engagement": "10",
    }  # fmt: skip
    assert [level.name for level in framework.levels] == ["D", "C", "B", "A"]
    assert [[rule.text for rule in level.require] for level in framework.levels] == [
        [],
        ["points >= 55"],
        ["points >= 70"],
        ["points >= 85"],
    ]
    assert [gate.otherwise for gate in card.require] == ["cap", "at_most"]
    assert 14 <= len(framework.kpis) <= 18
    assert len(card.leaves()) == len(framework.kpis)


@pytest.mark.parametrize("name", EXAMPLES)
def test_the_vectors_beside_an_example_pass(name):
    framework, _ = framework_of(name)
    text = (files("steelyard.frameworks") / "examples" / f"{name}.vectors.yaml").read_text(encoding="utf-8")
    outcomes = run_text(framework, text)
    assert len(outcomes) >= 10
    assert [outcome for outcome in outcomes if not outcome.passed] == []


@pytest.mark.parametrize("name", EXAMPLES)
def test_the_vectors_touch_both_sides_of_every_grade(name):
    framework, _ = framework_of(name)
    text = (files("steelyard.frameworks") / "examples" / f"{name}.vectors.yaml").read_text(encoding="utf-8")
    totals = {str(vector["given"].get("points", {}).get("total")) for vector in yaml.safe_load(text)["vectors"]}
    step = Decimal(1).scaleb(-(framework.scorecard.round or 0))
    for level in framework.levels:
        for rule in level.require:
            edge = Decimal(rule.text.removeprefix("points >= "))
            assert {str(edge), str(edge - step)} <= totals, level.name
