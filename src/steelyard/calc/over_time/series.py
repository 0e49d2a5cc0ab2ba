"""Several evaluations in a row, each seeing those before it: vectors with a `series`, and `earlier: as known now`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from .. import kpis as kpis_module
from .. import scorecards
from ..environment import Columns
from ..framework.model import Framework
from ..kpis import Given
from ..periods import FiscalCalendar
from ..points import Points
from ..scorecards import Cards
from .moments import moment_of
from .past import Moment, Past
from .standing import Holding


@dataclass(frozen=True, slots=True)
class Step:
    """One evaluation: its points, all on one date, their readings, and the KPIs and points of nodes that are given."""

    points: Points
    readings: Columns = field(default_factory=dict)
    kpis: Given | None = None
    nodes: Given | None = None


def over_series(
    framework: Framework,
    steps: Sequence[Step],
    *,
    calendar: FiscalCalendar | None = None,
    was: str | None = None,
    cycles: Mapping[str, Sequence[date]] | None = None,
    days: Moment | None = None,
) -> list[Cards]:
    """The cards of every step, oldest first. ``was``: the standing that all subjects have before the first one."""
    past = Past(framework, (), calendar or FiscalCalendar("standard"), days, cycles or {}, None if was is None else Holding(was))
    found: list[Cards] = []
    for step in sorted(steps, key=lambda step: step.points.as_of[:1]):
        values = kpis_module.compute(framework, step.points, step.readings, given=step.kpis, past=past)
        cards = scorecards.compute(framework, step.points, values, step.readings, given=step.nodes, past=past)
        found.append(cards)
        moments = (*past.moments, moment_of(cards, step.readings))
        past = Past(framework, moments, past.calendar, days, past.cycles, past.was)
    return found
