"""The plain functions, over whole columns."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from ..periods.days import months_between
from ..units import Blank, Exact, Rounding, round_to
from .nodes import Value
from .operators import DIVISION_BY_ZERO, Column, each, pairwise, simplest

LARGEST_BITS = 4096  # a power beyond this is no figure of any business; refusing it keeps a formula from eating the machine
TOO_LARGE = Blank("the number is too large")


def when(rule: Sequence[Value], yes: Sequence[Value], no: Sequence[Value]) -> Column:
    """The second where the first is true, the third where it is false, blank where it is blank."""
    return [a if test is True else b if test is False else test for test, a, b in zip(rule, yes, no, strict=True)]


def if_blank(column: Sequence[Value], instead: Sequence[Value]) -> Column:
    return [y if x.__class__ is Blank else x for x, y in zip(column, instead, strict=True)]


def is_blank(column: Sequence[Value]) -> Column:
    return [x.__class__ is Blank for x in column]


def _lower(x: Any, y: Any) -> Value:
    return y if y < x else x


def _higher(x: Any, y: Any) -> Value:
    return y if y > x else x


def least(*columns: Sequence[Value]) -> Column:
    """`min` of two or more."""
    result = list(columns[0])
    for column in columns[1:]:
        result = pairwise(_lower, result, column)
    return result


def most(*columns: Sequence[Value]) -> Column:
    """`max` of two or more."""
    result = list(columns[0])
    for column in columns[1:]:
        result = pairwise(_higher, result, column)
    return result


def clamp(column: Sequence[Value], low: Sequence[Value], high: Sequence[Value]) -> Column:
    """Not below ``low``, not above ``high``; if they contradict each other, ``low``."""
    return pairwise(_higher, pairwise(_lower, column, high), low)


def magnitude(column: Sequence[Value]) -> Column:
    return each(abs, column)


def floor(column: Sequence[Value]) -> Column:
    return each(lambda x: x // 1, column)


def rounded(column: Sequence[Value], digits: int, rounding: Rounding) -> Column:
    """Rounded to so many decimals by the framework's method."""
    return each(lambda x: x if x.__class__ is int and digits >= 0 else simplest(round_to(x, digits, rounding)), column)


def power(column: Sequence[Value], exponent: int) -> Column:
    """To a whole power: power(-5, 2) is 25."""

    def raised(x: Exact) -> Value:
        if exponent < 0 and x == 0:
            return DIVISION_BY_ZERO
        if (x.numerator.bit_length() + x.denominator.bit_length()) * abs(exponent) > LARGEST_BITS:
            return TOO_LARGE
        return simplest(Fraction(x) ** exponent)

    return each(raised, column)


def full_months(earlier: Sequence[Value], later: Sequence[Value]) -> Column:
    return pairwise(months_between, earlier, later)
