"""The days on which an input of a rule changed: what `any_day` and `held: {once_in}` have to look at between two evaluations.

On a quiet day everything is as it was the day before. A value changes when a row enters or leaves one of the windows that
are read, when a validity begins or ends, or when masters, tables or rates say something else.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import polars as pl

from ..formula.functions import FUNCTIONS
from ..formula.nodes import Call, names_in
from ..framework.formulas import walk
from ..framework.model import Framework, Measure, Window
from ..lists.planning import asked_of_facts, has_peers
from ..measures.cells import cell_of
from ..measures.evaluate import Cube, subject_numbers
from ..measures.partial import CELL, SUBJECT
from ..measures.plan import Plan, Scan, window_of
from ..points import Points, Reading, formulas_of
from .needs import EVER

ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Changed:
    """Days on which everybody is looked at, and single subjects (by their position) on days of their own."""

    everybody: frozenset[date]
    single: frozenset[tuple[int, date]]

    def pairs(self, count: int) -> list[tuple[int, date]]:
        """Every position and day, in order of day."""
        found = set(self.single) | {(position, day) for day in self.everybody for position in range(count)}
        return sorted(found, key=lambda pair: (pair[1], pair[0]))


def changed_days(cube: Cube, points: Points, readings: Iterable[Reading], days: Sequence[date], masters: Iterable[date]) -> Changed:
    """Who has to be looked at on which of the ``days`` (in a row); ``masters``: days on which a history turns."""
    framework = cube.plan.framework
    if not days:
        return Changed(frozenset(), frozenset())
    everybody = {days[0], *masters, *_of_tables(framework)}
    if _moves_daily(framework):
        return Changed(frozenset(days), frozenset())
    if any(measure.known_when for measure in framework.measures.values()):
        everybody |= {day for day in days if cube.plan.calendar.index(day, "month") != cube.plan.calendar.index(day - ONE_DAY, "month")}
    single: set[tuple[int, date]] = set()
    for scan, window in sorted(_looked_at(cube.plan, readings), key=repr):
        partial = cube.partials.get(scan.name)
        if partial is None:
            continue
        places = _places(cube, scan, points)
        moved = _moved(cube.plan, scan, window, days, partial.sums) if scan.date else _validities(partial.sums, days)
        for number, day in moved.iter_rows():
            single |= {(position, day) for position in places.get(number, ())}
    inside = frozenset(day for day in everybody if days[0] <= day <= days[-1])
    if _has_peers(framework):
        return Changed(inside | {day for _, day in single}, frozenset())
    return Changed(inside, frozenset(single))


def _looked_at(plan: Plan, readings: Iterable[Reading]) -> set[tuple[Scan, Window]]:
    """Every scan with each window through which it is read."""
    framework, found = plan.framework, set()
    for reading in readings:
        measure = framework.measures[reading.measure]
        window = window_of(framework, measure, reading.window)
        asked: Iterator[tuple[Measure, tuple[Window, ...], bool]] | list[tuple[Measure, tuple[Window, ...], bool]]
        asked = asked_of_facts(framework, measure.list, window) if measure.list else [(measure, (window,), False)]
        for part, windows, _ in asked:
            found |= {(plan.scan_of(part.name), one) for one in windows}
    return found


def _moved(plan: Plan, scan: Scan, window: Window, days: Sequence[date], sums: pl.DataFrame) -> pl.DataFrame:
    """Number of a subject and day: a row of the subject enters or leaves the window on the day."""
    spans = [plan.calendar.window(window, day, plan.framework.grain) for day in (days[0] - ONE_DAY, *days)]
    pairs = []
    for day, before, now in zip(days, spans, spans[1:], strict=False):
        for former, later in zip(before, now, strict=True):
            low, high = min(former, later), max(former, later)
            if low > EVER:
                pairs += [(cell_of(plan, scan, low + timedelta(days=n)), day) for n in range((high - low).days)]
    table = pl.DataFrame(pairs, schema={"#cell": pl.Int32, "#day": pl.Date}, orient="row")
    rows = sums.select(SUBJECT.alias("#subject"), CELL.cast(pl.Int32).alias("#cell")).unique()
    return rows.join(table, on="#cell").select("#subject", "#day").unique().sort("#subject", "#day")


def _validities(sums: pl.DataFrame, days: Sequence[date]) -> pl.DataFrame:
    """Number of a subject and day: a validity begins, or is over since the day before."""
    begins = sums.select(SUBJECT.alias("#subject"), pl.col("#valid_from").alias("#day"))
    over = sums.select(SUBJECT.alias("#subject"), pl.col("#valid_to").dt.offset_by("1d").alias("#day"))
    return pl.concat([begins, over]).filter(pl.col("#day").is_between(days[0], days[-1])).unique().sort("#subject", "#day")


def _places(cube: Cube, scan: Scan, points: Points) -> dict[int, list[int]]:
    found: dict[int, list[int]] = {}
    for position, number in enumerate(subject_numbers(cube, scan, points).to_list()):
        found.setdefault(number, []).append(position)
    return found


def _of_tables(framework: Framework) -> set[date]:
    return {row.since for table in framework.tables.values() for row in table.rows if row.since is not None}


def _moves_daily(framework: Framework) -> bool:
    """Whether something may change every day: the date itself is read, or money is converted at the day's rate."""
    trees = [formula.tree for formula in formulas_of(framework)]
    trees += [column.formula.tree for one in framework.lists.values() for column in one.columns.values() if column.formula is not None]
    by_rate = framework.convert.policy != "line date" and any(one.type.kind == "money" for one in framework.measures.values())
    return by_rate or any("as_of" in names_in(tree) for tree in trees)


def _has_peers(framework: Framework) -> bool:
    """Whether one subject's change moves the others."""
    calls = [part for formula in formulas_of(framework) for part in walk(formula.tree) if isinstance(part, Call)]
    of_peers = any(part.function in FUNCTIONS and FUNCTIONS[part.function].group == "peers" for part in calls)
    return of_peers or has_peers(framework, framework.lists)
