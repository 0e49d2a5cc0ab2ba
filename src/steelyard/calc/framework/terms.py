"""The small values that definitions are made of: places, windows, rules; and what reads rows: measures and lists."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from ..formula.nodes import Formula, Type

Aggregate = Literal["sum", "count", "count_distinct", "mean", "median", "min", "max", "first", "last"]


@dataclass(frozen=True, slots=True)
class Place:
    """Where a definition stands in its file: key path, line and column (1-based)."""

    path: str
    line: int = 0
    column: int = 0

    def __str__(self) -> str:
        return f"{self.path} (line {self.line}, column {self.column})" if self.line else self.path


@dataclass(frozen=True, slots=True)
class Window:
    """[length][, shift earlier]. ``length`` None keeps the measure's own length.

    ``unit``: period | month | quarter | half | year | days | year to date | all time; ``count`` how many of them
    (the current one counts); ``shift`` and ``shift_unit``: how far back the whole window lies.
    """

    unit: str | None = None
    count: int = 1
    shift: int = 0
    shift_unit: str = "periods"  # days | months | quarters | years | periods


@dataclass(frozen=True, slots=True)
class Span:
    """A length of time: `14 days`, `6 months`."""

    count: int
    unit: str  # days | months | quarters | years | periods


@dataclass(frozen=True, slots=True)
class Rule:
    """A condition with the reason shown when it fails. ``blank_holds``: whether a blank result counts as true."""

    formula: Formula
    reason: str
    blank_holds: bool = False


@dataclass(frozen=True, slots=True)
class KnownWhen:
    """Months without the named report are unknown; more than ``missing`` of them make the measure blank."""

    report: str
    missing: int = 0


@dataclass(frozen=True, slots=True)
class Measure:
    """What is added up over which rows of one kind of fact, or over which lines of a list (then ``fact`` is empty).

    ``per``: only of measures that columns of lists are made of: the row columns by whose values it is kept apart.
    """

    name: str
    fact: str
    aggregate: Aggregate
    value: Formula | None  # None for `count: lines`
    type: Type
    window: Window = Window("period")
    where: tuple[Rule, ...] = ()
    date: str | None = None  # None: the fact's default date
    valid_on: bool = False
    once_per: tuple[str, ...] = ()
    known_when: KnownWhen | None = None
    repeat_per_subject: bool = False
    list: str = ""
    per: tuple[str, ...] = ()
    title: str = ""
    note: str = ""
    place: Place = field(default=Place(""), compare=False)


@dataclass(frozen=True, slots=True)
class ListColumn:
    """A column of a list: a measure taken per key (``measure``) or a formula over the columns to its left.

    ``match``: the columns of the line by which rows are joined, instead of the key of the list; ``theirs``: what the rows
    call them, where that is not the same. ``since``: the column of the line from whose date on rows count, for
    ``lasting`` (its last day included), instead of a window. A measure whose window is the period looks through the
    window that the list is asked through.
    """

    name: str
    type: Type
    measure: Measure | None = None
    formula: Formula | None = None
    match: tuple[str, ...] = ()
    theirs: tuple[str, ...] = ()
    since: str = ""
    lasting: Span | None = None
    title: str = ""
    place: Place = field(default=Place(""), compare=False)


@dataclass(frozen=True, slots=True)
class FactList:
    """One line per thing. Grouped: neither ``fact`` nor ``list``, its columns are measures per key. Picked: one row of
    the fact (or line of the other list) per key, the first by ``prefer``.

    ``prefer``: (column, order), the most important first; order is "yes" (a yes/no column, yes first), "highest",
    "lowest", "latest" or "earliest"; ties go to the lowest natural key.
    """

    name: str
    one_per: tuple[str, ...]
    columns: Mapping[str, ListColumn]
    fact: str = ""
    list: str = ""
    where: tuple[Rule, ...] = ()
    date: str | None = None
    window: Window = Window("period")
    prefer: tuple[tuple[str, str], ...] = ()
    keep: tuple[Rule, ...] = ()
    repeat_per_subject: bool = False
    least_peers: int = 1
    title: str = ""
    note: str = ""
    owner: str = ""
    place: Place = field(default=Place(""), compare=False)

    @property
    def picked(self) -> bool:
        """Whether its lines are rows of one fact (or lines of another list) rather than keys with measures."""
        return bool(self.fact or self.list)
