"""The values of row formulas: expressions with their scale, and arithmetic on them.

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
from ..units import DECIMALS, Blank, Rounding

WIDE = nw.Int128()
ROOM = 8 * 10**37  # half of what 128 bits hold: rounding doubles a value once
FINE = 12  # decimals up to which products of whole amounts have room


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
    rounding: Rounding = "half_up"


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


def product(one: nw.Expr, other: nw.Expr, scale: int) -> nw.Expr:
    """Two whole numbers multiplied in 128 bits. ``scale``: decimals of the product.

    With many decimals a value may not fit. Whole numbers would wrap unnoticed, so the computation stops (`too_large`).
    """
    wide = one.cast(WIDE) * other.cast(WIDE)
    if scale <= FINE:
        return wide
    return wide + beyond((one.cast(nw.Float64()) * other.cast(nw.Float64())).abs())


def beyond(size: nw.Expr) -> nw.Expr:
    """0 where a value of about this size has room; elsewhere a number that no int64 takes, which stops the computation."""
    return nw.when(size > about(ROOM)).then(size).otherwise(about(0)).cast(nw.Int64()).cast(WIDE)


def about(number: int) -> nw.Expr:
    """A whole number as sizes are compared: roughly."""
    return nw.lit(number, WIDE).cast(nw.Float64())


def too_large(error: Exception) -> Refused:
    """What is told where a value did not fit."""
    hint = "multiply by numbers with fewer decimals, or look for rows with impossible amounts"
    found = str(error).splitlines()[0][:120]
    return Refused(Problem("too-large", "a formula over rows gives a value that is larger than can be held", found=found, hint=hint))


def half_even(numerator: nw.Expr, denominator: nw.Expr) -> nw.Expr:
    """``numerator / denominator`` (128-bit, denominator > 0) rounded half-even to a whole number."""
    half_up, whole = numerator * 2 + denominator, denominator * 2  # few uses of the numerator: engines copy it for each
    quotient = half_up // whole
    return quotient - ((half_up % whole == 0) & (quotient % 2 != 0)).cast(WIDE)


def rescale(value: RowValue, scale: int) -> nw.Expr:
    """The number at another scale, rounded half-even once where decimals are lost."""
    assert value.scale is not None
    if value.scale == scale:
        return value.expression
    if value.scale < scale:
        return product(value.expression, nw.lit(10 ** (scale - value.scale), WIDE), scale)
    return half_even(value.expression.cast(WIDE), nw.lit(10 ** (value.scale - scale), WIDE))


def to_unit(value: RowValue, unit: str) -> nw.Expr:
    """The row's value in its unit's grain, as int64."""
    return rescale(value, DECIMALS[unit]).cast(nw.Int64())


def rounded(numerator: nw.Expr, denominator: nw.Expr, rounding: Rounding) -> nw.Expr:
    """``numerator / denominator`` (128-bit, denominator > 0) rounded to a whole number by a framework's method."""
    if rounding == "half_even":
        return half_even(numerator, denominator)
    quotient = numerator // denominator
    rest = numerator - quotient * denominator
    away = {
        "half_up": (rest * 2 > denominator) | ((rest * 2 == denominator) & (numerator > 0)),
        "up": (rest > 0) & (numerator > 0),
        "down": (rest > 0) & (numerator < 0),
    }[rounding]
    return quotient + away.cast(WIDE)


def all_of(parts: list[nw.Expr], join: Callable[[nw.Expr, nw.Expr], nw.Expr]) -> nw.Expr:
    """The parts joined two by two."""
    total = parts[0]
    for part in parts[1:]:
        total = join(total, part)
    return total


def compare(operator: str, left: RowValue, right: RowValue) -> nw.Expr:
    """A comparison; numbers are brought to one scale first."""
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


def add(operator: str, left: RowValue, right: RowValue) -> RowValue:
    """`left + right` or `left - right`: numbers, two dates, or a date and days."""
    if left.scale is None and right.scale is None:  # date - date
        return RowValue((left.expression - right.expression).dt.total_minutes() // (24 * 60), 0)
    if left.scale is None or right.scale is None:
        day, days = (left, right) if left.scale is None else (right, left)
        return RowValue(_shifted(day.expression, days if operator == "+" else negative(days)))
    scale = max(left.scale, right.scale)
    a, b = rescale(left, scale), rescale(right, scale)
    return RowValue(a + b if operator == "+" else a - b, scale)


def negative(value: RowValue) -> RowValue:
    """The number with the other sign."""
    return RowValue(value.expression * -1, value.scale)


def whole(value: RowValue) -> nw.Expr:
    """The greatest whole number that is not above the value."""
    assert value.scale is not None
    return value.expression.cast(WIDE) // nw.lit(10**value.scale, WIDE)


def _shifted(day: nw.Expr, days: RowValue) -> nw.Expr:
    # a Date counts days since 1970; arithmetic on that number is the one form that every engine has
    return (day.cast(nw.Int32()) + whole(days).cast(nw.Int32())).cast(nw.Date())


def is_month_end(day: nw.Expr) -> nw.Expr:
    """Whether the next day begins a month."""
    return (day.cast(nw.Int32()) + 1).cast(nw.Date()).dt.day() == 1


def add_months(day: nw.Expr, months: int) -> nw.Expr:
    """The day so many months later; a month end moves to a month end, as in `periods.days`."""
    after = day.dt.truncate("1mo").dt.offset_by(f"{months + 1}mo")
    end = (after.cast(nw.Int32()) - 1).cast(nw.Date())
    return nw.when(is_month_end(day)).then(end).otherwise(day.dt.offset_by(f"{months}mo"))


def divided(left: RowValue, right: RowValue) -> RowValue:
    """Division in a row formula keeps nine decimals; by zero it is blank."""
    assert left.scale is not None and right.scale is not None
    keep = DECIMALS["percent"]
    sign = nw.when(right.expression < 0).then(nw.lit(-1)).otherwise(nw.lit(1)).cast(WIDE)
    fine = left.scale + right.scale - keep + 3  # a quotient of quotients still has room
    numerator = product(left.expression, nw.lit(10 ** (keep + right.scale), WIDE), fine) * sign
    denominator = product(right.expression, nw.lit(10**left.scale, WIDE), fine) * sign
    safe = nw.when(denominator > 0).then(denominator)
    return RowValue(half_even(numerator, safe), keep)
