"""The labelled set shares nothing with the matcher, its halves share nothing with each other, and the shipped model holds on it."""

import ast
from pathlib import Path

import pytest

from steelyard.attribution.labelled import halves, lessons
from steelyard.attribution.shipped import shipped
from steelyard.calc.matching.training import Example, Lesson, train

PACKAGE = Path(halves.__file__).parent.parent.parent
MAKING = ("words", "firms", "spoiling", "halves")


@pytest.fixture(scope="module")
def held_out():
    return halves.half(halves.HELD_OUT, names=halves.HELD_OUT_NAMES)


@pytest.fixture(scope="module")
def outcomes(held_out):
    return lessons.outcomes(held_out, shipped())


@pytest.fixture(scope="module")
def figures(outcomes):
    return lessons.measured(outcomes)


def imported(path):
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return {node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)} | {
        alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names
    }


def test_what_makes_the_set_and_what_matches_share_no_code():
    for name in MAKING:
        assert not {one for one in imported(PACKAGE / "attribution" / "labelled" / f"{name}.py") if "matching" in one or "cleanco" in one}
    for path in (PACKAGE / "calc" / "matching").glob("*.py"):
        assert not {one for one in imported(path) if "labelled" in one}


def test_the_set_is_large_a_third_means_nobody_and_the_halves_are_apart(held_out):
    assert len(held_out.names) >= 5_000
    firms = [one for one in held_out.names if not one.personal]
    assert 0.28 < sum(not one.code for one in firms) / len(firms) < 0.34
    assert len({rule for one in held_out.names for rule in one.rules}) == 18
    training = halves.half(halves.TRAINING, names=50)
    shared = {one.name for one in training.partners} & {one.name for one in held_out.partners}
    assert len(shared) < 0.12 * len(held_out.partners)  # pharmacies and hospitals are called alike everywhere
    assert halves.half(halves.HELD_OUT, partners=50, names=60) == halves.half(halves.HELD_OUT, partners=50, names=60)


@pytest.mark.parametrize("methods", [("letters", "name"), ("model",), lessons.METHODS])
def test_what_is_matched_by_machine_is_right_with_99_percent_at_least(figures, methods):
    found = figures.of(*methods)
    assert found["at least"] >= 0.99, found
    assert found["right"] + found["wrong"] > 1_000


def test_enough_is_matched_and_the_right_partner_is_shown_for_most_of_the_rest(figures):
    assert figures.of(*lessons.METHODS)["share"] > 0.45 and figures.recall > 0.65
    assert figures.first_three > 0.9 * figures.with_partner_to_people


def test_no_person_is_matched_by_machine(figures, outcomes):
    assert figures.persons > 200
    assert [one.name.text for one in outcomes if one.name.personal and one.method] == []


def test_a_model_says_how_sure_it_is_and_keeps_to_it(outcomes):
    said = [
        (one.verdict.first.probability, one.name.code == one.verdict.first.code) for one in outcomes if one.verdict and one.verdict.first
    ]
    for low in (0.0, 0.2, 0.4, 0.6, 0.8):
        part = [(likely, right) for likely, right in said if low <= likely < low + 0.2]
        mean, share = sum(likely for likely, _ in part) / len(part), sum(right for _, right in part) / len(part)
        assert abs(mean - share) < 0.07, (low, mean, share)


def test_training_again_gives_the_same_model_and_other_labels_another():
    half = halves.half(halves.TRAINING, partners=300, names=600)
    lesson = lessons.lesson(half)
    first, again = train([lesson], {}), train([lesson], {})
    assert first.model.digest == again.model.digest and first.accepted.any()
    turned = [Example(one.text, "", one.weight) for one in lesson.examples]
    assert train([Lesson(turned[:50], lesson.index), lesson], {}).model.digest != first.model.digest
