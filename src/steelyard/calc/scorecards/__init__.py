"""Phase 2, second half: KPI values -> points -> tree -> total -> level.

`compute` does everything for all points at once; `Cards` holds the result and makes the two frames that are stored.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import polars as pl

from ..environment import Columns, Surroundings
from ..formula.nodes import Value
from ..framework.model import Framework
from ..kpis import Given, KpiColumn
from ..over_time import Holding, Past, RolledUp
from ..over_time.history import overall
from ..over_time.rollup import roll_up
from ..over_time.standing import Earned, follow
from ..over_time.triggers import fired
from ..points import Points
from ..units import Blank
from .columns import GateColumn, Line, NodeColumn
from .frame import items_frame, results_frame
from .gates import natural_points
from .levels import LevelColumn, earn, reads_total
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
    overall: list[int | None] = field(default_factory=list)  # after `history`, in the grain of points; without one the total
    holdings: list[Holding] | None = None  # the standing after this evaluation; None where the framework has none
    fired: Mapping[str, list[bool]] = field(default_factory=dict)  # trigger -> whether it fires
    around: Surroundings | None = None  # what triggers and rules about parts see; only where there are such

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

    def names(self) -> dict[str, list[Value]]:
        """What is known of the whole card: points, overall, passes, level."""
        reasons = {} if self.root is None else self.root.reasons
        return {
            "points": natural_points(self.totals, reasons),
            "overall": natural_points(self.overall, reasons),
            "passes": list(self.passes),
            "level": [Blank("no level is earned") if level is None else level for level in self.levels.levels],
        }

    def rolled_up(self) -> list[RolledUp]:
        """What the parts make together, one result per subject of the roll-up; nothing without one."""
        if self.framework.rollup is None or self.around is None:
            return []
        levels = self.levels.levels if self.holdings is None else [holding.level for holding in self.holdings]
        held: list[Value] = [Blank("no level is held") if level is None else level for level in levels]
        known = {**self.around.known, "level": lambda: held}
        return roll_up(self.framework, replace(self.around, known=known), levels)

    def items_frame(self) -> pl.DataFrame:
        """One row per subject and node (and per KPI outside the card), in a fixed order."""
        return items_frame(self.framework, self.points, self.kpis, self.root, self.levels, self._beyond())

    def _beyond(self) -> list[dict[str, object]]:
        """What is kept of each point about more than this evaluation; nothing where the framework says nothing of time."""
        framework = self.framework
        if framework.history is None and self.holdings is None and not self.fired:
            return []
        found: list[dict[str, object]] = [{} for _ in range(len(self.points))]
        for position, note in enumerate(found):
            if framework.history is not None:
                note["overall"] = self.overall[position]
            if self.holdings is not None:
                note["standing"] = self.holdings[position].as_dict()
            if fired := [name for name, fires in self.fired.items() if fires[position]]:
                note["fired"] = fired
        return found

    def results(self) -> pl.DataFrame:
        """One row per subject: total, level, passes, and why where there is none; then overall, standing and since when it holds."""
        return results_frame(self.framework, self.points, self.root, self.levels, self._over_time())

    def _over_time(self) -> dict[str, tuple[list[Any], pl.DataType]]:
        nothing: list[Any] = [None] * len(self.points)
        holdings = self.holdings or []
        return {
            "overall": (nothing if self.framework.history is None else self.overall, pl.Int64()),
            "standing": ([holding.level for holding in holdings] or nothing, pl.String()),
            "standing_since": ([holding.since for holding in holdings] or nothing, pl.Date()),
        }


def compute(
    framework: Framework,
    points: Points,
    kpis: Mapping[str, KpiColumn],
    readings: Columns,
    *,
    given: Given | None = None,
    past: Past | None = None,
    shared: bool = True,
) -> Cards:
    """The scorecards of all points. ``given`` replaces the points of nodes by name (vectors); `total` is the root.

    ``past``: the evaluations before this one; without it this is the first. ``shared`` False: the total is not shared out to
    items, for those who ask for totals and levels alone.
    """
    past = Past(framework) if past is None else past
    tree = Tree(framework, points, kpis, readings, given, past)
    root = tree.compute(shared=shared)
    total: list[Value]
    passes: list[Value]
    if root is None:
        total = [Blank("there is no scorecard")] * len(points)
        passes = [Blank("there is no scorecard")] * len(points)
    else:
        total, passes = natural_points(root.points, root.reasons), list(root.passes)
    cards = Cards(framework, points, kpis, root, LevelColumn([], {}, {}))
    cards.overall = overall(framework, points, cards.totals, past)
    reasons = {} if root is None else root.reasons
    score = total if framework.history is None else natural_points(cards.overall, reasons)
    known = {"points": lambda: total, "overall": lambda: score, "passes": lambda: passes}
    cards.levels = earn(framework, root, tree.base, known, past)
    if framework.standing is not None:
        cards.holdings = _holdings(cards, past)
    if framework.triggers or framework.rollup:
        level = cards.names()["level"]
        cards.around = Surroundings(framework, points, readings, {**tree.base.known, **known, "level": lambda: level}, past)
        cards.fired = fired(framework, cards.around, past)
    return cards


def _holdings(cards: Cards, past: Past) -> list[Holding]:
    """The standing of every point after this evaluation; without a total that levels read, nothing is decided."""
    framework = cards.framework
    needs_total = reads_total(framework)
    return [
        follow(framework, past.held_before(subject), Earned(level, not needs_total or total is not None), day, past.calendar, past.cycles)
        for subject, day, level, total in zip(cards.points.subjects, cards.points.as_of, cards.levels.levels, cards.totals, strict=True)
    ]
