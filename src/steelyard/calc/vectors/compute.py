"""The cards of a vector: one per date, each seeing those before it, with what is given in the place of what would be computed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from .. import kpis, scorecards
from ..formula.nodes import Value
from ..framework.model import Framework
from ..over_time import Holding, Past
from ..over_time.moments import moment_of
from ..over_time.standing import Earned, follow
from ..points import Points, Reading, ReadingColumn, readings_of
from ..scorecards import Cards
from ..units import Blank
from .model import Step, Vector
from .world import World


@dataclass(frozen=True, slots=True)
class Computed:
    """What a vector gives at one date; the vector's subject (or its first part) is at position 0."""

    cards: Cards
    readings: Mapping[Reading, ReadingColumn]

    @property
    def standing(self) -> str | None:
        """The level held after this evaluation."""
        return self.cards.levels.levels[0] if self.cards.holdings is None else self.cards.holdings[0].level

    @property
    def triggers(self) -> tuple[str, ...]:
        """The triggers that fire at this evaluation."""
        return tuple(name for name, fires in self.cards.fired.items() if fires[0])


def computed(framework: Framework, vector: Vector) -> list[Computed]:
    """The card at each date of the vector."""
    framework = replace(framework, settings={**framework.settings, **vector.settings}, tables={**framework.tables, **vector.tables})
    world = World(framework, vector)
    past = Past(framework, (), world.calendar, was=Holding(vector.was) if vector.was else None)
    found = []
    for step in vector.steps:
        cards, readings = _of_parts(framework, vector, step, past) if vector.parts else _at(framework, world, step, past)
        found.append(Computed(cards, readings))
        past = replace(past, moments=(*past.moments, moment_of(cards, readings)), _places={}, _around={}, _values={})
    return found


def _at(framework: Framework, world: World, step: Step, past: Past) -> tuple[Cards, dict[Reading, ReadingColumn]]:
    points = world.points(step)
    readings = world.readings(step, points)
    for reading, value in step.measures.items():
        _give(readings, reading, value, len(points))
        if not reading.window:  # given without a window, it holds through every window nobody names
            for other in readings_of(framework):
                if other.measure == reading.measure and other not in step.measures:
                    _give(readings, other, value, len(points))
    return _scored(framework, points, readings, [step], past), readings


def _of_parts(framework: Framework, vector: Vector, step: Step, past: Past) -> tuple[Cards, dict[Reading, ReadingColumn]]:
    """The cards of the parts of a roll-up, each with what the vector gives of it."""
    steps = [replace(part, as_of=step.as_of, attributes={**step.attributes, **part.attributes}) for _, part in vector.parts]
    to = framework.rollup.to if framework.rollup else ""
    subjects = [tuple(vector.subject if name == to else part for name in framework.subject) for part, _ in vector.parts]
    names = {name for part in steps for name in part.attributes}
    attributes = {name: [part.attributes.get(name, Blank(f"{name} is not known")) for part in steps] for name in sorted(names)}
    points = Points(subjects, [step.as_of] * len(steps), attributes)
    return _scored(framework, points, {}, steps, past), {}


def _scored(framework: Framework, points: Points, readings: dict[Reading, ReadingColumn], steps: list[Step], past: Past) -> Cards:
    """The cards; what a step gives stands at its position, further positions are peers of whom only rows are known."""
    peers: list[Value | None] = [None] * (len(points) - len(steps))
    given = {name: [*(step.kpis.get(name) for step in steps), *peers] for name in {name for step in steps for name in step.kpis}}
    nodes = {name: [*(step.points.get(name) for step in steps), *peers] for name in {name for step in steps for name in step.points}}
    found = kpis.compute(framework, points, readings, given=given, past=past)
    cards = scorecards.compute(framework, points, found, readings, given=nodes, past=past)
    for position, step in enumerate(steps):
        if step.level:
            _give_level(cards, position, step.level, past)
    return cards


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
