"""Phase 2: a checked formula over all points at once, column by column, exactly.

Nothing walks the tree per point: every node makes one column of N values from the columns of its parts. Numbers are
``int`` or ``Fraction``; a blank carries its reason through (docs/reference/framework-language.md).
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from ..framework.model import Peers, PointsRule, Table
from ..units import Rounding
from . import operators, plain
from .functions import OVER_TIME
from .nodes import MONTHS, Binary, Call, In, Literal, Name, Node, Unary, Value, Windowed
from .operators import Column
from .peers import over_peers
from .tables import look_up


def _no_windows(measure: str, window: str) -> Column:
    raise KeyError(f"{measure}[{window}]")


def _no_curves(rule: PointsRule, value: Any) -> Value:
    raise KeyError("this environment has no curves")


def _no_past(call: Call) -> Column:
    raise KeyError(f"this environment knows nothing of {call.function}")


def _nobody_absent(argument: Node) -> Column:
    return []


@dataclass(slots=True)
class Environment:
    """What the names of a formula stand for at N points; every column has one value per point.

    ``column`` also answers `points(node)` and `passes(node)`, asked for by that text. ``groups`` are the peer groups on
    their as-of dates; only needed where peer functions are used.
    """

    as_of: Sequence[date]
    column: Callable[[str], Column]
    windowed: Callable[[str, str], Column] = _no_windows
    tables: Mapping[str, Table] = field(default_factory=dict)
    curves: Mapping[str, PointsRule] = field(default_factory=dict)
    curve_points: Callable[[PointsRule, Any], Value] = _no_curves
    levels: Sequence[str] = ()  # lowest first
    groups: Sequence[Hashable] = ()
    peers: Peers = field(default_factory=Peers)
    rounding: Rounding = "half_up"
    absent: Callable[[Node], Column] = _nobody_absent  # what peers had who are not among the points, where those are one group
    looked_back: Callable[[Call], Column] = _no_past  # previous, in_a_row, count_true, any_day; and parts of a roll-up


def columns(tree: Node, environment: Environment, n: int) -> Column:
    """The values of a checked formula at the N points of the environment."""
    if isinstance(tree, Literal):
        return [tree.value] * n
    if isinstance(tree, Name):
        return environment.column(tree.name)
    if isinstance(tree, Windowed):
        return environment.windowed(tree.measure, tree.window)
    if isinstance(tree, Unary):
        operand = columns(tree.operand, environment, n)
        return operators.negative(operand) if tree.operator == "-" else operators.opposite(operand)
    if isinstance(tree, Binary):
        return _binary(tree, environment, n)
    if isinstance(tree, In):
        choices = [columns(choice, environment, n) for choice in tree.choices]
        return operators.member(columns(tree.operand, environment, n), choices)
    if isinstance(tree, Call):
        return _call(tree, environment, n)
    raise TypeError(f"{type(tree).__name__} is not a part of a formula")


def _binary(tree: Binary, environment: Environment, n: int) -> Column:
    for months, days in ((tree.right, tree.left), (tree.left, tree.right)):
        if isinstance(months, Literal) and months.type == MONTHS and isinstance(months.value, int):
            shift = -months.value if tree.operator == "-" else months.value
            return operators.shift_months(columns(days, environment, n), shift)
    left, right = columns(tree.left, environment, n), columns(tree.right, environment, n)
    if tree.operator == "and":
        return operators.both(left, right)
    if tree.operator == "or":
        return operators.either(left, right)
    if tree.operator in ("+", "-", "*", "/"):
        return operators.arithmetic(tree.operator, left, right)
    return operators.compare(tree.operator, left, right, environment.levels)


_PLAIN: dict[str, Callable[..., Column]] = {
    "when": plain.when, "min": plain.least, "max": plain.most, "abs": plain.magnitude, "floor": plain.floor,
    "clamp": plain.clamp, "if_blank": plain.if_blank, "is_blank": plain.is_blank, "months_between": plain.full_months,
}  # fmt: skip


def _call(tree: Call, environment: Environment, n: int) -> Column:
    name = tree.function
    if name in environment.tables:
        return _table(environment.tables[name], tree, environment, n)
    if name in ("points", "passes"):
        node = tree.arguments[0]
        if not isinstance(node, Name):
            raise TypeError(f"{name}() takes the name of a node")
        return environment.column(f"{name}({node.name})")
    if name in OVER_TIME or name == "parts":
        return environment.looked_back(tree)
    values = [columns(argument, environment, n) for argument in tree.arguments]
    if name in environment.curves:
        rule, points = environment.curves[name], environment.curve_points
        return operators.each(lambda value: points(rule, value), values[0])
    if name in _PLAIN:
        return _PLAIN[name](*values)
    if name == "round":
        return plain.rounded(values[0], _whole(tree.arguments[1]) if len(tree.arguments) > 1 else 0, environment.rounding)
    if name == "power":
        return plain.power(values[0], _whole(tree.arguments[1]))
    groups, absent = list(zip(environment.as_of, environment.groups, strict=True)), environment.absent(tree.arguments[0])
    return over_peers(name, [*values[0], *absent], [*groups, *(groups[:1] * len(absent))], environment.peers)[:n]


def _table(table: Table, tree: Call, environment: Environment, n: int) -> Column:
    values = [columns(argument, environment, n) for argument in tree.arguments]
    keys, rest = values[: len(table.by)], values[len(table.by) :]
    return look_up(table, keys, rest[0] if rest else list(environment.as_of))


def _whole(node: Node) -> int:
    """The whole number written as second argument of round and power."""
    if isinstance(node, Unary):
        return -_whole(node.operand)
    if isinstance(node, Literal) and isinstance(node.value, int):
        return node.value
    raise TypeError("a whole number has to be written here")
