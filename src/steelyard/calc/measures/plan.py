"""The plan of phase 1: which passes over which facts a framework needs, and what each pass adds up.

A *scan* reads one kind of fact once, by one date, for all measures that share them. Within a scan, plain sums share
one grouped table and every measure that needs keys (distinct, first, last, ...) names the columns of its own.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from ..errors import Problem, Refused
from ..facts import FACTS, Kind
from ..formula import nodes
from ..formula.nodes import names_in
from ..framework.model import Framework, Measure, Window
from ..lists.planning import ORIGIN, asked_of_facts, is_pick
from ..over_time.needs import asks_about_days
from ..periods import READY_WINDOWS, FiscalCalendar
from ..points import Reading
from ..resolve import SUBJECTS

ENGINE = "1"  # part of every run id and cache key: raise it when phase 1 or 2 gives other numbers for the same inputs
Span = tuple[date, date]  # half-open
PLAIN = ("sum", "count", "mean")


@dataclass(frozen=True, slots=True)
class Scan:
    """One pass: kind of fact, date column (None: rows are asked by validity), day or fiscal cells, subject columns."""

    fact: str
    date: str | None
    by_day: bool
    subjects: tuple[str, ...]
    measures: tuple[Measure, ...]

    @property
    def kind(self) -> Kind:
        """The declaration of the fact."""
        return FACTS[self.fact]

    @property
    def name(self) -> str:
        """Names the scan's partial results."""
        return f"{self.fact}.{self.date or 'validity'}.{'day' if self.by_day else 'cell'}.{'x'.join(self.subjects)}"


@dataclass(frozen=True)
class Plan:
    """What phase 1 does for one framework and one calendar."""

    framework: Framework
    calendar: FiscalCalendar
    scans: tuple[Scan, ...]

    @property
    def facts(self) -> list[str]:
        """The kinds of fact read, in order."""
        wanted = {scan.fact for scan in self.scans}
        if any(measure.known_when for measure in self.framework.measures.values()):
            wanted.add("coverage")
        return sorted(wanted)

    @property
    def digest(self) -> str:
        """Changes whenever a partial result of this plan would."""
        of_region = (
            (self.framework.base, *self.framework.changed) if self.framework.base else ()
        )  # its text is a difference: it says little without these
        parts = (ENGINE, self.framework.source, *of_region, repr(self.calendar), repr([scan.name for scan in self.scans]))
        return hashlib.sha256("\x1e".join(parts).encode()).hexdigest()

    def scan_of(self, measure: str) -> Scan:
        """The scan that adds this measure up (of a measure over a list none does: its list is made of several)."""
        return next(scan for scan in self.scans if any(item.name == measure for item in scan.measures))

    def windows(self, window: Window, days: Iterable[date]) -> dict[date, Span]:
        """The half-open span of days that a window holds, per as-of date."""
        return {day: self.calendar.window(window, day, self.framework.grain) for day in sorted(set(days))}

    def spans(self, reading: Reading, days: Iterable[date]) -> dict[date, Span]:
        """The span of a reading per as-of date."""
        return self.windows(window_of(self.framework, self.framework.measures[reading.measure], reading.window), days)


def key_columns(measure: Measure) -> tuple[str, ...]:
    """The row columns that join the grouping key for this measure (docs/reference/framework-language.md); ``#value`` is its row value."""
    key: list[str] = [*measure.per]
    if measure.valid_on:
        key += ["#valid_from", "#valid_to"]
    key += measure.once_per
    if (
        measure.aggregate in ("count_distinct", "median", "min", "max")
        or measure.once_per
        or (measure.aggregate in ("first", "last") and measure.type.kind in ("text", "date"))
    ):
        key.append("#value")
    return tuple(key)


def is_plain(measure: Measure) -> bool:
    """Whether the measure is a plain signed sum of its cells."""
    return measure.aggregate in PLAIN and not key_columns(measure)


def window_of(framework: Framework, measure: Measure, name: str | None) -> Window:
    """The window a reading asks for; one without a length keeps the measure's own, seen from so much earlier."""
    if name is None:
        return measure.window
    window = framework.windows.get(name) or READY_WINDOWS[name]
    own = measure.window
    if window.unit is not None:
        return window
    if own.shift and window.shift and own.shift_unit != window.shift_unit:
        raise Refused(
            Problem(
                "window-shift", f"`{measure.name}[{name}]` would be shifted twice in different units", hint="define a window that says both"
            )
        )
    return Window(own.unit, own.count, own.shift + window.shift, window.shift_unit if window.shift else own.shift_unit)


def plan(framework: Framework, calendar: FiscalCalendar, readings: Iterable[Reading]) -> Plan:
    """The scans for the readings that phase 2 asks for; measures nobody reads are not computed."""
    asked: dict[str, tuple[Measure, set[Window], bool]] = {}
    for reading in readings:
        measure = framework.measures[reading.measure]
        window = window_of(framework, measure, reading.window)
        found = asked_of_facts(framework, measure.list, window) if measure.list else [(measure, (window,), False)]
        for part, windows, by_day in found:
            _, known, before = asked.get(part.name, (part, set(), False))
            asked[part.name] = (part, known.union(windows), before or by_day or part.aggregate in ("first", "last"))
    single_days = asks_about_days(framework)
    groups: dict[tuple[str, str | None, bool, tuple[str, ...]], list[Measure]] = {}
    for name in sorted(asked):
        measure, seen, by_day = asked[name]
        by_day = by_day or single_days or any(_needs_days(window, framework.grain, calendar) for window in seen)
        day = None if measure.valid_on else measure.date or FACTS[measure.fact].date
        subjects = ("partner",) if measure.repeat_per_subject and "partner" in framework.subject else framework.subject
        groups.setdefault((measure.fact, day, by_day and day is not None, subjects), []).append(measure)
    scans = tuple(
        Scan(fact, day, by_day, subjects, tuple(items)) for (fact, day, by_day, subjects), items in sorted(groups.items(), key=repr)
    )
    return Plan(framework, calendar, scans)


def _needs_days(window: Window, grain: str, calendar: FiscalCalendar) -> bool:
    """Whether a window can begin or end within a fiscal cell; in a calendar of dates any but a closed window can."""
    by_days = window.unit == "days" or (window.shift_unit == "days" and window.shift > 0)
    return by_days or grain == "week" or calendar.pattern == "dates"


def row_names(measure: Measure) -> set[str]:
    """Every row column, resolved column, setting or table key that the measure's formulas name."""
    trees: list[nodes.Node] = [rule.formula.tree for rule in measure.where]
    if measure.value is not None:
        trees.append(measure.value.tree)
    kept_apart = {*measure.once_per, *measure.per} - set(ORIGIN)
    return kept_apart.union(*(names_in(tree) for tree in trees))


def needed_columns(scan: Scan, framework: Framework) -> set[str]:
    """All names that one pass must provide, subjects included."""
    names = set(scan.subjects) | {name for measure in scan.measures for name in row_names(measure)}
    return names - set(framework.settings) - set(framework.tables)


def amount_columns(measure: Measure, kind: Kind) -> Mapping[str, str]:
    """Money columns of the measure's value, or of the rows that a list picks -> the column that holds their currency."""
    if not is_pick(measure) and (measure.value is None or measure.type.kind != "money"):
        return {}
    names = set(measure.per) if is_pick(measure) else names_in(measure.value.tree) if measure.value is not None else set()
    return {
        name: kind.by_name[name].currency or ""
        for name in sorted(names)
        if name in kind.by_name and kind.by_name[name].type in ("money", "price")
    }


__all__ = [
    "ENGINE",
    "SUBJECTS",
    "Plan",
    "Scan",
    "amount_columns",
    "is_pick",
    "is_plain",
    "key_columns",
    "needed_columns",
    "plan",
    "row_names",
    "window_of",
]
