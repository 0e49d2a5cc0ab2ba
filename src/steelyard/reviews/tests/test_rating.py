"""What is rated is told by the framework: its questions, its measures, else a list."""

from __future__ import annotations

import json
from fractions import Fraction

import pytest

from steelyard.calc.framework.read import read
from steelyard.reviews.answers import answers_of, problems_with
from steelyard.reviews.rating import DEFAULT, Item, item_of, items_of

from .conftest import FRAMEWORK


def framework(text: str):
    found, problems = read(text)
    assert found is not None, problems
    return found


def test_measures_of_ratings_say_what_is_asked_and_the_kpi_says_the_scale():
    assert items_of(framework(FRAMEWORK)) == [Item("cooperation", "Cooperation", "", 1, 5, counts=True)]


def test_several_questions_of_one_measure_are_rated_apart():
    text = FRAMEWORK.replace('question == "cooperation"', '\'question in ["planning", "service"]\'')
    assert [item.question for item in items_of(framework(text))] == ["planning", "service"]


def test_the_frameworks_own_questions_come_first():
    text = FRAMEWORK + "questions:\n  cooperation: {ask: How do we work together?, scale: [0, 10]}\n  trust: {ask: Trust?, scale: [1, 3]}\n"
    found = items_of(framework(text))
    assert [(item.title, item.low, item.high, item.counts) for item in found] == [
        ("How do we work together?", 0, 10, True), ("Trust?", 1, 3, False),
    ]  # fmt: skip


def test_without_questions_the_usual_ones_are_rated_beside_the_score():
    text = FRAMEWORK.replace('answers: {title: Answers, fact: ratings, mean: value, where: question == "cooperation"}', "")
    text = text.replace(
        "cooperation: {title: Cooperation, formula: answers, unit: number, better: higher, range: [1, 5], no_data: skip}", ""
    )
    text = text.replace("talk: {weight: 1, kpi: cooperation, points: {line: [[1, 0], [5, 100]]}}", "")
    assert items_of(framework(text)) == list(DEFAULT)
    assert items_of(framework(text), [{"question": "own", "title": "Own"}]) == [Item("own", "Own")]


HALVES = """
questions:
  cooperation:
    ask: How do we work together?
    scale: [1, 5]
    step: 0.5
    evidence: required
    answers: {5: Always first, 1: Never, 2.5: As agreed}
"""


def test_half_steps_their_meaning_and_evidence_come_from_the_framework_and_are_kept_with_the_cycle():
    [item] = items_of(framework(FRAMEWORK + HALVES))
    assert item.scale == [1, Fraction(3, 2), 2, Fraction(5, 2), 3, Fraction(7, 2), 4, Fraction(9, 2), 5]
    assert item.meanings == ((1, "Never"), (Fraction(5, 2), "As agreed"), (5, "Always first")) and item.evidence
    assert item_of(json.loads(json.dumps(item.as_dict()))) == item
    assert item_of({"question": "cooperation", "title": "As before", "note": "", "low": 1, "high": 4, "counts": True}).scale == [1, 2, 3, 4]


def test_a_scale_too_long_for_a_row_of_answers_is_typed_and_still_holds_its_steps():
    [item] = items_of(framework(FRAMEWORK + "questions:\n  cooperation: {ask: How?, scale: [0, 100], step: 5}\n"))
    assert item.scale == [] and item.holds(85) and not item.holds(84) and not item.holds(105)


@pytest.mark.parametrize(
    ("answers", "told"),
    [
        ({"ratings": {"cooperation": "3.5"}, "references": {"cooperation": "audit 7"}}, []),
        ({"ratings": {"cooperation": "3.25"}, "references": {"cooperation": "audit 7"}}, ["off-the-scale"]),
        ({"ratings": {"cooperation": "1e3"}, "references": {"cooperation": "audit 7"}}, ["off-the-scale"]),
        ({"ratings": {"cooperation": "7/2"}, "references": {"cooperation": "audit 7"}}, ["off-the-scale"]),
        ({"ratings": {"cooperation": "3.5"}}, ["no-evidence"]),
        ({"ratings": {"cooperation": "3.5"}, "references": {"cooperation": "document 9"}}, []),
        ({"ratings": {"cooperation": "3.5"}, "references": {"cooperation": "Document 8"}}, ["unknown-document"]),
        ({"ratings": {"cooperation": "3.5"}, "references": {"cooperation": "two\nlines"}}, ["too-long"]),
        ({"ratings": {}, "unanswered": {"cooperation": "not met this quarter"}}, []),
        ({"ratings": {}, "unanswered": {"cooperation": " "}}, ["no-rating"]),
        ({"ratings": {}, "unanswered": {"cooperation": "a\0b"}}, ["too-long"]),
        ({"ratings": {"cooperation": 3}, "unanswered": {"cooperation": "not met"}}, ["rated-and-left-out", "no-evidence"]),
        ({"ratings": {}, "unanswered": {"cooperation": "not met", "trust": "?"}}, ["unknown-question"]),
    ],
)
def test_each_answer_is_a_rating_on_the_scale_with_its_evidence_or_blank_with_a_reason(answers, told):
    items = items_of(framework(FRAMEWORK + HALVES))
    assert [problem.code for problem in problems_with(items, answers_of(**answers), whole=True, documents=[9])] == told


def test_one_rating_has_one_spelling_whoever_sent_it():
    spelt = [answers_of({"cooperation": told}).ratings for told in (4, "4", "4.0", " 4 ")]
    assert spelt == [{"cooperation": "4"}] * 4
    assert answers_of({"cooperation": "3.50"}) == answers_of({"cooperation": Fraction(7, 2)})


def test_only_answers_of_the_scale_can_be_explained():
    _, problems = read(FRAMEWORK + HALVES.replace("2.5: As agreed", "2.7: As agreed, often: Often, 1.5: [x]"))
    assert [(problem.code, problem.found, problem.hint) for problem in problems] == [
        ("wrong-type", "`2.7`", "answers are 1 to 5 in steps of 0.5"),
        ("wrong-type", "`often`", "answers are 1 to 5 in steps of 0.5"),
        ("wrong-type", "a list", "write for example `1: never`"),
    ]
    _, problems = read(FRAMEWORK + "questions:\n  cooperation: {ask: How?, scale: [1, 5], answers: [Never]}\n")
    assert [problem.code for problem in problems] == ["wrong-type"]


def test_answers_off_the_scale_and_missing_ones_are_told():
    items = list(DEFAULT[:2])
    found = problems_with(items, answers_of({"joint_planning": 6}), whole=True)
    assert [(problem.code, problem.where) for problem in found] == [
        ("off-the-scale", "joint_planning"),
        ("no-rating", "market_development"),
    ]
    assert problems_with(items, answers_of({}), whole=False) == []
