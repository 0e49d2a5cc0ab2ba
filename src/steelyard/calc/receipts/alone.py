"""One subject's world: what its bundle holds, read as the ledger and the masters are read of everybody."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

import polars as pl

from .. import subjects as all_subjects
from ..errors import Problem, Refused
from ..facts import FACTS
from ..formula.nodes import Value
from ..framework.model import Framework
from ..measures.countries import sells_in
from ..measures.evaluate import Cube, evaluate
from ..measures.known import read_coverage
from ..measures.partial import reduce
from ..measures.plan import plan
from ..over_time.days import Changed, changed_days
from ..periods import FiscalCalendar
from ..points import Points, Reading, ReadingColumn, readings_of
from ..resolve import Resolver
from .bundle import Bundle
from .own_rows import as_facts
from .peers import Compared
from .readings import exact


@dataclass(frozen=True)
class Alone:
    """A subject by itself (an `over_time.anew.World`)."""

    bundle: Bundle
    framework: Framework
    codes: tuple[str, ...]
    cube: Cube = field(init=False)

    def __post_init__(self) -> None:
        unknown = sorted(set(self.bundle.rows) - set(FACTS))
        if unknown:
            raise Refused(Problem("unknown-fact", "there is no such kind of fact", f"rows/{unknown[0]}.jsonl", unknown[0]))
        object.__setattr__(self, "cube", self._cube())

    def _cube(self) -> Cube:
        """Phase 1 over the rows of the bundle."""
        rows, resolver = self.bundle.rows, Resolver(self.bundle.histories)
        todo = plan(self.framework, self.calendar, readings_of(self.framework))
        found = {
            scan.name: reduce(todo, scan, resolver, as_facts(scan.fact, rows[scan.fact]), rows[scan.fact].height)
            for scan in todo.scans
            if scan.fact in rows
        }
        reports = rows.get("coverage") if "coverage" in todo.facts else None
        coverage = read_coverage(as_facts("coverage", reports), resolver) if reports is not None else None
        known = {name: partial for name, partial in found.items() if partial is not None}
        return Cube(todo, resolver, known, coverage, {one.of: brought(one) for one in self.bundle.peers})

    def absent(self) -> dict[str, list[Value]]:
        """What the others had, as formulas of KPIs see it."""
        found = {one.of: [exact(text) for text in brought(one)] for one in self.bundle.peers}
        return {of: [value.numerator if value.denominator == 1 else value for value in values] for of, values in found.items()}

    @property
    def calendar(self) -> FiscalCalendar:
        """How time is cut."""
        return self.bundle.calendar

    @cached_property
    def sells_in(self) -> pl.DataFrame | None:
        """Since when the subject's rows name its country, where partners are scored by country."""
        if "country" not in self.framework.subject:
            return None
        rows = {kind: as_facts(kind, frame) for kind, frame in self.bundle.rows.items()}
        return sells_in(self.cube.plan, self.cube.resolver, rows)

    def subjects(self, day: date) -> Points:
        """The subject with its attributes on a day; nobody where it was not there."""
        points = all_subjects.subjects(self.framework, self.bundle.histories, day, self.sells_in)
        return points.take([place for place, codes in enumerate(points.subjects) if codes == self.codes])

    def read(self, points: Points) -> dict[Reading, ReadingColumn]:
        """Every reading that the framework asks for, at every point."""
        return evaluate(self.cube, points, readings_of(self.framework))

    def changed(self, points: Points, days: Sequence[date]) -> Changed:
        """The days on which something that is read of the subject changed."""
        return changed_days(self.cube, points, readings_of(self.framework), days, self.turns())

    def turns(self) -> Iterable[date]:
        """The days on which the masters of the bundle say something else."""
        return self.bundle.histories.turns()


def brought(one: Compared) -> Sequence[str]:
    """What the others brought to a comparison; where they are only counted, so many nothings."""
    return one.values or ["0"] * min(one.others, 10**7)
