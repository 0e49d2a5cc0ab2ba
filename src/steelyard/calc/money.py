"""Money: decimal text at the edges, whole ten-thousandths inside, nothing ever rounded on the way in.

An amount has at most 4 decimals and at most 10^11 currency units a line; anything else is refused as a problem, so
that intake can quarantine the line. Sums of amounts stay inside int64, which is checked, because frames wrap silently.
"""

from __future__ import annotations

import re
from decimal import Decimal, InvalidOperation
from functools import cache

import pycountry
from babel.numbers import get_currency_precision

from .errors import Problem, Refused
from .units import DECIMALS, divide, to_text

SCALE = 10 ** DECIMALS["money"]
LARGEST = 10**11 * SCALE  # of one line, in ten-thousandths
_DECIMAL = re.compile(r"[+-]?[0-9]+(?:\.[0-9]*)?|[+-]?\.[0-9]+")


def parse(value: str | int | Decimal) -> int:
    """An amount in ten-thousandths, exactly. Raises Refused: not a number, more than 4 decimals, larger than 10^11."""
    if isinstance(value, str) and not _DECIMAL.fullmatch(value.strip()):
        raise _refuse("not-a-number", "this is not an amount", value, "write a plain decimal number: 1234.50")
    try:
        exact = Decimal(value.strip() if isinstance(value, str) else value)
    except InvalidOperation:
        raise _refuse("not-a-number", "this is not an amount", value, "write a plain decimal number: 1234.50") from None
    if not exact.is_finite():
        raise _refuse("not-a-number", "this is not an amount", value, "write a plain decimal number: 1234.50")
    if exact.adjusted() > 20:
        raise _refuse("too-large", "the amount is larger than 100,000,000,000", value, "check the decimal sign, or split the line")
    numerator, denominator = exact.as_integer_ratio()
    whole, rest = divmod(numerator * SCALE, denominator)
    if rest:
        raise _refuse("too-many-decimals", "the amount has more than 4 decimals", value, "round it at the source; Steelyard never does")
    if abs(whole) > LARGEST:
        raise _refuse("too-large", "the amount is larger than 100,000,000,000", value, "check the decimal sign, or split the line")
    return whole


def format(amount: int) -> str:
    """An amount as decimal text with two to four decimals: ``12345000`` -> ``1234.50``; `parse` reads it back."""
    return to_text(amount, "money")


def convert(amount: int, numerator_rate: int, denominator_rate: int) -> int:
    """An amount in another currency, half-even to ten-thousandths; both rates in the same whole units, both positive."""
    if numerator_rate <= 0 or denominator_rate <= 0:
        raise _refuse("bad-rate", "a currency rate is above 0", f"{numerator_rate} / {denominator_rate}", "correct the rate")
    return divide(amount * numerator_rate, denominator_rate, "half_even")


@cache
def is_currency(code: str) -> bool:
    """Whether this is an ISO 4217 code."""
    return pycountry.currencies.get(alpha_3=code) is not None


@cache
def digits(code: str) -> int:
    """Decimals in which people write amounts of a currency: 2 for EUR, 0 for JPY, 3 for KWD. Raises Refused."""
    if not is_currency(code):
        raise _refuse("unknown-currency", "this is not a currency", code, "write an ISO 4217 code: EUR, USD, JPY")
    return get_currency_precision(code)


def _refuse(code: str, message: str, found: object, hint: str) -> Refused:
    return Refused(Problem(code, message, "", f"`{found}`", hint))
