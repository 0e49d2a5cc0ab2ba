"""Requirements on a node: which hold, and what happens where one does not.

All gates of a node look at the same thing: its points after cap, floor, scale and round, before any gate. So their
order does not matter. `skip` wins over everything, `zero` over `cap`, the lowest `cap` over the others.
"""

from __future__ import annotations

from ..environment import Surroundings
from ..formula.nodes import Value
from ..units import Blank, from_grain
from .columns import GateColumn, Line, NodeColumn
from .finish import plain_text
from .leaves import grain_of


def natural_points(points: list[int | None], reasons: dict[int, str]) -> list[Value]:
    """Points in natural units, blank with their reason where there are none."""
    return [
        Blank(reasons.get(position, "no value")) if stored is None else from_grain(stored, "points")
        for position, stored in enumerate(points)
    ]


def lowest_item(column: NodeColumn) -> list[Value]:
    """The least points among a node's own items; items without a value are left out."""
    lowest: list[Value] = []
    for row in zip(*(item.points for item in column.items), strict=True):
        known = [points for points in row if points is not None]
        lowest.append(from_grain(min(known), "points") if known else Blank("no item has data"))
    return lowest


def apply_gates(column: NodeColumn, surroundings: Surroundings) -> None:
    """Judge every gate of the node, then let those that do not hold take effect."""
    for gate in column.node.require:
        outcome = GateColumn(gate, [])
        for position, value in enumerate(surroundings.values(gate.rule)):
            if isinstance(value, Blank):
                outcome.reasons[position] = value.reason
                outcome.held.append(None)
            else:
                outcome.held.append(value is True)
        column.gates.append(outcome)
    for position in range(len(column.points)):
        failed = [outcome for outcome in column.gates if not outcome.holds(position)]
        if failed:
            _take_effect(column, position, failed)


def _take_effect(column: NodeColumn, position: int, failed: list[GateColumn]) -> None:
    skipping = [outcome for outcome in failed if outcome.gate.otherwise == "skip"]
    if skipping:
        column.points[position] = None
        column.reasons[position] = f"not applicable: {reason_of(skipping[0])}"
        column.lines.pop(position, None)
        return
    if any(outcome.gate.otherwise == "fail" for outcome in failed):
        column.passes[position] = False
    points = column.points[position]
    if points is None:
        return
    zeroing = [outcome for outcome in failed if outcome.gate.otherwise == "zero"]
    capping = [outcome for outcome in failed if outcome.gate.otherwise == "cap"]
    limit, text = points, ""
    if zeroing:
        limit, text = 0, f"0 points: {reason_of(zeroing[0])}"
    elif capping:
        lowest = min(capping, key=lambda outcome: outcome.gate.cap)
        limit = min(points, grain_of(lowest.gate.cap))
        text = f"at most {plain_text(lowest.gate.cap)}: {reason_of(lowest)}"
    if limit != points:
        column.points[position] = limit
        column.lines.setdefault(position, []).append(Line("gate", text, limit - points))


def reason_of(outcome: GateColumn) -> str:
    """What people are told when the gate does not hold."""
    return outcome.gate.reason or f"{outcome.gate.rule.text} does not hold"
