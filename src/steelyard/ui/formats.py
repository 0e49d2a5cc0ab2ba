"""Numbers, money and dates as the reader's language writes them. Values come as whole numbers in the grain of their unit.

A value is rounded here, once, for the eye; what is stored and what a drill shows stays exact.
"""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from functools import cache

from babel import Locale
from babel.dates import format_date, format_datetime, get_timezone_name
from babel.numbers import format_compact_currency, format_compact_decimal, format_currency, format_decimal, format_percent
from django.utils import timezone, translation

from steelyard.calc.units import DECIMALS, from_grain, round_to

DIGITS = {"count": 0, "days": 1, "money": 0, "number": 2, "points": 1, "price": 2, "percent": 1, "rate": 4}
MINUS = "−"
NARROW = "\u202f"


@cache
def _locale(code: str) -> Locale:
    return Locale.parse(code.replace("-", "_"))


def locale() -> Locale:
    """The active language, as Babel knows it."""
    return _locale(translation.get_language() or "en")


def places(stored: int, unit: str) -> int:
    """How many decimals show a stored number exactly; cents are always shown."""
    shown, least = DECIMALS[unit], 2 if unit in ("money", "price") else 0
    while shown > least and stored % 10 == 0:
        shown, stored = shown - 1, stored // 10
    return shown


def exact(stored: int, unit: str, digits: int | None = None) -> Decimal:
    """The stored value in natural units, rounded half up to what is shown of it."""
    places = _digits(unit, digits) + (2 if unit == "percent" else 0)
    value = round_to(from_grain(stored, unit), places, "half_up")
    return Decimal(value.numerator) / Decimal(value.denominator)


def amount(stored: int, unit: str, *, digits: int | None = None, currency: str = "", short: bool = False) -> str:
    """A number with what belongs to it: per cent sign or currency, separators and minus sign of the language."""
    if unit not in DECIMALS:
        return f"{stored}"
    value = exact(stored, unit, 6 if short and digits is None else digits)
    places = _digits(unit, digits)
    if unit == "percent":
        text = format_percent(value, format=_pattern(places, "%"), locale=locale())
    elif currency and short:
        text = format_compact_currency(value, currency, locale=locale(), fraction_digits=1 if digits is None else digits)
    elif currency:
        text = format_currency(value, currency, format=_currency_pattern(places), locale=locale(), currency_digits=False)
    elif short:
        text = format_compact_decimal(value, locale=locale(), fraction_digits=1 if digits is None else digits)
    else:
        text = format_decimal(value, format=_pattern(places), locale=locale())
    return text.replace("-", MINUS)


def day(value: date) -> str:
    """A day, short: 5 Oct 2026."""
    return format_date(value, "d MMM y" if locale().language == "en" else "medium", locale=locale())


def moment(value: datetime) -> str:
    """A moment with its time zone: 5 Oct 2026, 06:00 UTC."""
    here = timezone.localtime(value)
    zone = get_timezone_name(here, width="short", locale=locale())
    return f"{day(here.date())}, {format_datetime(here, 'HH:mm', tzinfo=here.tzinfo, locale=locale())} {zone}"


def _digits(unit: str, digits: int | None) -> int:
    return min(DIGITS.get(unit, 2) if digits is None else digits, DECIMALS[unit])


def _pattern(places: int, after: str = "") -> str:
    pattern = "#,##0" + (f".{'0' * places}" if places else "")
    spaced = after and locale().percent_formats[None].pattern.endswith("\xa0%")
    return pattern + ("\xa0" if spaced else "") + after


def _currency_pattern(places: int) -> str:
    pattern: str = locale().currency_formats["standard"].pattern.split(";")[0]
    return pattern.replace("0.00", "0" + (f".{'0' * places}" if places else ""))
