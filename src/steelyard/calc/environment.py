"""What a formula of phase 2 can see: columns by name, one value per point.

Order of names: what the place adds (points of a node, ...), KPIs, measures, settings, attributes, the subject's keys.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from typing import Protocol

from .errors import Problem, Refused
from .formula import evaluate
from .formula.nodes import Call, Formula, Node, Value, names_in
from .formula.text import to_text
from .framework.model import Framework, PointsRule
from .points import Points, Reading, ReadingColumn
from .rules import points_function
from .units import Blank, Exact

Columns = Mapping[Reading, ReadingColumn]
Absent = Mapping[str, Sequence[Value]]


class Looking(Protocol):
    """What answers functions that look beyond the present: earlier results, days, the parts of a roll-up."""

    def look(self, call: Call, present: Surroundings) -> list[Value]:
        """The function for every point of the present."""


@dataclass(slots=True)
class Surroundings:
    """The names known at one place, computed when first asked for.

    ``past`` answers `previous(x)` and the like; ``node`` is the node of the scorecard whose `points` are meant;
    ``absent``: what peers had who are not among the points, by the text of what is compared.
    """

    framework: Framework
    points: Points
    readings: Columns
    known: Mapping[str, Callable[[], list[Value]]] = field(default_factory=dict)
    past: Looking | None = None
    node: str = ""
    absent: Absent = field(default_factory=dict)
    _found: dict[str, list[Value]] = field(default_factory=dict)
    _curves: dict[int, Callable[[object], Exact | Blank]] = field(default_factory=dict)

    def values(self, formula: Formula | Node) -> list[Value]:
        """The formula at every point. The list may be shared: it is read, never changed."""
        tree = formula.tree if isinstance(formula, Formula) else formula
        return evaluate.columns(tree, self._environment(), len(self.points))

    def _environment(self) -> evaluate.Environment:
        framework = self.framework
        return evaluate.Environment(
            as_of=self.points.as_of,
            column=self.column,
            windowed=self.windowed,
            tables=framework.tables,
            curves=framework.curves,
            curve_points=self._curve_points,
            levels=[level.name for level in framework.levels],
            groups=self.peer_groups(),
            peers=framework.peers,
            rounding=framework.rounding,
            absent=lambda argument: list(self.absent.get(to_text(argument), ())),
            looked_back=self._looked_back,
        )

    def _looked_back(self, call: Call) -> list[Value]:
        if self.past is None:
            return [Blank("no earlier result")] * len(self.points)
        return self.past.look(call, self)

    def _curve_points(self, rule: PointsRule, value: object) -> Value:
        if id(rule) not in self._curves:
            self._curves[id(rule)] = points_function(rule, self._points_of_curve(rule))
        return self._curves[id(rule)](value)

    def _points_of_curve(self, rule: PointsRule) -> Exact | None:
        """The points of a curve that is `per`: a number or a calculation with settings."""
        if rule.points is None:
            return None
        value = constant(rule.points, self.framework.settings)
        if not isinstance(value, (int, Fraction)):
            raise Refused(Problem("not-constant", "the points of a curve are one number", found=rule.points.text))
        return value

    def column(self, name: str) -> list[Value]:
        """The values of a name; a name nobody delivered is blank and says so."""
        if name not in self._found:
            self._found[name] = self._column(name)
        return self._found[name]

    def _column(self, name: str) -> list[Value]:
        if name in self.known:
            return self.known[name]()
        if name in self.framework.measures:
            return self._reading(Reading(name))
        if name in self.framework.settings:
            return [self.framework.settings[name]] * len(self.points)
        if name in self.points.attributes:
            return self.points.attributes[name]
        if name == "as_of":
            return list(self.points.as_of)
        if name in self.framework.subject:
            position = self.framework.subject.index(name)
            return [subject[position] for subject in self.points.subjects]
        return [Blank(f"{name} is not known")] * len(self.points)

    def windowed(self, measure: str, window: str) -> list[Value]:
        """The values of a measure through a window."""
        return self._reading(Reading(measure, window))

    def _reading(self, reading: Reading) -> list[Value]:
        column = self.readings.get(reading)
        if column is None:
            return [Blank(f"{reading} was not read")] * len(self.points)
        return column.values

    def peer_groups(self) -> list[Hashable]:
        """Points with equal `peers: same:` attributes are each other's peers."""
        if not self.framework.peers.same:
            return [()] * len(self.points)
        return list(zip(*(self.column(name) for name in self.framework.peers.same), strict=True))


def constant(formula: Formula, settings: Mapping[str, Value]) -> Value:
    """The value of a formula that reads numbers and settings only; blank if it reads anything else."""
    if not names_in(formula.tree) <= set(settings):
        return Blank(f"{formula.text} is not the same for everybody")
    environment = evaluate.Environment(as_of=[date.min], column=lambda name: [settings[name]])
    return evaluate.columns(formula.tree, environment, 1)[0]
