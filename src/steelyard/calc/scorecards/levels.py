"""From a total to a level: the highest whose requirements all hold, and no higher than a gate allows."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from ..environment import Surroundings
from ..formula.nodes import Formula, Value, names_in
from ..framework.model import Framework, Level
from ..over_time.past import Past
from .columns import NodeColumn
from .gates import reason_of
from .held import failing_over_time

Limit = tuple[int, str]  # highest level allowed (position), reason


@dataclass(slots=True)
class LevelColumn:
    """The level at every point, with what limited it and what the next one still lacks."""

    levels: list[str | None]
    limits: dict[int, str]  # reason why a gate keeps the level down
    missing: dict[int, tuple[str, list[str]]]  # the next level and its requirements that do not hold


def reads_total(framework: Framework) -> bool:
    """Whether any level reads the total, so that without one no level is earned."""
    return any(
        name in ("points", "overall") for level in framework.levels for formula in _formulas(level) for name in names_in(formula.tree)
    )


def _formulas(level: Level) -> list[Formula]:
    return [*level.require, *(formula for group in level.any for way in group for formula in way)]


def earn(
    framework: Framework,
    root: NodeColumn | None,
    surroundings: Surroundings,
    known: Mapping[str, Callable[[], list[Value]]],
    past: Past,
) -> LevelColumn:
    """The level earned at every point. ``known`` are the names of the whole card: points, overall, passes."""
    count = len(surroundings.points)
    around = Surroundings(framework, surroundings.points, surroundings.readings, {**surroundings.known, **known}, past=past)
    needs_total = reads_total(framework)
    failing = [failing_over_time(level, around, past) for level in framework.levels]
    limits = _limits(framework, root)
    result = LevelColumn([], {}, {})
    for position in range(count):
        if needs_total and (root is None or root.points[position] is None):
            result.levels.append(None)
            continue
        earned = [place for place in range(len(failing)) if not failing[place][position]]
        limit = limits.get(position)
        allowed = [place for place in earned if limit is None or place <= limit[0]]
        if limit is not None and len(allowed) < len(earned):
            result.limits[position] = limit[1]
        highest = allowed[-1] if allowed else -1
        result.levels.append(framework.levels[highest].name if allowed else None)
        if highest + 1 < len(failing) and failing[highest + 1][position]:
            result.missing[position] = (framework.levels[highest + 1].name, failing[highest + 1][position])
    return result


def _limits(framework: Framework, root: NodeColumn | None) -> dict[int, Limit]:
    """The lowest `at_most` of gates that do not hold, on nodes that count at the point."""
    limits: dict[int, Limit] = {}
    if root is None:
        return limits
    places = {level.name: place for place, level in enumerate(framework.levels)}
    above: list[NodeColumn] = []

    def visit(column: NodeColumn) -> None:
        for outcome in column.gates:
            if outcome.gate.otherwise != "at_most":
                continue
            place = places.get(outcome.gate.level, -1)
            for position in range(len(outcome.held)):
                if outcome.holds(position) or not _counts([*above, column], position):
                    continue
                if position not in limits or place < limits[position][0]:
                    limits[position] = (place, f"{outcome.gate.level} at most: {reason_of(outcome)}")
        above.append(column)
        for item in column.items:
            visit(item)
        above.pop()

    visit(root)
    return limits


def _counts(chain: list[NodeColumn], position: int) -> bool:
    """Whether a node is applicable and on a track that was taken; ``chain`` leads from the root to it."""
    for place, column in enumerate(chain):
        if any(outcome.gate.otherwise == "skip" and not outcome.holds(position) for outcome in column.gates):
            return False
        if place and chain[place - 1].chosen is not None:
            chosen = chain[place - 1].chosen
            if chosen is not None and chosen[position] != column.node.name:
                return False
    return True
