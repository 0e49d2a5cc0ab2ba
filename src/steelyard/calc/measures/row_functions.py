"""What the functions, tables and curves of a row formula give. Blank stays blank, as in formulas of single points."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from fractions import Fraction

import narwhals as nw

from ..errors import Problem, Refused
from ..formula import nodes
from ..framework.model import PointsRule, Table
from ..units import DECIMALS, Exact
from .row_values import (
    WIDE,
    RowNames,
    RowValue,
    about,
    add,
    all_of,
    beyond,
    compare,
    divided,
    half_even,
    is_month_end,
    literal,
    rescale,
    rounded,
    whole,
)

KEPT = DECIMALS["percent"]  # decimals kept by division and by powers


def call(tree: nodes.Call, arguments: list[RowValue], names: RowNames) -> RowValue:
    """A function, table or curve of rows."""
    if tree.function in names.tables:
        return _table(names.tables[tree.function], arguments, names.date)
    if tree.function in names.curves:
        return _curve(names.curves[tree.function], arguments[0], names)
    if tree.function in _ONE:
        return _ONE[tree.function](arguments[0])
    if tree.function == "round":
        return _rounded(arguments[0], _whole_number(tree.arguments[1]) if len(arguments) > 1 else 0, names)
    if tree.function == "power":
        return _power(arguments[0], _whole_number(tree.arguments[1]))
    if tree.function == "months_between":
        return _months_between(arguments[0].expression, arguments[1].expression)
    return _of_several(tree.function, arguments)


def _of_several(function: str, arguments: list[RowValue]) -> RowValue:
    scales = [argument.scale for argument in arguments if argument.scale is not None]
    scale = max(scales) if scales else None
    same = [argument.expression if argument.scale is None or scale is None else rescale(argument, scale) for argument in arguments]
    if function == "when":
        rule = same[0]
        return RowValue(nw.when(rule).then(same[1]).otherwise(nw.when(~rule).then(same[2])), scale)
    if function == "if_blank":
        return RowValue(nw.coalesce(same[0], same[1]), scale)
    if function in ("min", "max", "clamp"):
        # engines skip blanks here; in the language, arithmetic with a blank is blank
        if function == "clamp":  # where the limits contradict each other, the lower one
            result = nw.max_horizontal(nw.min_horizontal(same[0], same[2]), same[1])
        else:
            result = nw.min_horizontal(*same) if function == "min" else nw.max_horizontal(*same)
        return RowValue(nw.when(_known(same)).then(result), scale)
    hint = "row formulas have the plain functions, tables and curves"
    raise Refused(Problem("wrong-place", f"`{function}` cannot be used in a row formula", hint=hint))


def _known(parts: list[nw.Expr]) -> nw.Expr:
    return all_of([~part.is_null() for part in parts], lambda a, b: a & b)


def _whole_number(node: nodes.Node) -> int:
    """The whole number written as second argument of round and power."""
    if isinstance(node, nodes.Unary):
        return -_whole_number(node.operand)
    assert isinstance(node, nodes.Literal) and isinstance(node.value, int)
    return node.value


def _rounded(value: RowValue, digits: int, names: RowNames) -> RowValue:
    assert value.scale is not None
    if value.scale <= digits:
        return value
    kept = rounded(value.expression.cast(WIDE), nw.lit(10 ** (value.scale - digits), WIDE), names.rounding)
    return RowValue(kept, digits) if digits >= 0 else RowValue(kept * nw.lit(10**-digits, WIDE), 0)


def _power(value: RowValue, exponent: int) -> RowValue:
    """To a whole power; each step keeps nine decimals. What goes into a step stands in it once, or formulas would double with each."""
    assert value.scale is not None
    wide, scale = value.expression.cast(WIDE), value.scale
    result, kept = nw.when(~value.expression.is_null()).then(nw.lit(1, WIDE)), 0
    for _ in range(abs(exponent)):
        result, kept = result * wide, kept + scale
        if kept > KEPT:
            over = 10 ** (kept - KEPT)
            result, kept = (result * 2 + nw.lit(over, WIDE)) // nw.lit(2 * over, WIDE), KEPT
    largest = value.expression.cast(nw.Float64()).abs() / about(10**scale)
    size = largest ** abs(exponent) * about(10 ** (KEPT + scale))
    found = RowValue(result + beyond(size), kept)
    return found if exponent >= 0 else divided(literal(1), found)


def _months_between(earlier: nw.Expr, later: nw.Expr) -> RowValue:
    """Full months from one day to another, as in `periods.days`; below 0 where the first is the later one."""
    low, high = nw.min_horizontal(earlier, later), nw.max_horizontal(earlier, later)
    months = (high.dt.year() - low.dt.year()).cast(nw.Int64()) * 12 + high.dt.month().cast(nw.Int64()) - low.dt.month().cast(nw.Int64())
    full = (high.dt.day() >= low.dt.day()) | is_month_end(high)
    counted = nw.when(full).then(months).otherwise(months - 1)
    return RowValue(nw.when(later >= earlier).then(counted).otherwise(nw.when(later < earlier).then(counted * -1)), 0)


_ONE: dict[str, Callable[[RowValue], RowValue]] = {
    "is_blank": lambda value: RowValue(value.expression.is_null()),
    "abs": lambda value: RowValue(value.expression.abs(), value.scale),
    "floor": lambda value: RowValue(whole(value), 0),
}


def _table(table: Table, arguments: list[RowValue], default_day: nw.Expr) -> RowValue:
    day = arguments[len(table.by)].expression if len(arguments) > len(table.by) else default_day
    values = [literal(row.value) for row in table.rows] + ([] if table.otherwise is None else [literal(table.otherwise)])
    scales = [value.scale for value in values if value.scale is not None]
    scale = max(scales) if scales else None

    def at_scale(value: RowValue) -> nw.Expr:
        return value.expression if scale is None or value.scale is None else rescale(value, scale)

    result = nw.lit(None) if table.otherwise is None else at_scale(values[-1])
    # the newest row is asked last and therefore decides first
    for position in sorted(range(len(table.rows)), key=lambda index: table.rows[index].since or date.min):
        row = table.rows[position]
        hit = all_of([arguments[index].expression == nw.lit(key) for index, key in enumerate(row.keys)], lambda a, b: a & b)
        if row.since:
            hit = hit & (day >= nw.lit(row.since))
        result = nw.when(hit).then(at_scale(values[position])).otherwise(result)
    asked = [argument.expression for argument in arguments[: len(table.by)]]
    if any(row.since for row in table.rows):
        asked.append(day)
    return RowValue(nw.when(_known(asked)).then(result), scale)


def _curve(rule: PointsRule, value: RowValue, names: RowNames) -> RowValue:
    scale = DECIMALS["points"]
    if rule.kind == "per":
        return _per(rule, value, names)
    if rule.kind == "value":
        return value
    if rule.kind == "choice":
        result = nw.lit(None)
        for answer, points in reversed(rule.choices):
            result = nw.when(value.expression == nw.lit(answer)).then(_constant(points, scale)).otherwise(result)
        return RowValue(result, scale)
    found = _bands(rule, value, scale) if rule.kind == "bands" else _line(rule, value, scale)
    return RowValue(nw.when(~value.expression.is_null()).then(found), scale)


def _constant(number: Exact, scale: int) -> nw.Expr:
    return nw.lit(round(Fraction(number) * 10**scale), WIDE)


def _per(rule: PointsRule, value: RowValue, names: RowNames) -> RowValue:
    """Points for each unit, where how many is written as a number or a setting."""
    tree = rule.points.tree if rule.points is not None else None
    each = tree.value if isinstance(tree, nodes.Literal) else names.settings.get(tree.name) if isinstance(tree, nodes.Name) else None
    if not isinstance(each, int | Fraction):
        hint = "write the points as a number or a setting"
        raise Refused(Problem("wrong-place", "a `per` curve of rows takes a number of points", hint=hint))
    times = literal(each)
    assert value.scale is not None and times.scale is not None
    unit = Fraction(rule.each)
    numerator = value.expression.cast(WIDE) * nw.lit(unit.denominator, WIDE)
    denominator = nw.lit(unit.numerator * 10**value.scale, WIDE)
    if rule.whole:
        return RowValue(numerator // denominator * times.expression.cast(WIDE), times.scale)
    points = RowValue(numerator * times.expression.cast(WIDE), times.scale)
    return RowValue(half_even(points.expression * nw.lit(10**KEPT, WIDE), denominator), times.scale + KEPT)


def _bands(rule: PointsRule, value: RowValue, scale: int) -> nw.Expr:
    result = nw.lit(None)
    for band in reversed(rule.bands):
        hits = []
        if band.low is not None:
            hits.append(compare(">=" if band.low_closed else ">", value, literal(band.low)))
        if band.high is not None:
            hits.append(compare("<=" if band.high_closed else "<", value, literal(band.high)))
        hit = all_of(hits, lambda a, b: a & b) if hits else ~value.expression.is_null()
        result = nw.when(hit).then(_constant(band.points, scale)).otherwise(result)
    return result


def _line(rule: PointsRule, value: RowValue, scale: int) -> nw.Expr:
    """Straight between the corners, flat outside; where two corners share a value, the later one holds from there."""
    result = _constant(rule.corners[-1][1], scale)
    for (x0, y0), (x1, y1) in reversed(list(zip(rule.corners, rule.corners[1:], strict=False))):
        if x0 == x1:
            continue
        slope = (Fraction(y1) - Fraction(y0)) / (Fraction(x1) - Fraction(x0))
        start = Fraction(y0) * 10**scale * slope.denominator
        rise = add("-", value, literal(x0))
        assert rise.scale is not None
        # points = y0 + (x - x0) * slope, all over slope.denominator x 10**rise.scale
        wide = rise.expression.cast(WIDE) * nw.lit(slope.numerator * 10**scale, WIDE) + nw.lit(int(start) * 10**rise.scale, WIDE)
        here = half_even(wide, nw.lit(slope.denominator * 10**rise.scale, WIDE))
        result = nw.when(compare("<", value, literal(x1))).then(here).otherwise(result)
    first = compare("<", value, literal(rule.corners[0][0]))
    return nw.when(first).then(_constant(rule.corners[0][1], scale)).otherwise(result)
