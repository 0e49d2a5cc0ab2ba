"""The cards of a vector: one per date, each seeing those before it, with what is given in the place of what would be computed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from .. import kpis, scorecards
from ..formula.nodes import Value
from ..framework.model import Framework
from ..kpis import KpiColumn
from ..over_time import Holding, Past
from ..over_time.moments import moment_of
from ..over_time.standing import Earned, follow
from ..periods import FiscalCalendar
from ..points import Points, Reading, ReadingColumn, readings_of
from ..scorecards import Cards
from ..units import Blank
from .model import Step, Vector
from .world import World


@dataclass(frozen=True, slots=True)
class Computed:
    """What a vector gives at one date; the vector's subject (or its first part) is at ``position``."""

    cards: Cards
    readings: Mapping[Reading, ReadingColumn]
    position: int = 0

    @property
    def standing(self) -> str | None:
        """The level held after this evaluation."""
        return self.cards.levels.levels[self.position] if self.cards.holdings is None else self.cards.holdings[self.position].level

    @property
    def triggers(self) -> tuple[str, ...]:
        """The triggers that fire at this evaluation."""
        return tuple(name for name, fires in self.cards.fired.items() if fires[self.position])


@dataclass(frozen=True, slots=True)
class Read:
    """What is known of one date before a card is computed: who is scored, and every measure, given or read from rows."""

    points: Points
    readings: dict[Reading, ReadingColumn]


def adapted(framework: Framework, vector: Vector) -> Framework:
    """The framework with the settings and tables that the vector gives."""
    if not vector.settings and not vector.tables:
        return framework
    return replace(framework, settings={**framework.settings, **vector.settings}, tables={**framework.tables, **vector.tables})


def read_steps(framework: Framework, vector: Vector) -> list[Read]:
    """What is read at each date of the vector, by a framework that is `adapted` to it; nothing for the parts of a roll-up."""
    world = World(framework, vector)
    return [] if vector.parts else [_read(framework, world, step) for step in vector.steps]


def computed(framework: Framework, vector: Vector, read: Sequence[Read] | None = None) -> list[Computed]:
    """The card at each date of the vector. ``read``: what was read before (`read_steps`), where it is still true."""
    framework = adapted(framework, vector)
    read = read_steps(framework, vector) if read is None else read
    past = Past(framework, (), FiscalCalendar("standard"), was=Holding(vector.was) if vector.was else None)
    found = []
    for place, step in enumerate(vector.steps):
        if vector.parts:
            cards, readings = _of_parts(framework, vector, step, past), {}
        else:
            readings = read[place].readings
            cards = scored(framework, read[place].points, readings, [step], past)
        found.append(Computed(cards, readings))
        past = replace(past, moments=(*past.moments, moment_of(cards, readings)), _places={}, _around={}, _values={})
    return found


def _read(framework: Framework, world: World, step: Step) -> Read:
    points = world.points(step)
    readings = world.readings(step, points)
    for reading, value in step.measures.items():
        _give(readings, reading, value, len(points))
        if not reading.window:  # given without a window, it holds through every window nobody names
            for other in readings_of(framework):
                if other.measure == reading.measure and other not in step.measures:
                    _give(readings, other, value, len(points))
    return Read(points, readings)


def _of_parts(framework: Framework, vector: Vector, step: Step, past: Past) -> Cards:
    """The cards of the parts of a roll-up, each with what the vector gives of it."""
    steps = [replace(part, as_of=step.as_of, attributes={**step.attributes, **part.attributes}) for _, part in vector.parts]
    to = framework.rollup.to if framework.rollup else ""
    subjects = [tuple(vector.subject if name == to else part for name in framework.subject) for part, _ in vector.parts]
    names = {name for part in steps for name in part.attributes}
    attributes = {name: [part.attributes.get(name, Blank(f"{name} is not known")) for part in steps] for name in sorted(names)}
    points = Points(subjects, [step.as_of] * len(steps), attributes)
    return scored(framework, points, {}, steps, past)


def scored(
    framework: Framework,
    points: Points,
    readings: Mapping[Reading, ReadingColumn],
    steps: Sequence[Step],
    past: Past,
    found: Mapping[str, KpiColumn] | None = None,
) -> Cards:
    """The cards; what a step gives stands at its position, further positions are peers of whom only rows are known.

    ``found``: the KPIs, where they were computed before (`found_kpis`).
    """
    found = found_kpis(framework, points, readings, steps, past) if found is None else found
    nodes = {
        name: _given(len(points), [step.points.get(name) for step in steps]) for name in {name for step in steps for name in step.points}
    }
    cards = scorecards.compute(framework, points, found, readings, given=nodes, past=past)
    for position, step in enumerate(steps):
        if step.level:
            _give_level(cards, position, step.level, past)
    return cards


def found_kpis(
    framework: Framework, points: Points, readings: Mapping[Reading, ReadingColumn], steps: Sequence[Step], past: Past
) -> dict[str, KpiColumn]:
    """The KPIs, with what the steps give of them."""
    names = {name for step in steps for name in step.kpis}
    given = {name: _given(len(points), [step.kpis.get(name) for step in steps]) for name in names}
    return kpis.compute(framework, points, readings, given=given, past=past)


def _given(size: int, values: list[Value | None]) -> list[Value | None]:
    """What is given at the positions of steps; nothing at those of peers."""
    return [*values, *[None] * (size - len(values))]


def _give_level(cards: Cards, position: int, level: str, past: Past) -> None:
    """Let a level be earned, whatever the rules say; the standing follows it."""
    cards.levels.levels[position] = level
    if cards.holdings is not None:
        before, day = past.held_before(cards.points.subjects[position]), cards.points.as_of[position]
        cards.holdings[position] = follow(cards.framework, before, Earned(level), day, past.calendar, past.cycles)


def _give(readings: dict[Reading, ReadingColumn], reading: Reading, value: Value, size: int) -> None:
    """Set the subject's value of a reading; what peers have stays."""
    found = readings.get(reading)
    kept = found.values[1:] if found is not None else [value] * (size - 1)
    readings[reading] = ReadingColumn([value, *kept], [0] * size)
