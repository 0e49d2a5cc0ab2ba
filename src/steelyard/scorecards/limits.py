"""Where each level begins on the scale of points, as far as its requirements say so: for beams, bands and legends."""

from __future__ import annotations

from fractions import Fraction

from steelyard.calc.formula.nodes import Binary, Literal, Name, Node
from steelyard.calc.framework.model import Framework, Level
from steelyard.calc.units import to_grain


def names(framework: Framework) -> list[str]:
    """The names of the levels, best first."""
    return [level.name for level in reversed(framework.levels)]


def titles(framework: Framework) -> dict[str, str]:
    """Name of a level -> what it is called in words."""
    return {level.name: level.title or level.name for level in framework.levels}


def limits(framework: Framework) -> list[tuple[str, int]]:
    """Each level with the points it begins at (grain of points), best first.

    Empty if a level asks for no points though a lower one does: then there is no scale to draw.
    """
    found = [(level.name, _least(level)) for level in framework.levels]
    starts = [start for _, start in found[1:]]
    if not found or None in starts:
        return []
    scale = [(name, start or 0) for name, start in found]
    return scale[::-1] if [start for _, start in scale] == sorted(start for _, start in scale) else []


def level_at(framework: Framework, points: int) -> str | None:
    """The level that so many points stand for, gates and other requirements left aside."""
    return next((name for name, start in limits(framework) if points >= start), None)


def _least(level: Level) -> int | None:
    """The points a level asks for, in their grain; None if it asks for none."""
    asked = [found for formula in level.require if (found := _asked(formula.tree)) is not None]
    return max(asked, default=None)


def _asked(tree: Node) -> int | None:
    if not isinstance(tree, Binary):
        return None
    if tree.operator == "and":
        sides = [found for side in (tree.left, tree.right) if (found := _asked(side)) is not None]
        return max(sides, default=None)
    least = {">=": (tree.left, tree.right), ">": (tree.left, tree.right), "<=": (tree.right, tree.left), "<": (tree.right, tree.left)}
    name, number = least.get(tree.operator, (None, None))
    if isinstance(name, Name) and name.name in ("points", "overall") and isinstance(number, Literal):
        return to_grain(number.value, "points") if isinstance(number.value, (int, Fraction)) else None
    return None
