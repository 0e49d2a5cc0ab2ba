"""Phase 1 over the ledger: one pass over what is new, the cache for the rest.

Segments never change, so their partial results are kept. After a commit only the subjects that its rows belong to are
read again; every other figure is the one measured before. With an empty cache the same figures come out of one pass.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

import polars as pl

from steelyard.calc.framework.model import Framework
from steelyard.calc.lists.planning import has_peers
from steelyard.calc.measures import countries
from steelyard.calc.measures.evaluate import Cube, Measured, column_of, measure_all, subject_numbers
from steelyard.calc.measures.known import Coverage, read_coverage
from steelyard.calc.measures.partial import SUBJECT, Partial, merge, of_subjects, reduce
from steelyard.calc.measures.plan import Plan, Scan, plan
from steelyard.calc.over_time.days import Changed, changed_days
from steelyard.calc.periods import FiscalCalendar
from steelyard.calc.points import Points, Reading, ReadingColumn, readings_of
from steelyard.calc.resolve import Histories, Resolver
from steelyard.ledger.queries import EVERYTHING, Part, facts, parts

from .cache import Cache, mapped

GROUP_ROWS = 200_000  # small segments are read together up to so many rows
MOST_TOUCHED = 0.2  # above this share of the points, measuring all of them is cheaper


def read(
    framework: Framework, calendar: FiscalCalendar, histories: Histories, cut: int, points: Points, *, cached: bool = True
) -> dict[Reading, ReadingColumn]:
    """Every reading that the framework asks for, at every point, as exact values."""
    memory = Memory(plan(framework, calendar, readings_of(framework)), Resolver(histories), cut)
    found = memory.measure(points) if cached else memory.measure_anew(points)
    cube = Cube(memory.plan, memory.resolver, {}, memory.coverage())
    return {measured.reading: column_of(cube, points, measured) for measured in found}


def changed(
    framework: Framework, calendar: FiscalCalendar, histories: Histories, cut: int, points: Points, days: Sequence[date]
) -> Changed:
    """Who has to be looked at on which single days, because an input changed."""
    return changed_days(merged(framework, calendar, histories, cut), points, readings_of(framework), days, histories.turns())


def merged(framework: Framework, calendar: FiscalCalendar, histories: Histories, cut: int) -> Cube:
    """Everybody's facts, reduced to what the framework reads of them."""
    return Memory(plan(framework, calendar, readings_of(framework)), Resolver(histories), cut).cube()


def sells_in(framework: Framework, calendar: FiscalCalendar, histories: Histories, cut: int) -> pl.DataFrame:
    """Which countries partners sell in, and since when, as the facts that the framework reads say at the cut."""
    todo = plan(framework, calendar, readings_of(framework))
    rows = {scan.fact: facts(scan.fact, cut=cut, scope=EVERYTHING) for scan in todo.scans if "country" in scan.subjects}
    return countries.sells_in(todo, Resolver(histories), rows)


@dataclass
class Memory:
    """One plan at one cut, with its cache."""

    plan: Plan
    resolver: Resolver
    cut: int
    cache: Cache = field(init=False)
    listed: dict[str, list[Part]] = field(init=False)

    def __post_init__(self) -> None:
        self.cache = Cache(self.plan.digest, self.resolver.histories.digest())
        self.listed = {scan.fact: parts(scan.fact, self.cut) for scan in self.plan.scans}

    def coverage(self) -> Coverage | None:
        """What was reported at the cut, if any measure asks."""
        if "coverage" not in self.plan.facts:
            return None
        return read_coverage(facts("coverage", cut=self.cut, scope=EVERYTHING), self.resolver)

    def measure(self, points: Points) -> list[Measured]:
        """Every reading of the plan at every point."""
        name = points_digest(points)
        former = self._former(name)
        measured = self._touched_only(points, *former) if former else None
        if measured is None:
            measured = measure_all(self.cube(), points, readings_of(self.plan.framework))
        if all(part.fixed for listed in self.listed.values() for part in listed):
            self.cache.save_measured(name, self.cut, as_table(measured), {"parts": self._contents()})
        return measured

    def measure_anew(self, points: Points) -> list[Measured]:
        """The same from one pass over all facts; nothing kept is read or written."""
        partials = {}
        for scan in self.plan.scans:
            found = [self._reduced(scan, group) for group in _groups(self.listed[scan.fact])]
            if any(partial is not None for partial in found):
                partials[scan.name] = merge([partial for partial in found if partial is not None])
        return measure_all(Cube(self.plan, self.resolver, partials), points, readings_of(self.plan.framework))

    def _contents(self) -> dict[str, list[str]]:
        """The segments wholly within the cut: one that also holds later rows is not what it was then."""
        return {fact: sorted(_content(part) for part in listed if part.fixed) for fact, listed in self.listed.items()}

    def _former(self, name: str) -> tuple[pl.DataFrame, dict[str, list[Part]]] | None:
        """The newest table measured at the same points from fewer segments, and the segments it did not know."""
        now = self._contents()
        for note, path in self.cache.load_measured(name):
            if all(set(numbers) <= set(now.get(fact, ())) for fact, numbers in note["parts"].items()):
                new = {
                    fact: [part for part in listed if _content(part) not in note["parts"].get(fact, ())]
                    for fact, listed in self.listed.items()
                }
                return mapped(path), new
        return None

    def _touched_only(self, points: Points, table: pl.DataFrame, new: Mapping[str, list[Part]]) -> list[Measured] | None:
        """The former figures with those of touched subjects measured again; None if that is most of them, or if subjects are
        compared with each other while they are measured."""
        framework = self.plan.framework
        if has_peers(framework, framework.lists):
            return None
        cube = Cube(self.plan, self.resolver, {})
        touched: dict[str, pl.Series] = {}
        positions: set[int] = set()
        for scan in self.plan.scans:
            if new[scan.fact]:
                partial = self._reduced(scan, new[scan.fact])
                touched[scan.name] = partial.sums.select(SUBJECT).to_series().unique() if partial else pl.Series([], dtype=pl.Int64)
                numbers = subject_numbers(cube, scan, points)
                positions.update(numbers.is_in(touched[scan.name].implode()).arg_true().to_list())
        if len(positions) > MOST_TOUCHED * len(points):
            return None
        order = sorted(positions)
        again = points.take(order)
        asked = {scan.name: subject_numbers(cube, scan, again).unique().sort() for scan in self.plan.scans}
        fresh = measure_all(self.cube(asked), again, readings_of(self.plan.framework)) if order else []
        return from_table(table, fresh, order, self.plan, points)

    def cube(self, only: Mapping[str, pl.Series] | None = None) -> Cube:
        """The partial results of every scan, merged; of some subjects only, if told."""
        partials = {}
        for scan in self.plan.scans:
            found = [self._partial(scan, group) for group in _groups(self.listed[scan.fact])]
            kept = [of_subjects(partial, only[scan.name]) if only else partial for partial in found if partial is not None]
            if kept:
                partials[scan.name] = merge(kept)
        return Cube(self.plan, self.resolver, partials)

    def _partial(self, scan: Scan, group: list[Part]) -> Partial | None:
        if not all(part.fixed for part in group):
            return self._reduced(scan, group)
        name = self.cache.name(scan.name, [_content(part) for part in group])
        partial = self.cache.load(name)
        if partial is None:
            partial = self._reduced(scan, group)
            return None if partial is None else self.cache.save(name, partial)
        return partial

    def _reduced(self, scan: Scan, group: Iterable[Part]) -> Partial | None:
        listed = list(group)
        return reduce(self.plan, scan, self.resolver, pl.concat([part.scan() for part in listed]), sum(part.rows for part in listed))


def _groups(listed: list[Part]) -> list[list[Part]]:
    """Small parts side by side, so that a hundred monthly files cost one pass; a group once full never changes."""
    groups: list[list[Part]] = []
    for part in sorted(listed, key=lambda part: (not part.fixed, part.number)):
        is_open = bool(groups) and groups[-1][-1].fixed == part.fixed and sum(other.rows for other in groups[-1]) < GROUP_ROWS
        if is_open and part.rows < GROUP_ROWS:
            groups[-1].append(part)
        else:
            groups.append([part])
    return groups


def _content(part: Part) -> str:
    """What a fixed part holds, told by the digest of its file; numbers come again after a roll-back, digests do not."""
    return str(part.segment.sha256) if part.segment is not None else "tail"


def points_digest(points: Points) -> str:
    """Names a list of points."""
    subjects = "\n".join(map("\x1f".join, points.subjects))
    days = ",".join(map(str, map(date.toordinal, points.as_of)))
    return hashlib.sha256(f"{subjects}\x1e{days}".encode()).hexdigest()[:24]


def as_table(measured: Iterable[Measured]) -> pl.DataFrame:
    """All measured columns side by side, named ``reading|column``."""
    columns: list[pl.Series] = []
    for item in measured:
        columns += [series.alias(f"{item.reading}|{series.name}") for series in item.frame.get_columns()]
    return pl.DataFrame(columns)


def from_table(table: pl.DataFrame, fresh: list[Measured], order: list[int], todo: Plan, points: Points) -> list[Measured]:
    """What was measured before, with the rows at ``order`` replaced by fresh ones."""
    if order:
        again = pl.Series(order, dtype=pl.UInt32)
        kept = pl.int_range(table.height, dtype=pl.UInt32, eager=True)
        kept = kept.filter(~kept.is_in(again.implode()))
        table = pl.concat([table[kept], as_table(fresh)], how="diagonal")[pl.concat([kept, again]).arg_sort()]
    result = []
    for name, columns in _columns_of(table).items():
        reading = _reading(name)
        frame = table.select(pl.col(f"{name}|{column}").alias(column) for column in columns)
        reasons = tuple(column for column in columns if column not in ("value", "rows"))
        result.append(Measured(reading, todo.framework.measures[reading.measure], frame, reasons, todo.spans(reading, points.as_of)))
    return sorted(result, key=lambda item: str(item.reading))


def _columns_of(table: pl.DataFrame) -> dict[str, list[str]]:
    columns: dict[str, list[str]] = {}
    for name in table.columns:
        reading, _, column = name.partition("|")
        columns.setdefault(reading, []).append(column)
    return columns


def _reading(name: str) -> Reading:
    measure, _, window = name.removesuffix("]").partition("[")
    return Reading(measure, window or None)
