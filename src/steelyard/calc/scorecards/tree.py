"""The scorecard from the leaves up (points, gates, what passes), then from the top down (shares in the total)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction
from functools import partial

import numpy as np

from ..environment import Columns, Surroundings
from ..errors import Problem, Refused
from ..formula.nodes import Literal, Value
from ..framework.model import Framework, Node
from ..kpis import Given, KpiColumn
from ..over_time.past import Past
from ..points import Points
from ..rules import Ratio, ratio
from ..units import Blank
from .arrays import groups, spread_columns, whole, widened
from .columns import NOTHING, WHOLE, Line, NodeColumn
from .combine import combine
from .finish import finish
from .gates import apply_gates, lowest_item, natural_points
from .leaves import grain_of, leaf_column
from .paths import nodes_with_paths
from .shares import spread


class Tree:
    """The scorecard of one framework over the points; nodes are computed when first asked for, each once."""

    def __init__(
        self,
        framework: Framework,
        points: Points,
        kpis: Mapping[str, KpiColumn],
        readings: Columns,
        given: Given | None = None,
        past: Past | None = None,
    ) -> None:
        self.framework = framework
        self.points = points
        self.kpis = kpis
        self.readings = readings
        self.given = given or {}
        self.nodes: dict[str, tuple[Node, str]] = {}
        self.columns: dict[str, NodeColumn] = {}
        self.computing: list[str] = []
        self.past = past
        self.base = Surroundings(framework, points, readings, self.names(), past)

    def names(self) -> dict[str, Callable[[], list[Value]]]:
        """What formulas know everywhere in the tree: the KPIs, and other nodes by `points(node)` and `passes(node)`."""
        known: dict[str, Callable[[], list[Value]]] = {name: partial(_natural, column) for name, column in self.kpis.items()}
        for name in self.nodes:
            known[f"points({name})"] = partial(self.points_of, name)
            known[f"passes({name})"] = partial(self.passes_of, name)
        return known

    def compute(self, *, shared: bool = True) -> NodeColumn | None:
        """The root with everything below it, or None for a framework without a scorecard; ``shared`` shares the total out."""
        root = self.framework.scorecard
        if root is None:
            return None
        self._index()
        self.base.known = self.names()
        column = self.column(root.name)
        column.set_weights = column.weights = column.total_weights = [WHOLE] * len(self.points)
        column.contributions = column.points
        column.totals = [points or 0 for points in column.points]
        if shared:
            _share_total(column)
        return column

    def _index(self) -> None:
        for path, node in nodes_with_paths(self.framework):
            if node.name in self.nodes:
                raise Refused(Problem("duplicate-name", f"two nodes are called `{node.name}`", where=str(node.place)))
            self.nodes[node.name] = (node, path)

    def points_of(self, name: str) -> list[Value]:
        """A node's points in natural units."""
        column = self.column(name)
        return natural_points(column.points, column.reasons)

    def passes_of(self, name: str) -> list[Value]:
        """Whether a node passes, for formulas."""
        return list(self.column(name).passes)

    def column(self, name: str) -> NodeColumn:
        """A node's column, computed with all it needs; refuses nodes that wait for each other."""
        if name in self.columns:
            return self.columns[name]
        if name in self.computing:
            circle = " needs ".join(f"`{other}`" for other in [*self.computing[self.computing.index(name) :], name])
            raise Refused(Problem("circular", circle, where=str(self.nodes[name][0].place)))
        self.computing.append(name)
        node, path = self.nodes[name]
        column = self._leaf(node, path) if node.kpi is not None else self._combined(node, path)
        self._set_given(column)
        if node.require:
            apply_gates(column, self._around(column))
            self._set_given(column)
        column.passes = [passes and points is not None for passes, points in zip(column.passes, column.points, strict=True)]
        self.computing.pop()
        self.columns[name] = column
        return column

    def _leaf(self, node: Node, path: str) -> NodeColumn:
        if node.kpi is None or node.kpi not in self.kpis:
            raise Refused(Problem("unknown-name", f"`{node.kpi}` is not a KPI", where=str(node.place)))
        return leaf_column(node, path, self.kpis[node.kpi], self.base)

    def _combined(self, node: Node, path: str) -> NodeColumn:
        items = [self.column(item.name) for item in node.items]
        for item in items:
            item.set_weights = self._weights(item.node)
        combined = combine(node, items, [item.set_weights for item in items])
        points, lines = finish(node, combined.results, self.framework, combined.rounded)
        passes = [all(item.passes[position] for item in items if item.points[position] is not None) for position in range(len(points))]
        if combined.chosen is not None:
            by_name = {item.node.name: item for item in items}
            passes = [name is not None and by_name[name].passes[position] for position, name in enumerate(combined.chosen)]
        return NodeColumn(
            node, path, items, points, combined.reasons, passes, lines, gates=[], chosen=combined.chosen
        )  # fmt: skip

    def _weights(self, node: Node) -> list[Ratio]:
        """An item's weight as written; a blank or negative weight counts as none."""
        count = len(self.points)
        if node.weight is None:
            return [WHOLE] * count
        tree = node.weight.tree
        if isinstance(tree, Literal):
            return [_weight(tree.value)] * count
        return [_weight(value) for value in self.base.values(tree)]

    def _set_given(self, column: NodeColumn) -> None:
        """A vector's points replace what was computed; the difference is a line of its own."""
        names = (column.node.name, "total") if column.node is self.framework.scorecard else (column.node.name,)
        for name in names:
            for position, value in enumerate(self.given.get(name, ())):
                if isinstance(value, Blank):
                    column.points[position], column.reasons[position] = None, value.reason
                elif isinstance(value, (int, Fraction)):
                    before, now = column.points[position] or 0, grain_of(value)
                    column.points[position] = now
                    column.passes[position] = column.passes[position] or not column.gates  # only its own gates judge it
                    column.reasons.pop(position, None)
                    if now != before:
                        column.lines.setdefault(position, []).append(Line("given", "given", now - before))

    def _around(self, column: NodeColumn) -> Surroundings:
        """What the gates of a node see: its own points, whether it passes so far, its lowest item."""
        points = natural_points(list(column.points), dict(column.reasons))
        passes: list[Value] = list(column.passes)
        known = {
            **self.base.known,
            "points": lambda: points,
            "overall": lambda: points,
            "passes": lambda: passes,
            "lowest_item": lambda: lowest_item(column) if column.items else points,
        }
        return Surroundings(self.framework, self.points, self.readings, known, self.past, column.node.name)


def _natural(column: KpiColumn) -> list[Value]:
    return column.natural


def _weight(value: Value) -> Ratio:
    if isinstance(value, (int, Fraction)) and value > 0:
        return ratio(value)
    return NOTHING


def _share_total(column: NodeColumn) -> None:
    """Share the node's part of the total out to its items and lines, exactly; then each item's to its own."""
    if not column.items:
        return
    above = column.total_weights
    products: dict[tuple[Ratio, Ratio], Ratio] = {}
    for item in column.items:
        item.total_weights = [_product(pair, products) for pair in zip(above, item.weights, strict=True)]
    parts = np.stack([whole(item.contributions) for item in column.items])
    totals = parts
    if any(weight is not WHOLE for weight in above):
        totals = np.zeros(parts.shape, dtype=parts.dtype)
        targets = whole(column.totals)
        for weight, positions in groups(above):
            block = widened(parts[:, positions], weight[0]) * weight[0]
            shared = spread_columns(block, weight[1], targets[positions]) if weight[0] else block
            if shared.dtype == object:
                totals = totals.astype(object)
            totals[:, positions] = shared
    for item, total in zip(column.items, totals.tolist(), strict=True):
        item.totals = total
    for position, lines in column.lines.items():
        _share_with_lines(column, position, [line.amount for line in lines])
    for item in column.items:
        _share_total(item)


def _share_with_lines(column: NodeColumn, position: int, lines: list[int]) -> None:
    """Where caps or gates moved something, they share in the total like items."""
    weight = column.total_weights[position]
    amounts = [item.contributions[position] or 0 for item in column.items] + lines
    if column.points[position] is None or weight[0] == 0:
        totals = [0] * len(amounts)
    else:
        totals = spread([amount * weight[0] for amount in amounts], weight[1], column.totals[position])
    for item, total in zip(column.items, totals, strict=False):
        item.totals[position] = total
    column.line_totals[position] = totals[len(column.items) :]


def _product(pair: tuple[Ratio, Ratio], known: dict[tuple[Ratio, Ratio], Ratio]) -> Ratio:
    above, own = pair
    if above is WHOLE:
        return own
    if pair not in known:
        known[pair] = (above[0] * own[0], above[1] * own[1])
    return known[pair]
