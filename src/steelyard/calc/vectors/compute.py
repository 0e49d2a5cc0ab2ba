"""The cards of a vector: one per date, with what is given in the place of what would be computed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from .. import kpis, scorecards
from ..formula.nodes import Value
from ..framework.model import Framework
from ..points import Reading, ReadingColumn, readings_of
from ..scorecards import Cards
from .model import Step, Vector
from .world import World


@dataclass(frozen=True, slots=True)
class Computed:
    """What a vector gives at one date; the vector's subject is at position 0.

    ``overall`` in the grain of points; ``standing`` is the level held; ``triggers`` those that fire on the date.
    """

    cards: Cards
    readings: Mapping[Reading, ReadingColumn]
    overall: int | None
    standing: str | None
    triggers: tuple[str, ...] = ()


def computed(framework: Framework, vector: Vector) -> list[Computed]:
    """The card at each date of the vector."""
    framework = replace(framework, settings={**framework.settings, **vector.settings}, tables={**framework.tables, **vector.tables})
    world = World(framework, vector)
    return [_at(framework, world, step) for step in vector.steps]


def _at(framework: Framework, world: World, step: Step) -> Computed:
    points = world.points(step)
    readings = world.readings(step, points)
    for reading, value in step.measures.items():
        _give(readings, reading, value, len(points))
        if not reading.window:  # given without a window, it holds through every window nobody names
            for other in readings_of(framework):
                if other.measure == reading.measure and other not in step.measures:
                    _give(readings, other, value, len(points))
    others: list[Value | None] = [None] * (len(points) - 1)
    given_kpis = {name: [value, *others] for name, value in step.kpis.items()}
    found = kpis.compute(framework, points, readings, given=given_kpis)
    cards = scorecards.compute(framework, points, found, readings, given={name: [value] for name, value in step.points.items()})
    if step.level:
        cards.levels.levels[0] = step.level
    return Computed(cards, readings, cards.totals[0], cards.levels.levels[0])


def _give(readings: dict[Reading, ReadingColumn], reading: Reading, value: Value, size: int) -> None:
    """Set the subject's value of a reading; what peers have stays."""
    found = readings.get(reading)
    kept = found.values[1:] if found is not None else [value] * (size - 1)
    readings[reading] = ReadingColumn([value, *kept], [0] * size)
