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
from .over_time import Held, History, Open, Question, Standing, Trigger, Turns
from .terms import Aggregate, FactList, KnownWhen, ListColumn, Measure, Place, Rule, Span, Window

__all__ = [
    "Aggregate", "Band", "Conversion", "FactList", "Framework", "Gate", "Held", "History", "KnownWhen", "Kpi", "Level", "ListColumn",
    "Measure", "NoData", "Node", "Open", "Peers", "Place", "PointsRule", "Question", "Rollup", "Rule", "Span", "Standing", "Table",
    "TableRow", "Trigger", "Turns", "Window",
]  # fmt: skip


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
    held: Held | None = None
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
class Rollup:
    """One result for ``to`` from the cards of its parts: the highest or lowest level of them, or ``levels`` over `parts(…)`."""

    to: str
    level: Literal["highest", "lowest", "none"] = "none"
    levels: tuple[Level, ...] = ()
    place: Place = field(default=Place(""), compare=False)


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
    units: Mapping[str, str] = field(
        default_factory=dict
    )  # of settings, and of what curves are read at: kinds of number, as sentences say them
    tables: Mapping[str, Table] = field(default_factory=dict)
    curves: Mapping[str, PointsRule] = field(default_factory=dict)
    windows: Mapping[str, Window] = field(default_factory=dict)
    questions: Mapping[str, Question] = field(default_factory=dict)
    attributes: Mapping[str, Mapping[str, Type]] = field(default_factory=dict)  # of the company's own: partner | product -> name -> type
    lists: Mapping[str, FactList] = field(default_factory=dict)  # in the order of need: a list reads lists before it
    peers: Peers = Peers()
    history: History | None = None
    standing: Standing | None = None
    rollup: Rollup | None = None
    triggers: tuple[Trigger, ...] = ()
    earlier: Literal["as published", "as known now"] = "as published"
    open: tuple[Open, ...] = ()
    extends: str = ""  # the framework whose regional version this is
    base: str = ""  # and its text as written
    changed: tuple[str, ...] = ()  # the key paths that this region sets
    note: str = ""
    owner: str = ""
