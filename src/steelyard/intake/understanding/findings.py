"""What understanding gives: findings with their reasons and examples, questions with their choices, and the mapping they make."""

from __future__ import annotations

from collections.abc import Mapping as Keyed
from dataclasses import dataclass, field
from typing import Any, Literal

from steelyard.calc.errors import Problem

from ..mappings import Mapping

Sure = Literal["certain", "likely", "asked"]


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing found out. ``examples``: as it stands in the file, and as it is read."""

    what: str  # encoding, separator, sheet, header, ends, totals, or `column NAME`
    found: str
    why: str
    sure: Sure = "certain"
    examples: tuple[tuple[str, str], ...] = ()

    def as_dict(self) -> dict[str, Any]:
        """Plain values."""
        return {
            "what": self.what,
            "found": self.found,
            "why": self.why,
            "sure": self.sure,
            "examples": [list(one) for one in self.examples],
        }


@dataclass(frozen=True, slots=True)
class Choice:
    """One answer: what it writes into the mapping (YAML), in words, and what then is read."""

    patch: str
    label: str
    example: str = ""

    def as_dict(self) -> dict[str, str]:
        """Plain values."""
        return {"patch": self.patch, "label": self.label, "example": self.example}


@dataclass(frozen=True, slots=True)
class Question:
    """What must be asked, because a guess could be wrong without anybody seeing it.

    ``free``: where a text that somebody types goes in the mapping, its keys one below the other; none if only the choices answer.
    """

    key: str
    code: str
    text: str
    why: str
    choices: tuple[Choice, ...] = ()
    suggested: str = ""  # patch of the choice that is most likely right
    free: tuple[str, ...] = ()
    typed: Literal["text", "date", "currency"] = "text"
    found: str = ""
    anew: bool = False  # what is typed holds for this file alone

    def problem(self) -> Problem:
        """The same as a refusal: what to write into the mapping."""
        told = [one.patch[1:-1] for one in self.choices[:3]] or [": {".join(self.free) + ": ..." + "}" * (len(self.free) - 1)]
        return Problem(self.code, self.text, "", self.found, "write " + " or ".join(f"`{one}`" for one in told) + " into the mapping")

    def as_dict(self) -> dict[str, Any]:
        """Plain values."""
        same = {name: getattr(self, name) for name in ("key", "code", "text", "why", "suggested", "typed", "found", "anew")}
        return {**same, "free": list(self.free), "choices": [one.as_dict() for one in self.choices]}


@dataclass(frozen=True, slots=True)
class Known:
    """What the rest of the house knows, for columns that tell by their values what they are."""

    products: frozenset[str] = frozenset()
    parties: frozenset[str] = frozenset()  # codes, aliases and names, as they are compared
    currencies: tuple[str, ...] = ()  # usual here, the most usual first
    headers: tuple[str, ...] = ()  # of the last file of this kind and source
    filled: Keyed[str, str] = field(default_factory=dict)  # our column -> the header that filled it then
    seen: bool = False  # these very bytes came before: what was said for them holds


@dataclass(frozen=True, slots=True)
class Understanding:
    """The proposed mapping with its reasons. It reads the file if there are no questions and no problems."""

    mapping: Mapping
    findings: tuple[Finding, ...] = ()
    questions: tuple[Question, ...] = ()
    problems: tuple[Problem, ...] = ()  # why it is no table at all
    headers: tuple[str, ...] = ()
    samples: Keyed[str, tuple[str, ...]] = field(default_factory=dict)  # header -> first texts that are not blank
    sheets: tuple[str, ...] = ()

    @property
    def likely(self) -> tuple[Finding, ...]:
        """What was found and should be looked at."""
        return tuple(one for one in self.findings if one.sure == "likely")

    def as_dict(self) -> dict[str, Any]:
        """Plain values."""
        return {
            "findings": [one.as_dict() for one in self.findings],
            "questions": [one.as_dict() for one in self.questions],
            "samples": {header: list(texts) for header, texts in self.samples.items()},
            "sheets": list(self.sheets),
        }

    def refusals(self) -> list[Problem]:
        """Why a program may not go on with this by itself."""
        found = [*self.problems, *(question.problem() for question in self.questions)]
        for one in self.likely:
            if one.what == "sheet":
                hint = "if it is right, write it into a mapping: `--propose M.yaml` writes all that was understood"
                found.append(Problem("not_certain", f"{one.what} is likely {one.found}, and not certain", "", one.why, hint))
        return found
