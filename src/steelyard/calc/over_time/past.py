"""The past of earlier evaluations, and the functions that look back along it: previous, in_a_row, count_true, any_day."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING

from ..environment import Columns, Surroundings
from ..formula.nodes import Call, Name, Node, Value
from ..framework.model import Framework, Window
from ..framework.windows import READY_WINDOWS
from ..periods import FiscalCalendar
from ..points import Points
from ..units import Blank
from .standing import Holding

if TYPE_CHECKING:
    from ..kpis import Stored

Subject = tuple[str, ...]
NO_EARLIER = "no earlier result"


@dataclass(frozen=True, slots=True)
class Moment:
    """One earlier evaluation of many subjects.

    ``known``: KPIs, `points`, `overall`, `passes`, `points(node)`, `passes(node)` and `level`, in natural units.
    ``fresh``: KPIs as stored, blank where the value was itself carried from before.
    """

    as_of: date
    points: Points = field(default_factory=lambda: Points([], []))
    readings: Columns = field(default_factory=dict)
    known: Mapping[str, Callable[[], list[Value]]] = field(default_factory=dict)
    fresh: Mapping[str, Callable[[], list[Stored]]] = field(default_factory=dict)
    holdings: Mapping[Subject, Holding] = field(default_factory=dict)


@dataclass(slots=True)
class Past:
    """The evaluations before the present, oldest first. ``was``: what is held by who has no earlier standing.

    ``days``: evaluations on single days between them, each a point with its own date; `any_day` and `held: {once_in}` read
    them. ``cycles``: the days of each named review cycle.
    """

    framework: Framework
    moments: tuple[Moment, ...] = ()
    calendar: FiscalCalendar = field(default_factory=lambda: FiscalCalendar("standard"))
    days: Moment | None = None
    cycles: Mapping[str, Sequence[date]] = field(default_factory=dict)
    was: Holding | None = None
    _places: dict[int, dict[Subject, int]] = field(default_factory=dict)
    _around: dict[tuple[int, str], Surroundings] = field(default_factory=dict)
    _values: dict[tuple[int, int, str], list[Value]] = field(default_factory=dict)

    def places(self, index: int) -> dict[Subject, int]:
        """Where each subject stands in a moment."""
        if index not in self._places:
            self._places[index] = {subject: place for place, subject in enumerate(self.moments[index].points.subjects)}
        return self._places[index]

    def around(self, index: int, node: str = "") -> Surroundings:
        """What a formula saw at a moment; inside a node `points` and `passes` are the node's."""
        if (index, node) not in self._around:
            before = Past(self.framework, self.moments[:index], self.calendar, self.days, self.cycles, self.was)
            self._around[(index, node)] = seen(self.framework, self.moments[index], before, node)
        return self._around[(index, node)]

    def values(self, index: int, tree: Node, node: str = "") -> list[Value]:
        """A formula at a moment, one value per subject of it."""
        key = (index, id(tree), node)
        if key not in self._values:
            self._values[key] = self.around(index, node).values(tree)
        return self._values[key]

    def held_before(self, subject: Subject) -> Holding | None:
        """The newest standing of a subject before the present."""
        for moment in reversed(self.moments):
            if subject in moment.holdings:
                return moment.holdings[subject]
        return self.was

    def window(self, window: Window, as_of: date) -> tuple[date, date]:
        """First day of a window and the day after its last."""
        return self.calendar.window(window, as_of, self.framework.grain)

    def carried(self, points: Points) -> dict[str, list[list[Stored]]]:
        """For every KPI that carries values on: per point the values of earlier periods, the newest first."""
        found: dict[str, list[list[Stored]]] = {}
        for name, kpi in self.framework.kpis.items():
            if kpi.no_data.policy == "carry":
                back = list(reversed(range(len(self.moments))))[: int(kpi.no_data.amount)]
                columns = [(self.places(index), self.moments[index].fresh[name]()) for index in back if name in self.moments[index].fresh]
                nothing = Blank(NO_EARLIER)
                found[name] = [
                    [column[places[subject]] if subject in places else nothing for places, column in columns] for subject in points.subjects
                ]
        return found

    # functions of formulas --------------------------------------------------------------------------------------

    def look(self, call: Call, present: Surroundings) -> list[Value]:
        """A function over earlier results, for every point of the present."""
        tree = call.arguments[0]
        if call.function == "previous":
            return self._previous(tree, present)
        spans = self._spans(call, present)
        if call.function == "in_a_row":
            return list(self._in_a_row(tree, present, spans))
        if call.function == "count_true":
            return list(self._count_true(tree, present, spans))
        return list(self._any_day(tree, present, spans))

    def _spans(self, call: Call, present: Surroundings) -> dict[date, tuple[date, date]]:
        """The window of the second argument at each as-of date; without one, all time."""
        found = {}
        for day in set(present.points.as_of):
            window = Window("all time")
            if len(call.arguments) > 1:
                named = call.arguments[1]
                assert isinstance(named, Name)
                window = self.framework.windows.get(named.name) or READY_WINDOWS[named.name]
            found[day] = self.window(window, day)
        return found

    def _previous(self, tree: Node, present: Surroundings) -> list[Value]:
        if not self.moments:
            return [Blank(NO_EARLIER)] * len(present.points)
        index = len(self.moments) - 1
        values, places = self.values(index, tree, present.node), self.places(index)
        nothing = Blank(NO_EARLIER)
        return [values[places[subject]] if subject in places else nothing for subject in present.points.subjects]

    def _in_a_row(self, tree: Node, present: Surroundings, spans: Mapping[date, tuple[date, date]]) -> list[int]:
        """So many evaluations, this one and those right before it, at which the rule held; a blank ends the row."""
        counts = [int(value is True and _inside(day, spans[day])) for value, day in _dated(present, tree)]
        running = [position for position, count in enumerate(counts) if count]
        for index in reversed(range(len(self.moments))):
            if not running:
                break
            as_of, values, places = self.moments[index].as_of, self.values(index, tree, present.node), self.places(index)
            still = []
            for position in running:
                place = places.get(present.points.subjects[position])
                if place is not None and values[place] is True and _inside(as_of, spans[present.points.as_of[position]]):
                    counts[position] += 1
                    still.append(position)
            running = still
        return counts

    def _count_true(self, tree: Node, present: Surroundings, spans: Mapping[date, tuple[date, date]]) -> list[int]:
        counts = [int(value is True and _inside(day, spans[day])) for value, day in _dated(present, tree)]
        for index in range(len(self.moments)):
            for position in self._true_at(index, tree, present, spans):
                counts[position] += 1
        return counts

    def _any_day(self, tree: Node, present: Surroundings, spans: Mapping[date, tuple[date, date]]) -> list[bool]:
        found = [value is True and _inside(day, spans[day]) for value, day in _dated(present, tree)]
        for index in range(len(self.moments)):
            for position in self._true_at(index, tree, present, spans):
                found[position] = True
        if self.days is not None:
            around = seen(self.framework, self.days, None)
            held = [holds is True for holds in around.values(tree)]
            return self.on_days(held, present.points, spans, found)
        return found

    def _true_at(self, index: int, tree: Node, present: Surroundings, spans: Mapping[date, tuple[date, date]]) -> list[int]:
        """The points whose subject met the rule at a moment inside their window."""
        as_of = self.moments[index].as_of
        if not any(_inside(as_of, span) for span in spans.values()):
            return []
        values, places, points = self.values(index, tree, present.node), self.places(index), present.points
        return [
            position
            for position, subject in enumerate(points.subjects)
            if subject in places and values[places[subject]] is True and _inside(as_of, spans[points.as_of[position]])
        ]

    def on_days(self, held: Sequence[bool], points: Points, spans: Mapping[date, tuple[date, date]], found: Sequence[bool]) -> list[bool]:
        """``found``, and true where something held on a single day inside the point's window. ``held``: per point of `days`."""
        assert self.days is not None
        days: dict[Subject, list[date]] = {}
        for subject, day, holds in zip(self.days.points.subjects, self.days.points.as_of, held, strict=True):
            if holds:
                days.setdefault(subject, []).append(day)
        return [
            already or any(_inside(day, spans[as_of]) for day in days.get(subject, ()))
            for already, subject, as_of in zip(found, points.subjects, points.as_of, strict=True)
        ]


def seen(framework: Framework, moment: Moment, before: Past | None, node: str = "") -> Surroundings:
    """What formulas see at a moment."""
    known = dict(moment.known)
    if node:
        for name in ("points", "passes"):
            known[name] = moment.known.get(f"{name}({node})", lambda: [Blank(f"there was no {node}")] * len(moment.points))
    return Surroundings(framework, moment.points, moment.readings, known, past=before, node=node)


def _dated(present: Surroundings, tree: Node) -> list[tuple[Value, date]]:
    return list(zip(present.values(tree), present.points.as_of, strict=True))


def _inside(day: date, span: tuple[date, date]) -> bool:
    return span[0] <= day < span[1]
