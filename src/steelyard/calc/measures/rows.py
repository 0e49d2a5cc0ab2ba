"""Row formulas: the formula tree compiled to Narwhals expressions over fact rows.

Numbers are int64 at a decimal scale that the compiler follows (money 4, percent 9, ...); products and comparisons of
unequal scales are taken in 128 bits, so nothing wraps and nothing is rounded before the row's value is complete.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

import narwhals as nw

from ..errors import Problem, Refused
from ..formula import nodes
from ..framework.model import PointsRule, Table
from ..units import DECIMALS, Blank, Exact

WIDE = nw.Int128()


@dataclass(frozen=True, slots=True)
class RowValue:
    """An expression with what it is: ``scale`` decimals for numbers, None for text, dates and yes/no."""

    expression: nw.Expr
    scale: int | None = None


@dataclass(frozen=True, slots=True)
class RowNames:
    """What a row formula may name: columns of the row, settings, tables and curves."""

    columns: Mapping[str, RowValue]
    settings: Mapping[str, nodes.Value]
    tables: Mapping[str, Table]
    curves: Mapping[str, PointsRule]
    date: nw.Expr


def literal(value: nodes.Value) -> RowValue:
    """A constant; a fraction takes as many decimals as it needs, at most 15."""
    if isinstance(value, Blank):
        return RowValue(nw.lit(None))
    if isinstance(value, bool | str | date):
        return RowValue(nw.lit(value))
    exact = Fraction(value)
    scale = 0
    while (exact * 10**scale).denominator != 1:
        scale += 1
        if scale > 15:
            raise Refused(Problem("too-fine", "a number in a row formula has more than 15 decimals", found=str(value)))
    return RowValue(nw.lit(int(exact * 10**scale), nw.Int64()), scale)


def half_even(numerator: nw.Expr, denominator: nw.Expr) -> nw.Expr:
    """``numerator / denominator`` (128-bit, denominator > 0) rounded half-even to a whole number."""
    quotient = numerator // denominator
    twice = (numerator - quotient * denominator) * 2
    odd = (quotient - (quotient // 2) * 2) == 1
    return quotient + ((twice > denominator) | ((twice == denominator) & odd)).cast(WIDE)


def rescale(value: RowValue, scale: int) -> nw.Expr:
    """The number at another scale, rounded half-even once where decimals are lost."""
    assert value.scale is not None
    if value.scale == scale:
        return value.expression
    wide = value.expression.cast(WIDE)
    if value.scale < scale:
        return wide * nw.lit(10 ** (scale - value.scale), WIDE)
    return half_even(wide, nw.lit(10 ** (value.scale - scale), WIDE))


def to_unit(value: RowValue, unit: str) -> nw.Expr:
    """The row's value in its unit's grain, as int64."""
    return rescale(value, DECIMALS[unit]).cast(nw.Int64())


def compile_row(tree: nodes.Node, names: RowNames) -> RowValue:
    """The expression of a checked row formula; the checker has refused whatever cannot be compiled."""
    if isinstance(tree, nodes.Literal):
        return literal(tree.value)
    if isinstance(tree, nodes.Name):
        return names.columns[tree.name] if tree.name in names.columns else literal(names.settings[tree.name])
    if isinstance(tree, nodes.Unary):
        inner = compile_row(tree.operand, names)
        return RowValue(~inner.expression) if tree.operator == "not" else RowValue(inner.expression * -1, inner.scale)
    if isinstance(tree, nodes.In):
        operand = compile_row(tree.operand, names)
        hits = [_compare("==", operand, compile_row(choice, names)) for choice in tree.choices]
        return RowValue(_all_of(hits, lambda left, right: left | right))
    if isinstance(tree, nodes.Binary):
        return _binary(tree, names)
    if isinstance(tree, nodes.Call):
        return _call(tree, names)
    raise Refused(Problem("wrong-place", f"{type(tree).__name__} cannot stand in a row formula"))


def _all_of(parts: list[nw.Expr], join: Callable[[nw.Expr, nw.Expr], nw.Expr]) -> nw.Expr:
    total = parts[0]
    for part in parts[1:]:
        total = join(total, part)
    return total


def _binary(tree: nodes.Binary, names: RowNames) -> RowValue:
    left, right = compile_row(tree.left, names), compile_row(tree.right, names)
    if tree.operator == "and":
        return RowValue(left.expression & right.expression)
    if tree.operator == "or":
        return RowValue(left.expression | right.expression)
    if tree.operator in ("==", "!=", "<", "<=", ">", ">="):
        return RowValue(_compare(tree.operator, left, right))
    if tree.operator in ("+", "-"):
        return _add(tree.operator, left, right)
    assert left.scale is not None and right.scale is not None
    if tree.operator == "*":
        return RowValue(left.expression.cast(WIDE) * right.expression.cast(WIDE), left.scale + right.scale)
    return _divide(left, right)


def _compare(operator: str, left: RowValue, right: RowValue) -> nw.Expr:
    a, b = left.expression, right.expression
    if left.scale is not None and right.scale is not None and left.scale != right.scale:
        scale = max(left.scale, right.scale)
        a, b = rescale(left, scale), rescale(right, scale)
    comparisons: dict[str, Callable[[], nw.Expr]] = {
        "==": lambda: a == b,
        "!=": lambda: a != b,
        "<": lambda: a < b,
        "<=": lambda: a <= b,
        ">": lambda: a > b,
        ">=": lambda: a >= b,
    }
    return comparisons[operator]()


def _add(operator: str, left: RowValue, right: RowValue) -> RowValue:
    if left.scale is None and right.scale is None:  # date - date
        return RowValue((left.expression - right.expression).dt.total_minutes() // (24 * 60), 0)
    if left.scale is None:  # date + days
        days = rescale(right, 0)
        sign = 1 if operator == "+" else -1
        return RowValue(_shift(left.expression, days * sign))
    assert right.scale is not None
    scale = max(left.scale, right.scale)
    a, b = rescale(left, scale), rescale(right, scale)
    return RowValue(a + b if operator == "+" else a - b, scale)


def _shift(day: nw.Expr, days: nw.Expr) -> nw.Expr:
    # a Date counts days since 1970; arithmetic on that number is the one form that every engine has
    return (day.cast(nw.Int32()) + days.cast(nw.Int32())).cast(nw.Date())


def _divide(left: RowValue, right: RowValue) -> RowValue:
    """Division in a row formula keeps nine decimals; by zero it is blank."""
    assert left.scale is not None and right.scale is not None
    keep = DECIMALS["percent"]
    sign = nw.when(right.expression < 0).then(nw.lit(-1)).otherwise(nw.lit(1)).cast(WIDE)
    numerator = left.expression.cast(WIDE) * nw.lit(10 ** (keep + right.scale), WIDE) * sign
    denominator = right.expression.cast(WIDE) * nw.lit(10**left.scale, WIDE) * sign
    safe = nw.when(denominator > 0).then(denominator)
    return RowValue(half_even(numerator, safe), keep)


def _call(tree: nodes.Call, names: RowNames) -> RowValue:
    arguments = [compile_row(argument, names) for argument in tree.arguments]
    if tree.function in names.tables:
        return _table(names.tables[tree.function], arguments, names.date)
    if tree.function in names.curves:
        return _curve(names.curves[tree.function], arguments[0])
    if tree.function == "is_blank":
        return RowValue(arguments[0].expression.is_null())
    if tree.function == "abs":
        return RowValue(arguments[0].expression.abs(), arguments[0].scale)
    scales = [argument.scale for argument in arguments if argument.scale is not None]
    scale = max(scales) if scales else None
    same = [argument.expression if argument.scale is None or scale is None else rescale(argument, scale) for argument in arguments]
    if tree.function == "when":
        return RowValue(nw.when(same[0]).then(same[1]).otherwise(same[2]), scale)
    if tree.function == "if_blank":
        return RowValue(nw.coalesce(same[0], same[1]), scale)
    if tree.function in ("min", "max", "clamp"):
        # engines skip blanks here; in the language, arithmetic with a blank is blank
        known = _all_of([~part.is_null() for part in same], lambda a, b: a & b)
        low = nw.min_horizontal(*same) if tree.function == "min" else nw.max_horizontal(*(same[:2] if tree.function == "clamp" else same))
        return RowValue(nw.when(known).then(nw.min_horizontal(low, same[2]) if tree.function == "clamp" else low), scale)
    raise Refused(
        Problem(
            "wrong-place",
            f"`{tree.function}` cannot be used in a row formula",
            hint="row formulas have when, min, max, abs, clamp, if_blank, is_blank, tables and curves",
        )
    )


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
        hit = _all_of([arguments[index].expression == nw.lit(key) for index, key in enumerate(row.keys)], lambda a, b: a & b)
        if row.since:
            hit = hit & (day >= nw.lit(row.since))
        result = nw.when(hit).then(at_scale(values[position])).otherwise(result)
    return RowValue(result, scale)


def _curve(rule: PointsRule, value: RowValue) -> RowValue:
    scale = DECIMALS["points"]

    def constant(number: Exact) -> nw.Expr:
        return nw.lit(round(Fraction(number) * 10**scale), WIDE)

    if rule.kind == "bands":
        result = nw.lit(None)
        for band in reversed(rule.bands):
            hits = []
            if band.low is not None:
                hits.append(_compare(">=" if band.low_closed else ">", value, literal(band.low)))
            if band.high is not None:
                hits.append(_compare("<=" if band.high_closed else "<", value, literal(band.high)))
            hit = _all_of(hits, lambda a, b: a & b) if hits else ~value.expression.is_null()
            result = nw.when(hit).then(constant(band.points)).otherwise(result)
        return RowValue(result, scale)
    if rule.kind == "line":
        result = constant(rule.corners[-1][1])
        for (x0, y0), (x1, y1) in reversed(list(zip(rule.corners, rule.corners[1:], strict=False))):
            slope = (Fraction(y1) - Fraction(y0)) / (Fraction(x1) - Fraction(x0))
            start = Fraction(y0) * 10**scale * slope.denominator
            rise = _add("-", value, literal(x0))
            assert rise.scale is not None
            # points = y0 + (x - x0) * slope, all over slope.denominator x 10**rise.scale
            wide = rise.expression.cast(WIDE) * nw.lit(slope.numerator * 10**scale, WIDE) + nw.lit(int(start) * 10**rise.scale, WIDE)
            here = half_even(wide, nw.lit(slope.denominator * 10**rise.scale, WIDE))
            result = nw.when(_compare("<", value, literal(x1))).then(here).otherwise(result)
        first = _compare("<", value, literal(rule.corners[0][0]))
        return RowValue(nw.when(first).then(constant(rule.corners[0][1])).otherwise(result), scale)
    raise Refused(Problem("wrong-place", f"a `{rule.kind}` curve cannot be used in a row formula", hint="use line or bands"))
