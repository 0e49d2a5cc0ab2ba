"""A subject among its peers: everybody else as a stored run has them, held fixed while the one is computed again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

from steelyard.calc import kpis
from steelyard.calc.framework.model import Framework
from steelyard.calc.kpis import KpiColumn
from steelyard.calc.points import Points, Reading, ReadingColumn, readings_of
from steelyard.calc.units import Blank
from steelyard.frameworks.queries import framework as framework_of

from . import files, measuring, stored
from .kept import Kept
from .models import Run
from .opening import opened
from .scoring import subjects

Readings = Mapping[Reading, ReadingColumn]
Content = TypeVar("Content")


@dataclass(frozen=True)
class Everybody:
    """All subjects of a run with every reading."""

    points: Points
    readings: Readings


_everybody: Kept[Everybody] = Kept(2)


def beside(run: Run, framework: Framework, points: Points, readings: Readings) -> tuple[Points, Readings]:
    """The one subject of ``points``, last after everybody else of a run, read by the measures of ``framework``."""
    among = _everybody.get((run.run_id, framework.source), lambda: _of(run, framework))
    places = [place for place, subject in enumerate(among.points.subjects) if subject != points.subjects[0]]
    kept = among.points.take(places)
    names = kept.attributes.keys() & points.attributes.keys()
    together = Points(
        [*kept.subjects, *points.subjects],
        [*kept.as_of, *points.as_of],
        {name: [*kept.attributes[name], *points.attributes[name]] for name in names},
    )
    return together, {reading: _joined(among.readings[reading], places, column) for reading, column in readings.items()}


def last(column: KpiColumn) -> KpiColumn:
    """A KPI of the last point alone."""
    return replace(
        column,
        values=column.values[-1:],
        numerators=_end(column.numerators),
        denominators=_end(column.denominators),
        targets=_end(column.targets),
        no_data=column.no_data[-1:],
        counted=column.counted[-1:],
        excluded={reason: rows[-1:] for reason, rows in column.excluded.items()},
        few=column.few[-1:],
        exact=_end(column.exact),
        _natural=None,
    )


def _end(values: list[Content] | None) -> list[Content] | None:
    return None if values is None else values[-1:]


def _joined(column: ReadingColumn, places: Sequence[int], own: ReadingColumn) -> ReadingColumn:
    return ReadingColumn(
        [*(column.values[place] for place in places), *own.values], [*(column.counted[place] for place in places), *own.counted]
    )


def _of(run: Run, framework: Framework) -> Everybody:
    inputs = opened(run).inputs
    points = subjects(inputs)
    points = points.take(kpis.applicable(inputs.framework, points))
    asked = readings_of(framework)
    if framework_of(run.framework).measures == framework.measures and asked <= readings_of(inputs.framework):
        return Everybody(points, _stored(run, framework, points, asked))
    found = measuring.read(framework, inputs.calendar, inputs.histories, run.cut, points)
    return Everybody(points, found)


def _stored(run: Run, framework: Framework, points: Points, asked: set[Reading]) -> Readings:
    """The readings as the run's file has them, which are what was computed."""
    known = {subject: stored.values(framework, stored.readings(run, subject)) for subject in map(files.SEPARATOR.join, points.subjects)}
    nothing = Blank("not read")
    rows = [0] * len(points)
    return {reading: ReadingColumn([known[subject].get(reading, nothing) for subject in known], rows) for reading in asked}
