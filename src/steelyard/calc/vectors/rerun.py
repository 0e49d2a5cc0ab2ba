"""Vectors run on one framework after another: what is read from rows is read once, and cards are computed in one go."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from ..errors import Refused
from ..formula.functions import PEER_FUNCTIONS
from ..formula.nodes import Call, names_in
from ..framework.formulas import walk
from ..framework.model import Framework
from ..kpis import KpiColumn
from ..over_time import Past
from ..points import Points, Reading, ReadingColumn, formulas_of, row_formulas_of
from ..units import Blank
from .compare import differences
from .compute import Computed, Read, adapted, computed, found_kpis, read_steps, scored
from .model import Step, Vector


@dataclass
class Rerun:
    """The vectors of a framework that hold, to be run on frameworks that differ from it in numbers and ends.

    A vector of one date that changes nothing beside its subject is computed together with its like, each at a position of
    its own; every other is run by itself, the one that failed last before the others.
    """

    framework: Framework
    vectors: Sequence[Vector]
    _read: dict[int, list[Read]] = field(init=False, default_factory=dict)
    _rows: dict[int, tuple[object, ...]] = field(init=False, default_factory=dict)  # what the rows of a vector were read by
    _alone: list[int] = field(init=False)
    _together: list[_Together] = field(init=False)

    def __post_init__(self) -> None:
        held = [place for place, vector in enumerate(self.vectors) if self._holds(place, vector)]
        joined = [] if _compares(self.framework) else [place for place in held if _joins(self.vectors[place])]
        given = [place for place in joined if self.vectors[place].facts is None]
        rows = [place for place in joined if place not in given]
        self._alone = [place for place in held if place not in joined]
        self._together = [self._joined(places) for places in (given, rows) if places]

    def _holds(self, place: int, vector: Vector) -> bool:
        if vector.changed is not None:
            return False
        suited = adapted(self.framework, vector)
        try:
            self._read[place] = read_steps(suited, vector)
        except Refused:
            return False
        self._rows[place] = read_by(suited)
        return not self._fails(self.framework, place)

    def notices(self, framework: Framework) -> bool:
        """Whether any vector fails on the changed framework."""
        rows, alone = read_by(framework), list(self._alone)
        for together in self._together:
            if together.rows and rows != self._rows[together.places[0]]:
                alone += together.places
            elif together.fails(framework):
                return True
        for place in alone:
            if self._fails(framework, place):
                self._first(place)
                return True
        return False

    def _first(self, place: int) -> None:
        """Let the vector be tried before the others that are run by themselves."""
        for places in (self._alone, *(together.places for together in self._together)):
            if place in places:
                places.remove(place)
                places.insert(0, place)

    def _fails(self, framework: Framework, place: int) -> bool:
        vector = self.vectors[place]
        suited = adapted(framework, vector)
        kept = vector.facts is None or read_by(suited) == self._rows[place]
        try:
            return any(True for _ in differences(vector.expected, computed(framework, vector, self._read[place] if kept else None)))
        except Refused:
            return True

    def _joined(self, places: list[int]) -> _Together:
        vectors = [self.vectors[place] for place in places]
        read = [self._read[place][0] for place in places]
        rows = any(vector.facts is not None for vector in vectors)
        return _Together(self.framework, places, vectors, _points(read), _readings(read), rows)


@dataclass
class _Together:
    """Vectors at one position each. ``rows``: whether measures were read from rows; ``places``: of the vectors, in any order."""

    framework: Framework
    places: list[int]
    vectors: list[Vector]
    points: Points
    readings: dict[Reading, ReadingColumn]
    rows: bool
    steps: list[Step] = field(init=False)
    kpis: dict[str, KpiColumn] = field(init=False)

    def __post_init__(self) -> None:
        self.steps = [vector.steps[0] for vector in self.vectors]
        self.kpis = found_kpis(self.framework, self.points, self.readings, self.steps, Past(self.framework))

    def fails(self, framework: Framework) -> bool:
        past = Past(framework)
        try:
            alike = kpis_by(framework) == kpis_by(self.framework)
            cards = scored(framework, self.points, self.readings, self.steps, past, self.kpis if alike else None)
        except Refused:
            return True
        return any(
            True
            for position, vector in enumerate(self.vectors)
            for _ in differences(vector.expected, [Computed(cards, self.readings, position)])
        )


def read_by(framework: Framework) -> tuple[object, ...]:
    """What rows are read by: measures, lists, and the settings, tables and curves that their formulas name."""
    trees = [formula.tree for formula in row_formulas_of(framework)]
    names = {name for tree in trees for name in names_in(tree)}
    called = {part.function for tree in trees for part in walk(tree) if isinstance(part, Call)}
    settings = {name: value for name, value in framework.settings.items() if name in names or called & framework.curves.keys()}
    tables = {name: table for name, table in framework.tables.items() if name in called}
    curves = {name: curve for name, curve in framework.curves.items() if name in called}
    return framework.measures, framework.lists, framework.windows, framework.peers, settings, tables, curves


def kpis_by(framework: Framework) -> tuple[object, ...]:
    """What KPIs are computed by, once everything is read."""
    return framework.kpis, framework.settings, framework.tables, framework.curves


def _joins(vector: Vector) -> bool:
    return len(vector.steps) == 1 and not (vector.parts or vector.was or vector.settings or vector.tables)


def _compares(framework: Framework) -> bool:
    """Whether one point depends on another: by peers, or as a part of a whole."""
    called = {part.function for formula in formulas_of(framework) for part in walk(formula.tree) if isinstance(part, Call)}
    return framework.rollup is not None or bool(called & PEER_FUNCTIONS)


def _points(read: Sequence[Read]) -> Points:
    """The scored subject of each; one that does not say an attribute has it blank."""
    names = sorted({name for one in read for name in one.points.attributes})
    attributes = {
        name: [one.points.attributes[name][0] if name in one.points.attributes else Blank(f"{name} is not known") for one in read]
        for name in names
    }
    return Points([one.points.subjects[0] for one in read], [one.points.as_of[0] for one in read], attributes)


def _readings(read: Sequence[Read]) -> dict[Reading, ReadingColumn]:
    return {reading: _column(reading, read) for reading in sorted({reading for one in read for reading in one.readings}, key=str)}


def _column(reading: Reading, read: Sequence[Read]) -> ReadingColumn:
    columns = [one.readings.get(reading) or ReadingColumn([Blank(f"{reading} was not read")], [0]) for one in read]
    reasons = sorted({reason for column in columns for reason in column.excluded})
    excluded = {reason: [column.excluded[reason][0] if reason in column.excluded else 0 for column in columns] for reason in reasons}
    return ReadingColumn([column.values[0] for column in columns], [column.counted[0] for column in columns], excluded)
