"""Sentences as clauses: so that a definition can be read as a whole, and two versions be compared piece by piece."""

from __future__ import annotations

from dataclasses import dataclass

from .language import capital


@dataclass(frozen=True, slots=True)
class Sentence:
    """What one definition says, and where it stands (`kpis.growth`). ``text`` begins with the title and a colon."""

    path: str
    text: str
    title: str = ""

    @property
    def rest(self) -> str:
        """The text without its title."""
        return self.text.removeprefix(f"{self.title}: ") if self.title else self.text


@dataclass(frozen=True, slots=True)
class Clause:
    """One statement of a definition. With a ``label`` it reads "label: text" and is compared by its label; ``earns``
    tells points from other values in a comparison ("from 90 to below 93 now earns 4 points")."""

    key: str
    text: str
    label: str = ""
    earns: bool = False

    def __str__(self) -> str:
        return f"{capital(self.label)}: {self.text}." if self.label else f"{self.text}."


@dataclass(frozen=True, slots=True)
class Said:
    """Everything one definition says."""

    path: str
    title: str
    clauses: tuple[Clause, ...]

    @property
    def sentence(self) -> Sentence:
        """The definition as one text."""
        return Sentence(self.path, f"{self.title}: {' '.join(str(clause) for clause in self.clauses)}".rstrip(), self.title)
