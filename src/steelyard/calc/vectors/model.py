"""What a vector is: what is given at each of its dates, what is expected, and what became of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from ..errors import Problem
from ..formula.nodes import Value
from ..framework.model import Framework, Place
from ..points import Reading

Rows = Mapping[str, tuple[Mapping[str, Any], ...]]  # per kind of fact (or master): column -> value as stored; `sign` of a row
SUBJECT = "subject"  # who is scored where a vector names nobody


@dataclass(frozen=True, slots=True)
class Step:
    """One date of a vector. What is given replaces what would be computed at that place; a `Blank` is a given blank.

    ``measures`` by reading, ``points`` by node (`total` is the root), ``level`` the earned level ("" if not given).
    """

    as_of: date
    measures: Mapping[Reading, Value] = field(default_factory=dict)
    kpis: Mapping[str, Value] = field(default_factory=dict)
    points: Mapping[str, Value] = field(default_factory=dict)
    attributes: Mapping[str, Value] = field(default_factory=dict)
    level: str = ""


@dataclass(frozen=True, slots=True)
class Expected:
    """What a vector expects; only what it names is compared.

    ``single``: points, overall, passes, chosen, level, standing, rollup. ``excluded``: measure -> reason -> rows.
    ``standings`` one per date, ``triggers`` those that fire on the last date; None where the vector does not say.
    """

    measures: Mapping[Reading, Value] = field(default_factory=dict)
    kpis: Mapping[str, Value] = field(default_factory=dict)
    items: Mapping[str, Value] = field(default_factory=dict)
    single: Mapping[str, Value] = field(default_factory=dict)
    excluded: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    standings: tuple[str, ...] | None = None
    triggers: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True)
class Changed:
    """A changed framework: itself, or the problems that refuse it. ``paths`` name what was changed."""

    paths: tuple[str, ...]
    framework: Framework | None
    problems: tuple[Problem, ...]


@dataclass(frozen=True, slots=True)
class Vector:
    """One vector, read and checked. ``steps`` has one entry unless the vector is a series of dates."""

    name: str
    steps: tuple[Step, ...]
    expected: Expected
    subject: str = SUBJECT
    facts: Rows | None = None
    masters: Rows = field(default_factory=dict)
    settings: Mapping[str, Value] = field(default_factory=dict)
    tables: Mapping[str, Any] = field(default_factory=dict)  # name -> framework.model.Table
    was: str = ""  # the standing held before the first date
    parts: tuple[tuple[str, Step], ...] = ()  # of a roll-up: name and what is given of it
    changed: Changed | None = None
    problem: Mapping[str, str] = field(default_factory=dict)  # the problem that the changed framework must give
    place: Place = field(default=Place(""), compare=False)


@dataclass(frozen=True, slots=True)
class VectorOutcome:
    """One vector: passed, or its differences; ``line`` is where it begins in its file."""

    name: str
    passed: bool
    differences: tuple[str, ...] = ()
    line: int = 0

    def as_dict(self) -> dict[str, object]:
        """The outcome as plain values, for ``--json`` and REST."""
        return {"name": self.name, "passed": self.passed, "line": self.line, "differences": list(self.differences)}
