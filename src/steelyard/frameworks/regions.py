"""The regions of a framework as pages, REST and commands tell them: what each set, and that the rest is equal."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from steelyard.calc.errors import Problem
from steelyard.calc.framework.opened import range_of
from steelyard.calc.framework.read import read, settings_of
from steelyard.calc.framework.wording.sentences import difference
from steelyard.calc.regions import Equality, equality

from . import queries
from .house import newest_of, regions_of
from .models import FrameworkVersion


@dataclass(frozen=True, slots=True)
class Set:
    """One thing that a region sets, in words: where, how far it may go, the base's value and the region's."""

    path: str
    allowed: str
    was: str
    now: str


@dataclass(frozen=True)
class Region:
    """A region: what it sets, what that means in sentences, what was compared, and whether it fits to the newest base."""

    version: FrameworkVersion
    base: FrameworkVersion
    newest: FrameworkVersion
    settings: Sequence[Set]
    sentences: Sequence[str]
    proof: Equality
    problems: Sequence[Problem]

    @property
    def behind(self) -> bool:
        """Whether the base has a newer version than the region keeps to."""
        return self.base.pk != self.newest.pk

    def as_dict(self) -> dict[str, object]:
        """The region as plain values, for ``--json`` and REST."""
        return {
            "region": self.version.code, "version": self.version.version, "base": self.base.code, "base_version": self.base.version,
            "set": [{"path": one.path, "allowed": one.allowed, "was": one.was, "now": one.now} for one in self.settings],
            "sentences": list(self.sentences), "compared": self.proof.compared, "equal": self.proof.equal,
            "unexplained": list(self.proof.unexplained), "newest_base": self.newest.version, "fits": not self.problems,
        }  # fmt: skip


def regions(code: str, language: str = "en") -> list[Region]:
    """Every region of a framework, each beside the version of the base that it keeps to."""
    newest = newest_of(code)
    return [] if newest is None else [_told(version, newest, language) for version in regions_of(code)]


def _told(version: FrameworkVersion, newest: FrameworkVersion, language: str) -> Region:
    assert version.base is not None  # it is a region
    base, region = queries.framework(version.base), queries.framework(version)
    settings = [
        Set(one.path, range_of(one.opening), _words(one.was), _words(one.now)) for one in settings_of(version.text, version.base.text)
    ]
    told = [one.text for one in difference(base, region, language) if one.path != "framework" and not one.path.startswith("open.")]
    _, problems = read(version.text, bases={newest.code: newest.text})
    refused = [problem for problem in problems if problem.severity == "error"] if version.base.pk != newest.pk else []
    return Region(version, version.base, newest, settings, told, equality(base, region), refused)


def _words(value: object) -> str:
    """A value as it is written in the file; nothing where the base has none."""
    if value is None:
        return ""
    if isinstance(value, dict):
        return ", ".join(f"{key}: {_words(one)}" for key, one in value.items())
    if isinstance(value, list):
        return (
            f"{len(value)} items"
            if len(value) > 5
            else ", ".join(f"({_words(one)})" if isinstance(one, dict) else _words(one) for one in value)
        )
    return str(value)
