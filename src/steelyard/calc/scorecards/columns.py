"""What the scorecard knows about each of its nodes, one value per point.

Points, contributions and totals are whole numbers in the grain of points; None is "no value" and has a reason.
Weights are exact ratios.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal

from ..framework.model import Gate, Node
from ..kpis import KpiColumn
from ..rules import Ratio

NOTHING: Ratio = (0, 1)
WHOLE: Ratio = (1, 1)

LineName = Literal["cap", "floor", "scale_to", "round", "gate", "no_data", "given"]


@dataclass(frozen=True, slots=True)
class Line:
    """A contribution no item made: what a cap took away, a floor gave, a gate or a rounding moved."""

    name: LineName
    text: str
    amount: int


@dataclass(slots=True)
class GateColumn:
    """One requirement at every point: held, not held, or blank (None)."""

    gate: Gate
    held: list[bool | None]
    reasons: dict[int, str] = field(default_factory=dict)  # why it was blank, where it was

    def holds(self, position: int) -> bool:
        """Whether the requirement is met, a blank counting as the gate says."""
        held = self.held[position]
        return self.gate.blank_holds if held is None else held


@dataclass(slots=True)
class NodeColumn:
    """One node of the scorecard at every point."""

    node: Node
    path: str
    items: list[NodeColumn]
    points: list[int | None]
    reasons: dict[int, str]  # why there is no value, where there is none
    passes: list[bool]
    lines: dict[int, list[Line]]
    gates: list[GateColumn]
    kpi: KpiColumn | None = None
    chosen: list[str | None] | None = None  # `best` and `worst`: the item that was taken
    moved: dict[int, dict[str, str]] = field(default_factory=dict)  # where this item's weight went: item -> share gained
    # set by the parent
    set_weights: list[Ratio] = field(default_factory=list)  # as written, before anything is shared out
    weights: list[Ratio] = field(default_factory=list)  # share in the parent
    contributions: list[int | None] = field(default_factory=list)  # to the parent's points
    # set from the top down
    total_weights: list[Ratio] = field(default_factory=list)  # share in the total
    totals: list[int] = field(default_factory=list)  # contribution to the total
    line_totals: dict[int, list[int]] = field(default_factory=dict)

    def walk(self) -> Iterator[NodeColumn]:
        """This node and all below it, parents first, in the order written."""
        yield self
        for item in self.items:
            yield from item.walk()
