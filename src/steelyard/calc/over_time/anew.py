"""Earlier evaluations computed now: every period before the present one (`earlier: as known now`), and the single days that
`any_day` and `held: {once_in}` ask about. Where rows and histories come from is said by a `World`."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Protocol

from .. import kpis, scorecards
from ..formula.nodes import Value
from ..framework.model import Framework
from ..periods import FiscalCalendar, Period
from ..periods.days import ONE_DAY
from ..points import Points, Reading, ReadingColumn
from .days import Changed
from .moments import moment_of
from .needs import days_asked
from .past import Past


class World(Protocol):
    """What evaluations are computed from."""

    @property
    def framework(self) -> Framework:
        """The rules."""

    @property
    def calendar(self) -> FiscalCalendar:
        """How time is cut."""

    def subjects(self, day: date) -> Points:
        """Who exists on a day, with their attributes on it."""

    def read(self, points: Points) -> Mapping[Reading, ReadingColumn]:
        """Every reading that the framework asks for, at every point."""

    def changed(self, points: Points, days: Sequence[date]) -> Changed:
        """Who has to be looked at on which of the days."""

    def turns(self) -> Iterable[date]:
        """The days on which a history says something else than the day before."""


def computed(world: World, present: Period, cycles: Mapping[str, Sequence[date]]) -> Past:
    """Every period from the day the framework is effective to the present one, each with the past before it."""
    framework, calendar = world.framework, world.calendar
    past = Past(framework, (), calendar, cycles=cycles)
    first = framework.effective or present.start
    for period in calendar.periods(framework.grain, first, present.start - ONE_DAY):
        if period.as_of < first or period.end > present.start:
            continue
        past = with_days(past, world, period.as_of)
        points = world.subjects(period.as_of)
        points = points.take(kpis.applicable(framework, points))
        readings = world.read(points)
        values = kpis.compute(framework, points, readings, past=past)
        cards = scorecards.compute(framework, points, values, readings, past=past)
        moment = replace(moment_of(cards, readings), as_of=period.as_of)
        past = Past(framework, (*past.moments, moment), calendar, cycles=cycles)
    return past


def with_days(past: Past, world: World, as_of: date) -> Past:
    """The past with the single days on which an input changed, where the framework asks about days."""
    framework, span = world.framework, days_asked(world.framework, as_of, world.calendar)
    if span is None:
        return past
    whole = world.subjects(as_of)
    days = [span[0] + number * ONE_DAY for number in range((min(span[1], as_of) - span[0]).days)]
    found = world.changed(whole, days)
    points = _on_days(world, whole, found.pairs(len(whole)))
    points = points.take(kpis.applicable(framework, points))
    readings = world.read(points)
    values = kpis.compute(framework, points, readings)
    cards = scorecards.compute(framework, points, values, readings, shared=False)
    return replace(past, days=moment_of(cards, readings))


def _on_days(world: World, whole: Points, pairs: list[tuple[int, date]]) -> Points:
    """Subjects on days, with the attributes they had on each; who was not there on a day is left out."""
    turns = sorted(world.turns())
    known: dict[int, dict[tuple[str, ...], dict[str, Value]]] = {}  # by the number of turns before a day
    found = Points([], [], {name: [] for name in whole.attributes})
    for position, day in pairs:
        epoch = bisect_right(turns, day)
        if epoch not in known:
            then = world.subjects(day)
            rows = zip(*then.attributes.values(), strict=True)
            known[epoch] = {subject: dict(zip(then.attributes, row, strict=True)) for subject, row in zip(then.subjects, rows, strict=True)}
        told = known[epoch].get(whole.subjects[position])
        if told is not None:
            found.subjects.append(whole.subjects[position])
            found.as_of.append(day)
            for name, column in found.attributes.items():
                column.append(told[name])
    return found
