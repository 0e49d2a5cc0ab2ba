"""Phase 2, second half: KPI values -> points -> tree -> total -> level.

`compute` does everything for all points at once; `Cards` holds the result and makes the two frames that are stored.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import polars as pl

from ..environment import Columns
from ..formula.nodes import Value
from ..framework.model import Framework
from ..kpis import Given, KpiColumn
from ..points import Points
from ..units import Blank
from .columns import GateColumn, Line, NodeColumn
from .frame import items_frame, results_frame
from .gates import natural_points
from .levels import LevelColumn, earn
from .tree import Tree

__all__ = ["Cards", "GateColumn", "Line", "NodeColumn", "compute"]


@dataclass(slots=True)
class Cards:
    """The scorecards of all points: one tree of columns, the KPIs it reads, the levels."""

    framework: Framework
    points: Points
    kpis: Mapping[str, KpiColumn]
    root: NodeColumn | None
    levels: LevelColumn

    def nodes(self) -> list[NodeColumn]:
        """Every node of the card, parents first."""
        return [] if self.root is None else list(self.root.walk())

    def node(self, name: str) -> NodeColumn:
        """A node by its name; `total` is the root."""
        for column in self.nodes():
            if column.node.name == name or (name == "total" and column is self.root):
                return column
        raise KeyError(name)

    @property
    def totals(self) -> list[int | None]:
        """The total at every point, in the grain of points."""
        return [None] * len(self.points) if self.root is None else self.root.points

    @property
    def passes(self) -> list[bool]:
        """Whether the whole card passes."""
        return [False] * len(self.points) if self.root is None else self.root.passes

    def items_frame(self) -> pl.DataFrame:
        """One row per subject and node (and per KPI outside the card), in a fixed order."""
        return items_frame(self.framework, self.points, self.kpis, self.root, self.levels)

    def results(self) -> pl.DataFrame:
        """One row per subject: total, level, passes, and why where there is none."""
        return results_frame(self.framework, self.points, self.root, self.levels)


def compute(
    framework: Framework,
    points: Points,
    kpis: Mapping[str, KpiColumn],
    readings: Columns,
    *,
    given: Given | None = None,
) -> Cards:
    """The scorecards of all points. ``given`` replaces the points of nodes by name (vectors); `total` is the root."""
    tree = Tree(framework, points, kpis, readings, given)
    root = tree.compute()
    total: list[Value]
    passes: list[Value]
    if root is None:
        total = [Blank("there is no scorecard")] * len(points)
        passes = [Blank("there is no scorecard")] * len(points)
    else:
        total, passes = natural_points(root.points, root.reasons), list(root.passes)
    known = {"points": lambda: total, "overall": lambda: total, "passes": lambda: passes}
    return Cards(framework, points, kpis, root, earn(framework, root, tree.base, known))
