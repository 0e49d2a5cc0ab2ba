"""What is rated is told by the framework: its questions, its measures, else a list."""

from __future__ import annotations

from steelyard.calc.framework.read import read
from steelyard.reviews.rating import DEFAULT, Item, items_of, problems_with

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


def test_answers_off_the_scale_and_missing_ones_are_told():
    items = list(DEFAULT[:2])
    found = problems_with(items, {"joint_planning": 6}, whole=True)
    assert [(problem.code, problem.where) for problem in found] == [
        ("off-the-scale", "joint_planning"),
        ("no-rating", "market_development"),
    ]
    assert problems_with(items, {}, whole=False) == []
