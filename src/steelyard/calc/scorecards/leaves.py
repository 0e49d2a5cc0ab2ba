"""A leaf of the scorecard: a KPI's value becomes points, or its no-data policy does."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction

from ..environment import Surroundings
from ..errors import Problem, Refused
from ..formula.nodes import Literal, Value
from ..framework.model import Node, PointsRule
from ..kpis import KpiColumn
from ..rules import POINTS_SCALE, Ratio, choose, compile_rule, points_ratio, ratio
from ..units import DECIMALS, Blank, Exact, divide
from .columns import Line, NodeColumn
from .finish import finish, plain_text

MOST = 10**16  # points of an item in their grain: hundreds of such items add up to what an int64 holds


def leaf_column(node: Node, path: str, kpi: KpiColumn, surroundings: Surroundings) -> NodeColumn:
    """Points of a leaf before its gates."""
    if node.points is None:
        raise Refused(Problem("no-points-rule", f"`{node.name}` has a KPI and no points rule", where=str(node.place)))
    earned = _earned(node, node.points, kpi, surroundings)
    results = [None if isinstance(points, Blank) else points for points in earned]
    stored, lines = finish(node, results, surroundings.framework)
    column = NodeColumn(
        node=node,
        path=path,
        items=[],
        points=stored,
        reasons={position: points.reason for position, points in enumerate(earned) if isinstance(points, Blank)},
        passes=[True] * len(stored),
        lines=lines,
        gates=[],
        kpi=kpi,
    )
    for position, points in enumerate(stored):
        if points is not None and abs(points) > MOST:
            stored[position], column.reasons[position] = None, "the points are more than can be held"
            lines.pop(position, None)
    for position, applied in enumerate(kpi.no_data):
        if applied is not None and applied.policy not in ("skip", "carry"):
            _without_data(column, position, applied.policy, applied.reason)
    return column


def _earned(node: Node, rule: PointsRule, kpi: KpiColumn, surroundings: Surroundings) -> list[Ratio | Blank]:
    """Points of every value by the rule, exactly."""
    if rule.kind == "choice":
        answer = choose(rule)
        return [value if isinstance(value, Blank) else answer(value) for value in kpi.natural]
    values: Sequence[Value | int] = kpi.values if kpi.exact is None else kpi.exact
    scale = 1 if kpi.exact is not None or kpi.unit == "text" else 10 ** DECIMALS[kpi.unit]
    if rule.kind == "per" and rule.points is not None and not isinstance(rule.points.tree, Literal):
        return _per_point(rule, values, scale, surroundings.values(rule.points))
    per = rule.points.tree.value if rule.points is not None and isinstance(rule.points.tree, Literal) else None
    compiled = compile_rule(rule, per if isinstance(per, (int, Fraction)) else None)
    return [compiled(value, scale) if value.__class__ is int else _of(compiled, value, scale) for value in values]


def _of(compiled: Callable[[int, int], Ratio | Blank], value: Value, scale: int) -> Ratio | Blank:
    """The points of one value, in whole numbers of so many to the unit."""
    if isinstance(value, Blank):
        return value
    if isinstance(value, (int, Fraction)):
        return compiled(value.numerator, value.denominator * scale)
    return Blank("an answer where a number was expected")


def _per_point(rule: PointsRule, values: Sequence[Value], scale: int, points: Sequence[Value]) -> list[Ratio | Blank]:
    """`per` whose points come from a table or a calculation, so that they differ from subject to subject."""
    compiled: dict[Exact, Callable[[int, int], Ratio | Blank]] = {}
    earned: list[Ratio | Blank] = []
    for value, each in zip(values, points, strict=True):
        if isinstance(each, Blank):
            earned.append(each)
        elif not isinstance(each, (int, Fraction)):
            earned.append(Blank("the points for each unit are not a number"))
        else:
            if each not in compiled:
                compiled[each] = compile_rule(rule, each)
            earned.append(_of(compiled[each], value, scale))
    return earned


def _without_data(column: NodeColumn, position: int, policy: str, reason: str) -> None:
    """`zero`, `full`, `fail` or a number of points instead of no value. They are final: no cap or scale touches them."""
    node = column.node
    amount: Ratio = (0, 1)
    text = "no data counts as 0 points"
    if policy == "full":
        if node.out_of is None:
            column.reasons[position] = f"{reason}; the highest points are unknown"
            return
        amount, text = points_ratio(node.out_of), f"no data counts as {plain_text(node.out_of)} points"
    elif policy == "points" and column.kpi is not None:
        given = column.kpi.kpi.no_data.amount
        amount, text = points_ratio(given), f"no data counts as {plain_text(given)} points"
    elif policy == "fail":
        column.passes[position] = False
        text = "no data fails"
    stored = divide(*amount)
    column.points[position] = stored
    column.reasons.pop(position, None)
    column.lines[position] = [Line("no_data", f"{text}: {reason}", stored)]


def grain_of(value: Exact) -> int:
    """Points in their grain, rounded once."""
    numerator, denominator = ratio(value)
    return divide(numerator * POINTS_SCALE, denominator)
