"""Units and their grains: how finely each kind of number is stored, and how it is rounded there.

Every number at rest is an int64 in its unit's grain (money in ten-thousandths, and so on); every number inside a
formula is an exact ``int`` or ``Fraction`` in natural units. Nothing in Steelyard computes with floats.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Literal

Exact = int | Fraction
Rounding = Literal["half_up", "half_even", "down", "up"]

# decimals kept per unit (docs/reference/framework-language.md); `price` is the scale of unit prices, `rate` of currency rates
DECIMALS: dict[str, int] = {
    "count": 0, "days": 3, "money": 4, "number": 6, "points": 6, "price": 8, "percent": 9, "rate": 15,
}  # fmt: skip

INT64_MAX = 2**63 - 1


@dataclass(frozen=True, slots=True)
class Blank:
    """No data, with its reason: a value of its own, never zero."""

    reason: str


def divide(numerator: int, denominator: int, rounding: Rounding = "half_even") -> int:
    """``numerator / denominator`` rounded to a whole number; the denominator must be positive."""
    quotient, remainder = divmod(numerator, denominator)
    if remainder == 0:
        return quotient
    twice = 2 * remainder
    if rounding == "half_even":
        up = twice > denominator or (twice == denominator and quotient % 2 == 1)
    elif rounding == "half_up":  # half away from zero, as people round
        up = twice > denominator or (twice == denominator and numerator > 0)
    elif rounding == "up":  # away from zero
        up = numerator > 0
    else:  # down: towards zero
        up = numerator < 0
    return quotient + 1 if up else quotient


def to_grain(value: Exact | Decimal, unit: str, rounding: Rounding = "half_even") -> int:
    """The value as a whole number of its unit's grain, rounded once."""
    exact = Fraction(value) * 10 ** DECIMALS[unit]
    return divide(exact.numerator, exact.denominator, rounding)


def from_grain(stored: int, unit: str) -> Exact:
    """The exact value in natural units of a stored number."""
    scale = 10 ** DECIMALS[unit]
    return stored // scale if stored % scale == 0 else Fraction(stored, scale)


def round_to(value: Exact, digits: int, rounding: Rounding) -> Exact:
    """The value rounded to so many decimals by the named method."""
    if digits < 0:
        step = 10**-digits
        return divide(value.numerator, value.denominator * step, rounding) * step
    if value.denominator == 1:
        return value
    scale = 10**digits
    return Fraction(divide(value.numerator * scale, value.denominator, rounding), scale)


def to_text(stored: int, unit: str) -> str:
    """A stored number as plain decimal text without trailing zeros beyond two for money: ``1234.5000`` -> ``1234.50``."""
    places = DECIMALS[unit]
    digits = f"{abs(stored):0{places + 1}d}"
    whole, decimals = (digits[:-places], digits[-places:]) if places else (digits, "")
    least = 2 if unit in ("money", "price") else 0
    decimals = decimals[:least] + decimals[least:].rstrip("0")
    return f"{'-' if stored < 0 else ''}{whole}{'.' + decimals if decimals else ''}"
