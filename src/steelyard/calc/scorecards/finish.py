"""From a node's exact result to its stored points: cap, floor, scale_to, round, in this order, rounded once.

Each step that moves something leaves a line, so that the items' contributions and the lines add up to the points.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction

from ..environment import constant
from ..formula.nodes import Value
from ..framework.model import Framework, Node
from ..rules import POINTS_SCALE, Ratio, points_ratio
from ..units import DECIMALS, Exact, divide
from .columns import Line, LineName
from .shares import exact_text


def finish(
    node: Node, results: Sequence[Ratio | None], framework: Framework, rounded: list[int | None] | None = None
) -> tuple[list[int | None], dict[int, list[Line]]]:
    """Stored points and lines of a node at every point. ``results`` are exact, in the grain of points.

    ``rounded`` are the results already rounded, if the caller has them.
    """
    plain = node.cap is None and node.floor is None and node.scale_to is None and node.round is None
    if plain:
        return rounded or [None if result is None else divide(*result) for result in results], {}
    points: list[int | None] = []
    lines: dict[int, list[Line]] = {}
    limits_only = node.scale_to is None and node.round is None
    low = None if node.floor is None else points_ratio(node.floor)
    high = None if node.cap is None else points_ratio(node.cap)
    capped = _at_cap(node) if limits_only else None
    for position, result in enumerate(results):
        if result is None:
            points.append(None)
            continue
        if limits_only and _within(result, low, high):
            points.append(divide(*result))
            continue
        if capped is not None and _within(result, low, None):
            points.append(capped.amount)
            if (taken := capped.amount - divide(*result)) != 0:
                lines[position] = [Line("cap", capped.text, taken)]
            continue
        final, moved = _finish_one(node, result, framework)
        points.append(final)
        if moved:
            lines[position] = moved
    return points, lines


def _at_cap(node: Node) -> Line | None:
    """What stands at a node whose points are at its cap and that does nothing further."""
    if node.cap is None or (node.floor is not None and node.floor > node.cap):
        return None
    return Line("cap", f"capped at {plain_text(node.cap)}", divide(*points_ratio(node.cap)))


def _within(result: Ratio, low: Ratio | None, high: Ratio | None) -> bool:
    """Whether neither floor nor cap touches the result."""
    if low is not None and result[0] * low[1] < low[0] * result[1]:
        return False
    return high is None or result[0] * high[1] <= high[0] * result[1]


def _finish_one(node: Node, result: Ratio, framework: Framework) -> tuple[int, list[Line]]:
    exact = Fraction(*result)
    stored = divide(*result)
    lines: list[Line] = []

    def step(name: LineName, text: str, value: Fraction) -> None:
        nonlocal exact, stored
        now = divide(value.numerator, value.denominator)
        if now != stored:
            lines.append(Line(name, text, now - stored))
        exact, stored = value, now

    if node.cap is not None and exact > node.cap * POINTS_SCALE:
        step("cap", f"capped at {plain_text(node.cap)}", Fraction(node.cap) * POINTS_SCALE)
    if node.floor is not None and exact < node.floor * POINTS_SCALE:
        step("floor", f"at least {plain_text(node.floor)}", Fraction(node.floor) * POINTS_SCALE)
    if node.scale_to is not None:
        before = best_before_scaling(node, framework.settings)
        if before:
            text = f"from {plain_text(before)} to {plain_text(node.scale_to)} points"
            step("scale_to", text, exact * Fraction(node.scale_to) / Fraction(before))
    if node.round is not None:
        size = Fraction(10) ** (DECIMALS["points"] - node.round)
        steps = exact / size
        text = f"rounded to {node.round} decimals" if node.round else "rounded to whole points"
        step("round", text, size * divide(steps.numerator, steps.denominator, framework.rounding))
    return stored, lines


def best_before_scaling(node: Node, settings: Mapping[str, Value]) -> Exact | None:
    """The highest points a node can have before `scale_to`: what its rule or items allow, within cap and floor."""
    best = best_of_rule(node) if node.points is not None else _best_of_items(node, settings)
    if node.cap is not None:
        best = node.cap if best is None else min(best, node.cap)
    if node.floor is not None and best is not None:
        best = max(best, node.floor)
    return best


def _best_of_items(node: Node, settings: Mapping[str, Value]) -> Exact | None:
    bests = [item.out_of for item in node.items if item.out_of is not None]
    if not bests or len(bests) < len(node.items):
        return None
    if node.combine == "sum":
        return sum(bests)
    if node.combine == "worst":
        return min(bests)
    if node.combine == "best" or len(set(bests)) == 1:
        return max(bests)
    weights = [1 if item.weight is None else constant(item.weight, settings) for item in node.items]
    known = [Fraction(weight) for weight in weights if isinstance(weight, (int, Fraction))]
    if len(known) < len(weights) or sum(known) <= 0:
        return None
    best = sum((weight * best for weight, best in zip(known, bests, strict=True)), Fraction(0))
    return best / sum(known, Fraction(0))


def best_of_rule(node: Node) -> Exact | None:
    """The highest points of a leaf's rule where the rule alone says so."""
    rule = node.points
    if rule is None:
        return None
    if rule.kind == "line":
        return max(y for _, y in rule.corners)
    if rule.kind == "bands":
        return max(band.points for band in rule.bands)
    if rule.kind == "choice":
        return max(points for _, points in rule.choices)
    return None


def plain_text(number: Exact) -> str:
    """An exact number as people write it."""
    return exact_text(number.numerator, number.denominator)
