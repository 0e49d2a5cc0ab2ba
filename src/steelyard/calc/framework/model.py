"""A framework as calculation sees it: frozen values, every formula already checked.

There is one type from storage to calculation: `framework.read` turns the YAML text into this and nothing else does.
The text itself is kept, because it is what people wrote, compare and sign.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from typing import Literal

from ..formula.nodes import Formula, Type, Value
from ..units import Rounding

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
    """What is added up over which rows of one kind of fact."""

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
    title: str = ""
    note: str = ""
    place: Place = field(default=Place(""), compare=False)


@dataclass(frozen=True, slots=True)
class NoData:
    """What a KPI does without data: skip | zero | full | fail | points | carry; ``rule`` may also call it forth."""

    policy: Literal["skip", "zero", "full", "fail", "points", "carry"] = "skip"
    amount: Fraction | int = 0  # points for `points`, periods for `carry`
    rule: Formula | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Kpi:
    """A formula over measures and earlier KPIs, stored in its unit's grain."""

    name: str
    formula: Formula
    unit: str  # money | percent | number | points | days | count | text
    better: str | tuple[Fraction | int, Fraction | int] = "higher"  # higher | lower | (low, high)
    no_data: NoData = NoData()
    target: Formula | None = None
    range: tuple[Fraction | int, Fraction | int] | None = None
    small_below: int | None = None
    round: int | None = None
    title: str = ""
    note: str = ""
    owner: str = ""
    place: Place = field(default=Place(""), compare=False)


@dataclass(frozen=True, slots=True)
class Band:
    """Points for an interval; an end of None is open for ever. ``low_closed``: `from` (>=) rather than `above` (>)."""

    low: Fraction | int | None
    low_closed: bool
    high: Fraction | int | None
    high_closed: bool  # `to` (<=) rather than `below` (<)
    points: Fraction | int


@dataclass(frozen=True, slots=True)
class PointsRule:
    """How a value becomes points; exactly one of the five rules of docs/reference/framework-language.md"""

    kind: Literal["line", "bands", "per", "choice", "value"]
    corners: tuple[tuple[Fraction | int, Fraction | int], ...] = ()  # line
    bands: tuple[Band, ...] = ()
    points: Formula | None = None  # per: points for each whole or part unit
    each: Fraction | int = 1
    whole: bool = False
    choices: tuple[tuple[str, Fraction | int], ...] = ()


@dataclass(frozen=True, slots=True)
class Gate:
    """A requirement on a node and what happens when it does not hold."""

    rule: Formula
    otherwise: Literal["fail", "zero", "skip", "cap", "at_most"] = "fail"
    cap: Fraction | int = 0
    level: str = ""
    reason: str = ""
    blank_holds: bool = False
    place: Place = field(default=Place(""), compare=False)


@dataclass(frozen=True, slots=True)
class Node:
    """A part of the scorecard: a leaf (``kpi`` and ``points``) or a combination of others."""

    name: str
    title: str = ""
    note: str = ""
    kpi: str | None = None
    points: PointsRule | None = None
    combine: Literal["mean", "sum", "best", "worst"] | None = None
    items: tuple[Node, ...] = ()
    weight: Formula | None = None  # None counts as 1 under `mean`
    cap: Fraction | int | None = None
    floor: Fraction | int | None = None
    scale_to: Fraction | int | None = None
    round: int | None = None
    require: tuple[Gate, ...] = ()
    missing: Literal["share", "zero"] = "share"
    needs_data: Fraction | None = None
    out_of: Fraction | int | None = None  # highest possible points, where known beforehand
    place: Place = field(default=Place(""), compare=False)

    def leaves(self) -> list[Node]:
        """The leaves below this node, in order."""
        return [self] if self.kpi else [leaf for item in self.items for leaf in item.leaves()]


@dataclass(frozen=True, slots=True)
class Level:
    """A grade: all of ``require`` must hold, and of every `any` group at least one way in (a list of formulas)."""

    name: str
    require: tuple[Formula, ...] = ()
    any: tuple[tuple[tuple[Formula, ...], ...], ...] = ()  # each group: ways; each way: formulas that all hold
    actions: tuple[str, ...] = ()
    title: str = ""
    place: Place = field(default=Place(""), compare=False)


@dataclass(frozen=True, slots=True)
class TableRow:
    """One row of a table: its keys in the order of ``Table.by``, first valid day, value."""

    keys: tuple[str, ...]
    value: Value
    since: date | None = None


@dataclass(frozen=True, slots=True)
class Table:
    """A versioned lookup. ``otherwise`` None: a missing key is blank with a reason."""

    name: str
    by: tuple[str, ...]
    rows: tuple[TableRow, ...]
    type: Type
    otherwise: Value | None = None
    title: str = ""


@dataclass(frozen=True, slots=True)
class Peers:
    """Who is compared with whom: subjects with the same attributes; below ``least`` the result is blank."""

    same: tuple[str, ...] = ()
    least: int = 5
    with_self: bool = True


@dataclass(frozen=True, slots=True)
class Conversion:
    """How money becomes the framework's currency.

    ``policy``: line date | month average | period end. ``read_as``: the fact column that names the currency in which
    amounts are to be read, where that is not the row's own `currency`. ``rates``: the source whose rates are used.
    """

    policy: Literal["line date", "month average", "period end"] = "line date"
    read_as: str | None = None
    rates: str | None = None


@dataclass(frozen=True, slots=True)
class Framework:
    """One version of a framework, whole."""

    code: str
    title: str
    subject: tuple[str, ...]  # ("partner",), ("representative",), ("partner", "territory"), ...
    grain: str  # week | month | quarter | half | year | window (a calendar given as a list of dates)
    effective: date | None
    currency: str
    measures: Mapping[str, Measure]
    kpis: Mapping[str, Kpi]
    scorecard: Node | None
    levels: tuple[Level, ...]
    source: str  # the text as written
    convert: Conversion = Conversion()
    rounding: Rounding = "half_up"
    calendar: str | None = None  # code of a company calendar other than the default
    applies_to: Formula | None = None
    settings: Mapping[str, Value] = field(default_factory=dict)
    tables: Mapping[str, Table] = field(default_factory=dict)
    curves: Mapping[str, PointsRule] = field(default_factory=dict)
    windows: Mapping[str, Window] = field(default_factory=dict)
    questions: Mapping[str, Mapping[str, object]] = field(default_factory=dict)
    peers: Peers = Peers()
    note: str = ""
    owner: str = ""
