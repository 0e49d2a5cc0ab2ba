"""The published programmes and the library of KPIs: read without a warning that matters, every vector holds, every KPI has one."""

from __future__ import annotations

import pytest

from steelyard.calc.errors import Refused
from steelyard.calc.facts import FACTS
from steelyard.calc.framework.read import read
from steelyard.calc.vectors import levels_without_vectors, read_vectors, run
from steelyard.frameworks import library, published
from steelyard.frameworks.vectors import run_texts

PROGRAMMES = published.programmes()


@pytest.mark.parametrize("programme", PROGRAMMES, ids=lambda one: one.name)
def test_every_vector_of_a_programme_holds_and_every_level_has_one(programme):
    framework, problems = read(programme.text)
    assert framework is not None, problems
    vectors, problems = read_vectors(programme.vectors, framework)
    assert problems == []
    assert [(outcome.name, outcome.differences) for outcome in run(framework, vectors) if not outcome.passed] == []
    assert levels_without_vectors(framework, vectors) == []


def test_the_programmes_are_those_of_the_published_rules_with_all_their_vectors():
    assert {one.name for one in PROGRAMMES} == {
        "corners", "erpnext", "four_metric", "kpi_library", "microsoft_modern_work", "microsoft_security", "odoo",
        "sap_partneredge_2010", "sap_partneredge_cloud", "sap_supplier_evaluation",
    }  # fmt: skip
    assert sum(one.vectors.count("name: ") for one in PROGRAMMES if one.name != "kpi_library") >= 250
    with pytest.raises(Refused, match="did you mean `odoo`"):
        published.programme("odo")


def test_a_vector_of_a_programme_can_fail():
    odoo = published.programme("odoo")
    assert published.contents(odoo) == published.Contents(3, ("Learning", "Ready", "Silver", "Gold"), 25)
    wrong = odoo.vectors.replace(
        "users: 299, people: 6, retention: 80%}}, expect: {level: Silver", "users: 300, people: 6, retention: 80%}}, expect: {level: Silver"
    )
    assert [outcome.differences for outcome in run_texts(odoo.text, wrong) if not outcome.passed] == [
        ("level: expected Silver, found Gold",)
    ]


def test_the_library_has_all_fifty_numbers_and_each_kpi_a_vector_a_sentence_and_facts_of_the_catalogue():
    every = library.kpis()
    assert {one.number for one in every} == set(range(1, 51))
    assert len({one.code for one in every}) == len(every)
    for one in every:
        assert one.vectors, one.code
        assert one.sentence.startswith(one.title), one.code
        assert one.facts, one.code
        assert set(one.facts) <= set(FACTS), one.code


@pytest.mark.parametrize("one", library.kpis(), ids=lambda one: one.code)
def test_what_is_copied_of_a_kpi_is_a_framework_of_its_own_and_passes_its_vectors(one):
    head = "framework: copied\nsubject: partner\ngrain: quarter\neffective: 2026-01-01\ncurrency: EUR\n"
    framework, problems = read(head + one.text)
    assert framework is not None, [str(problem) for problem in problems]
    for vector in one.vectors:
        alone, problems = read_vectors(f"vectors:\n{vector.text}\n", framework)
        unknown = [problem for problem in problems if problem.code != "unknown-name"]  # the other KPIs of the same vector
        assert unknown == []
        assert [outcome.differences for outcome in run(framework, alone)] == [()]


def test_the_library_is_searched_by_words_and_category_and_says_what_it_lacks():
    every = library.kpis()
    assert [one.code for one in library.search(every, "turns a year")] == ["turns"]
    assert {one.number for one in library.search(every, category="field")} == {41, 42, 43, 44}
    breadth = library.kpi("breadth")
    assert breadth.lacking(["sell_through"]) == ("account_targets",)
    assert breadth.lacking(["sell_through", "account_targets", "orders"]) == ()
    with pytest.raises(Refused, match="did you mean `breadth`"):
        library.kpi("bredth")


def test_the_sentences_of_the_library_are_in_the_readers_language():
    assert "Höher" in library.kpi("breadth", "de").sentence or "höher" in library.kpi("breadth", "de").sentence
