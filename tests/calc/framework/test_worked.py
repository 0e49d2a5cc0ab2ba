"""Every framework on the page of the language can be read, and its vectors hold."""

from pathlib import Path

import pytest

from steelyard.calc.framework.read import read
from steelyard.calc.framework.wording.languages import LANGUAGES
from steelyard.calc.framework.wording.sentences import sentences
from steelyard.calc.vectors import run_text

DOCS = Path(__file__).parents[3] / "docs"
REGIONS = ("region", "programme-india")
WORKED = sorted(path for path in (DOCS / "worked").glob("*.yaml") if not path.name.endswith(".vectors.yaml") and path.stem not in REGIONS)
PAGE = (DOCS / "reference" / "framework-language.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("path", WORKED, ids=lambda path: path.stem)
def test_a_worked_framework_does_what_the_page_says(path):
    text = path.read_text(encoding="utf-8")
    framework, problems = read(text)
    assert [str(problem) for problem in problems if problem.severity == "error"] == []
    vectors = path.with_suffix("").with_suffix(".vectors.yaml").read_text(encoding="utf-8")
    outcomes = run_text(framework, vectors)
    assert len(outcomes) >= 2
    assert [(outcome.name, outcome.differences) for outcome in outcomes if not outcome.passed] == []
    assert text.rstrip() in PAGE and vectors.rstrip() in PAGE
    for language in LANGUAGES:
        assert len(sentences(framework, language)) > 4


def test_the_region_on_the_page_is_its_base_with_one_weight():
    base = (DOCS / "worked" / "points.yaml").read_text(encoding="utf-8")
    framework, problems = read((DOCS / "worked" / "region.yaml").read_text(encoding="utf-8"), bases={"points": base})
    assert problems == []
    assert framework.scorecard.items[0].weight.text == "2"


def test_the_programme_on_the_page_has_other_weights_in_india():
    worked = DOCS / "worked"
    base = (worked / "programme.yaml").read_text(encoding="utf-8")
    text = (worked / "programme-india.yaml").read_text(encoding="utf-8")
    vectors = (worked / "programme-india.vectors.yaml").read_text(encoding="utf-8")
    framework, problems = read(text, bases={"medical-distributors": base})
    assert [str(problem) for problem in problems if problem.severity == "error"] == []
    assert [(outcome.name, outcome.differences) for outcome in run_text(framework, vectors) if not outcome.passed] == []
    assert text.rstrip() in PAGE and vectors.rstrip() in PAGE


def test_every_key_of_the_language_is_used_by_a_worked_framework():
    """So that whoever encodes a programme has seen each in its place."""
    from steelyard.calc.framework import history, kpis, levels, list_columns, lists, measures, rollup, rules, standing, tree, triggers

    texts = " ".join(path.read_text(encoding="utf-8") for path in (DOCS / "worked").glob("*.yaml"))
    keys = {
        key for module in (history, kpis, levels, list_columns, lists, measures, rollup, standing, tree, triggers) for key in module.KEYS
    }
    missing = {key for key in keys | set(rules.KINDS) | set(tree.GATE_KEYS) if f"{key}:" not in texts}
    assert missing <= {
        "small_below",
        "missing",
        "floor",
        "scale_to",
        "smooth",
        "hold",
        "takes_effect",
        "median",
        "min",
        "list",
        "weight",
        "first",
    }, missing
