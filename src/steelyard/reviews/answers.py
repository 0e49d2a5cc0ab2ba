"""What is answered in a review: ratings as exact numbers, what they rest on, and why a question was left out."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from steelyard.calc.errors import Problem
from steelyard.calc.formula.text import decimal_text
from steelyard.calc.framework.section import exact
from steelyard.calc.units import Exact

from .rating import Item

NUMBER = r"-?[0-9]{1,9}(\.[0-9]{1,6})?"  # as precise as a rating is stored
LONGEST = 100  # of a reference, and of why a question was left out
_DOCUMENT = re.compile(r"document ([0-9]{1,15})", re.IGNORECASE)


def number_of(text: str) -> Exact | None:
    """The exact number that is written, such as ``3.5``; None if it is none."""
    return exact(Fraction(text)) if re.fullmatch(NUMBER, text.strip()) else None


@dataclass(frozen=True, slots=True)
class Answers:
    """Everything said about the questions, each by its code. ``ratings``: decimal text; ``unanswered``: why there is no rating."""

    ratings: Mapping[str, str] = field(default_factory=dict)
    references: Mapping[str, str] = field(default_factory=dict)
    unanswered: Mapping[str, str] = field(default_factory=dict)

    def fields(self) -> dict[str, dict[str, str]]:
        """As a review keeps them."""
        return {"ratings": dict(self.ratings), "references": dict(self.references), "unanswered": dict(self.unanswered)}

    def documents(self) -> set[int]:
        """The numbers of the documents that are named as evidence."""
        return {int(found[1]) for text in self.references.values() if (found := _DOCUMENT.fullmatch(text))}


def answers_of(
    ratings: Mapping[str, Exact | str], references: Mapping[str, str] | None = None, unanswered: Mapping[str, str] | None = None
) -> Answers:
    """Answers in one spelling, whoever sent them: ``4``, ``"4"`` and ``"4.0"`` are the same rating, empty texts are none."""
    told = {}
    for question, answer in ratings.items():
        number = number_of(answer) if isinstance(answer, str) else answer
        told[question] = answer.strip() if number is None else decimal_text(number)  # type: ignore[union-attr]  # a text that is no number
    return Answers(told, _told(references), _told(unanswered))


def kept(review: Any) -> Answers:
    """The answers that a review holds; those of before half steps are whole numbers."""
    return answers_of(review.ratings, review.references, review.unanswered)


def _told(texts: Mapping[str, str] | None) -> dict[str, str]:
    return {question: text.strip() for question, text in (texts or {}).items() if text.strip()}


def problems_with(items: list[Item], answers: Answers, *, whole: bool, documents: Iterable[int] = ()) -> list[Problem]:
    """What is wrong with answers; ``whole``: every item needs one. ``documents``: numbers of those that can be evidence."""
    known = {item.question: item for item in items}
    asked = dict.fromkeys((*answers.ratings, *answers.references, *answers.unanswered))
    hint = f"rated are: {', '.join(known)}"
    found = [Problem("unknown-question", "this is not rated here", question, hint=hint) for question in asked if question not in known]
    there = set(documents)
    for item in items:
        found += [problem for problem in (_rating(item, answers, whole), _reference(item, answers, whole, there)) if problem]
    return found


def _rating(item: Item, answers: Answers, whole: bool) -> Problem | None:
    """What is wrong with the rating itself."""
    code, reason = item.question, answers.unanswered.get(item.question, "")
    answer = answers.ratings.get(code)
    if answer is None:
        if len(reason) > LONGEST or not reason.isprintable():
            message = f"a reason is one line of at most {LONGEST} characters"
            return Problem("too-long", message, code, str(len(reason)), "make it shorter")
        hint = "or say why it is left out; everything else you typed is kept"
        return Problem("no-rating", f"choose a rating, {item.said}", code, hint=hint) if whole and not reason else None
    if reason:
        return Problem("rated-and-left-out", "this is rated, and a reason is given for leaving it out", code, reason, "remove one of them")
    number = number_of(answer)
    if number is None or not item.holds(number):
        return Problem("off-the-scale", f"a rating is {item.said}", code, answer[:40], f"choose one of: {item.some}")
    return None


def _reference(item: Item, answers: Answers, whole: bool, there: set[int]) -> Problem | None:
    """What is wrong with what a rating rests on."""
    code, text = item.question, answers.references.get(item.question, "")
    if not text:
        missing = whole and item.evidence and code in answers.ratings
        hint = "name a document or another reference, such as: document 12, audit 2026-14"
        return Problem("no-evidence", "this rating needs evidence", code, hint=hint) if missing else None
    if len(text) > LONGEST or not text.isprintable():
        message = f"a reference is one line of at most {LONGEST} characters"
        return Problem("too-long", message, code, str(len(text)), "name where it is found, not what it says")
    named = _DOCUMENT.fullmatch(text)
    if named and int(named[1]) not in there:
        return Problem("unknown-document", "this partner has no such document", code, text, "see the documents of this partner")
    return None
