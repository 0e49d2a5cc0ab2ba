"""What the operators do to whole columns: exact, three-valued, the first reason of a blank kept."""

from __future__ import annotations

import operator
from collections.abc import Callable, Sequence
from datetime import date
from fractions import Fraction
from typing import Any

from ..periods.days import add_days, add_months
from ..units import Blank, Exact
from .nodes import Value

Column = list[Value]
DIVISION_BY_ZERO = Blank("denominator is 0")
OUT_OF_RANGE = Blank("the date is out of range")

_COMPARISONS: dict[str, Callable[[Any, Any], bool]] = {
    "==": operator.eq, "!=": operator.ne, "<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge,
}  # fmt: skip


def simplest(value: Exact) -> Exact:
    """A whole fraction as an int, which is many times faster to go on with."""
    return value if value.__class__ is int or value.denominator != 1 else value.numerator


def quotient(x: Exact, y: Exact) -> Exact | Blank:
    """x / y, blank if y is 0."""
    if not y:
        return DIVISION_BY_ZERO
    if x.__class__ is not int or y.__class__ is not int:
        (a, b), (c, d) = x.as_integer_ratio(), y.as_integer_ratio()
        x, y = a * d, b * c
    whole, rest = divmod(x, y)
    return Fraction(x, y) if rest else int(whole)


# `Fraction` finds out at every step what it is added to; doing it here, for the two kinds there are, halves the time


def total(x: Exact, y: Exact) -> Exact:
    """x + y."""
    if x.__class__ is int and y.__class__ is int:
        return x + y
    (a, b), (c, d) = x.as_integer_ratio(), y.as_integer_ratio()
    return simplest(Fraction(a + c, b) if b == d else Fraction(a * d + c * b, b * d))


def difference(x: Exact, y: Exact) -> Exact:
    """x - y."""
    if x.__class__ is int and y.__class__ is int:
        return x - y
    (a, b), (c, d) = x.as_integer_ratio(), y.as_integer_ratio()
    return simplest(Fraction(a - c, b) if b == d else Fraction(a * d - c * b, b * d))


def product(x: Exact, y: Exact) -> Exact:
    """x * y."""
    if x.__class__ is int and y.__class__ is int:
        return x * y
    (a, b), (c, d) = x.as_integer_ratio(), y.as_integer_ratio()
    return simplest(Fraction(a * c, b * d))


def pairwise(function: Callable[[Any, Any], Value], left: Sequence[Value], right: Sequence[Value]) -> Column:
    """The function over two columns; a blank stays, the left one first."""
    return [
        x if x.__class__ is Blank else y if y.__class__ is Blank else function(x, y)
        for x, y in zip(left, right, strict=True)
    ]  # fmt: skip


def each(function: Callable[[Any], Value], column: Sequence[Value]) -> Column:
    """The function over one column; blanks stay."""
    return [x if x.__class__ is Blank else function(x) for x in column]


def negative(column: Sequence[Value]) -> Column:
    return each(operator.neg, column)


def arithmetic(sign: str, left: Sequence[Value], right: Sequence[Value]) -> Column:
    """`+ - * /` of numbers, and the sums that dates take part in."""
    if sign == "*":
        return pairwise(product, left, right)
    if sign == "/":
        return pairwise(quotient, left, right)
    if _holds_dates(left):
        if sign == "+":
            return pairwise(later_by_days, left, right)
        return pairwise(_days_since if _holds_dates(right) else _earlier_by_days, left, right)
    if _holds_dates(right):
        return pairwise(lambda days, day: later_by_days(day, days), left, right)
    return pairwise(total if sign == "+" else difference, left, right)


def _holds_dates(column: Sequence[Value]) -> bool:
    """Whether the first value that is not blank is a date; a checked column is of one kind."""
    return isinstance(next((value for value in column if value.__class__ is not Blank), None), date)


def later_by_days(day: date, days: Exact) -> Value:
    try:
        return add_days(day, days // 1)
    except OverflowError:
        return OUT_OF_RANGE


def _earlier_by_days(day: date, days: Exact) -> Value:
    return later_by_days(day, -days)


def _days_since(later: date, earlier: date) -> int:
    return (later - earlier).days


def shift_months(days: Sequence[Value], months: int) -> Column:
    """Each date so many months later; a month end moves to a month end."""

    def shifted(day: date) -> Value:
        try:
            return add_months(day, months)
        except OverflowError:
            return OUT_OF_RANGE

    return each(shifted, days)


def compare(sign: str, left: Sequence[Value], right: Sequence[Value], levels: Sequence[str]) -> Column:
    """A comparison; texts have an order only as levels, lowest first."""
    if sign not in ("==", "!="):
        left, right = _ranked(left, levels), _ranked(right, levels)
    return pairwise(_COMPARISONS[sign], left, right)


def _ranked(column: Sequence[Value], levels: Sequence[str]) -> Sequence[Value]:
    """Level names replaced by their rank; every other column as it is."""
    if not isinstance(next((value for value in column if value.__class__ is not Blank), None), str):
        return column
    ranks: dict[object, Value] = {level: rank for rank, level in enumerate(levels)}
    return each(lambda name: ranks.get(name, Blank(f"{name} is not a level")), column)


def both(left: Sequence[Value], right: Sequence[Value]) -> Column:
    """`and`: false beats blank."""
    return [
        y if x is True else x if x is False or y is not False else False
        for x, y in zip(left, right, strict=True)
    ]  # fmt: skip


def either(left: Sequence[Value], right: Sequence[Value]) -> Column:
    """`or`: true beats blank."""
    return [
        y if x is False else x if x is True or y is not True else True
        for x, y in zip(left, right, strict=True)
    ]  # fmt: skip


def opposite(column: Sequence[Value]) -> Column:
    """`not`."""
    return each(operator.not_, column)


def member(operand: Sequence[Value], choices: Sequence[Sequence[Value]]) -> Column:
    """`in`: true if one choice is equal, else blank if any part of it is blank."""
    found = compare("==", operand, choices[0], ())
    for choice in choices[1:]:
        found = either(found, compare("==", operand, choice, ()))
    return found
