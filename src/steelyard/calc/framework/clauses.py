"""Sentences as clauses: so that a definition can be read as a whole, and two versions be compared piece by piece."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Sentence:
    """What one definition says, and where it stands (`kpis.growth`)."""

    path: str
    text: str


@dataclass(frozen=True, slots=True)
class Clause:
    """One statement of a definition. With a ``label`` it reads "label: text" and is compared by its label;
    ``verb`` joins the two in a comparison ("from 90 to below 93 now earns 4 points")."""

    key: str
    text: str
    label: str = ""
    verb: str = "is now"

    def __str__(self) -> str:
        return f"{self.label[:1].upper()}{self.label[1:]}: {self.text}." if self.label else f"{self.text}."


@dataclass(frozen=True, slots=True)
class Said:
    """Everything one definition says."""

    path: str
    title: str
    clauses: tuple[Clause, ...]

    @property
    def sentence(self) -> Sentence:
        """The definition as one text."""
        return Sentence(self.path, f"{self.title}: {' '.join(str(clause) for clause in self.clauses)}")
