"""A framework as its pages tell it: its sentences by part, what it defines, and what another version changes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from steelyard.calc.errors import Missing, Refused
from steelyard.calc.framework.model import Framework
from steelyard.calc.framework.wording.clauses import Sentence
from steelyard.calc.framework.wording.sentences import difference, sentences
from steelyard.calc.vectors import VectorOutcome

from . import queries
from .models import FrameworkVersion
from .vectors import outcomes, unproved_levels

_PARTS: tuple[tuple[str, Any, Any], ...] = (
    ("scorecard", _("How points are earned"), _("each item, with its weight and its rule")),
    ("levels", _("Levels"), _("lowest first")),
    ("kpis", _("KPIs"), _("what is scored")),
    ("measures", _("Measures"), _("what is added up, over which rows")),
    ("lists", _("Lists"), _("one line per thing")),
    ("history", _("Earlier periods"), _("how they count in the overall score")),
    ("standing", _("Standing"), _("how the level held follows the level earned")),
    ("rollup", _("Roll-up"), _("one result from its parts")),
    ("triggers", _("Triggers"), _("what is to be done, and when")),
    ("questions", _("Questions"), _("what people are asked to judge")),
    ("open", _("Open to regions"), _("everything else is the same everywhere")),
    ("attributes", _("Attributes of the company's own"), _("what is recorded of partners and products")),
    ("tables", _("Tables"), ""),
    ("curves", _("Curves"), ""),
    ("settings", _("Settings"), ""),
    ("windows", _("Windows"), ""),
)


@dataclass(frozen=True)
class Told:
    """One sentence: where it stands in the file, what it is about, what it says, how deep it lies."""

    path: str
    title: str
    text: str
    depth: int


@dataclass(frozen=True)
class Part:
    """The sentences of one part of the file."""

    name: str
    title: Any
    sub: Any
    told: Sequence[Told]


def readers_language() -> str:
    """The language of whoever reads: of the page, or of the request's Accept-Language."""
    return get_language() or "en"


def version_or_missing(code: str, number: int | None = None) -> FrameworkVersion:
    """One version, by default the newest; `Missing` if there is none."""
    if "\0" in code:
        raise Missing  # not every database can be asked for it
    try:
        return queries.version(code, number)
    except Refused:
        raise Missing from None


def parts_of(framework: Framework) -> tuple[Told | None, list[Part]]:
    """What the framework says of itself, and its sentences by part."""
    every = sentences(framework, readers_language())
    head = next((_told(sentence) for sentence in every if sentence.path == "framework"), None)
    found = []
    for name, title, sub in _PARTS:
        told = [_told(sentence) for sentence in every if sentence.path == name or sentence.path.startswith(f"{name}.")]
        if told:
            found.append(Part(name, title, sub, told))
    return head, found


def proof_of(version: FrameworkVersion) -> dict[str, Any]:
    """The vectors of a version with what became of each, and the levels that none of them earns."""
    try:
        ran = outcomes(version.text, version.vectors, version.base_text)
    except Refused as refused:  # kept by an installation that read vectors otherwise
        unread = VectorOutcome(gettext("These vectors cannot be read"), False, tuple(str(problem) for problem in refused.problems))
        return {"outcomes": (unread,), "held": 0, "unproved": ()}
    held = sum(outcome.passed for outcome in ran)
    return {"outcomes": ran, "held": held, "unproved": unproved_levels(version.text, version.vectors, version.base_text)}


def changes(old: FrameworkVersion, new: FrameworkVersion) -> list[Told]:
    """What the new version changes, in plain words."""
    return differing(queries.framework(old), queries.framework(new))


def differing(old: Framework, new: Framework) -> list[Told]:
    """What one framework changes of another."""
    return [_told(sentence) for sentence in difference(old, new, readers_language())]


def _told(sentence: Sentence) -> Told:
    return Told(sentence.path, sentence.title, sentence.rest, sentence.path.count(".of."))
