"""Numbers, money and dates as the reader's language writes them. Values come as whole numbers in the grain of their unit.

A value is rounded here, once, for the eye; what is stored and what a drill shows stays exact.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import cache, lru_cache

from babel import Locale
from babel.dates import format_date, format_datetime, get_timezone_name
from babel.numbers import (
    format_compact_currency,
    format_compact_decimal,
    format_currency,
    format_decimal,
    format_percent,
    get_decimal_symbol,
    get_group_symbol,
)
from django.utils import timezone, translation

from steelyard.calc.units import DECIMALS, divide, from_grain, round_to

DIGITS = {"count": 0, "days": 1, "money": 0, "number": 2, "points": 1, "price": 2, "percent": 1, "rate": 4}
MINUS = "−"
NO_BREAK = "\N{NO-BREAK SPACE}"


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
    code = translation.get_language() or "en"
    if short and unit != "percent":
        return _short(stored, unit, digits, currency, code)
    places = _digits(unit, digits)
    kept = DECIMALS[unit] - places - (2 if unit == "percent" else 0)
    rounded = divide(stored, 10**kept, "half_up") if kept > 0 else stored * 10**-kept
    written = _written("percent" if unit == "percent" else "", places, currency, code)
    before, after = written.around[rounded < 0]
    whole, rest = divmod(abs(rounded), 10**places)
    decimals = f"{written.point}{rest:0{places}d}" if places else ""
    return f"{before}{f'{whole:,}'.replace(',', written.group)}{decimals}{after}"


@dataclass(frozen=True, slots=True)
class _Written:
    """How a language writes one sort of number: its separators, and what stands before and after (from zero on, below zero).

    Its own rules are asked once: they cost a tenth of a millisecond a number, and a page has hundreds. All our languages
    group by thousands.
    """

    group: str
    point: str
    around: tuple[tuple[str, str], tuple[str, str]]


@cache
def _written(unit: str, places: int, currency: str, code: str) -> _Written:
    here = _locale(code)
    one = Decimal("0.01") if unit == "percent" else Decimal(1)

    def around(value: Decimal) -> tuple[str, str]:
        if unit == "percent":
            text = format_percent(value, format=_pattern(here, places, "%"), locale=here)
        elif currency:
            text = format_currency(value, currency, format=_currency_pattern(here, places), locale=here, currency_digits=False)
        else:
            text = format_decimal(value, format=_pattern(here, places), locale=here)
        number = f"1{get_decimal_symbol(here)}{'0' * places}" if places else "1"
        before, _number, after = text.replace("-", MINUS).partition(number)
        return _spaced(before), after

    return _Written(get_group_symbol(here), get_decimal_symbol(here), (around(one), around(-one)))


@lru_cache(maxsize=1_000)
def _short(stored: int, unit: str, digits: int | None, currency: str, code: str) -> str:
    """A large number in words of the language: €48.2M."""
    value, shown, here = exact(stored, unit, 6 if digits is None else digits), 1 if digits is None else digits, _locale(code)
    if currency:
        text = format_compact_currency(value, currency, locale=here, fraction_digits=shown)
    else:
        text = format_compact_decimal(value, locale=here, fraction_digits=shown)
    sign = re.match(r"\D*", text)
    before = sign.group() if sign else ""
    return (_spaced(before) + text[len(before) :]).replace("-", MINUS)


def _spaced(before: str) -> str:
    """A code of letters stands apart from the number: `CHF 5`, but `€5`. (The Unicode rules for currency spacing.)"""
    return before + NO_BREAK if before[-1:].isalpha() else before


def day(value: date) -> str:
    """A day, short: 5 Oct 2026."""
    return _day(value, translation.get_language() or "en")


@lru_cache(maxsize=4_000)
def _day(value: date, code: str) -> str:
    here = _locale(code)
    return format_date(value, "d MMM y" if here.language == "en" else "medium", locale=here)


def moment(value: datetime) -> str:
    """A moment with its time zone: 5 Oct 2026, 06:00 UTC."""
    here = timezone.localtime(value)
    return _moment(here, str(here.tzinfo), translation.get_language() or "en")


@lru_cache(maxsize=4_000)
def _moment(here: datetime, zone_name: str, code: str) -> str:
    """``zone_name`` tells apart what is equal otherwise: the same moment in two zones."""
    known = _locale(code)
    zone = get_timezone_name(here, width="short", locale=known)
    return f"{_day(here.date(), code)}, {format_datetime(here, 'HH:mm', tzinfo=here.tzinfo, locale=known)} {zone}"


def _digits(unit: str, digits: int | None) -> int:
    return min(DIGITS.get(unit, 2) if digits is None else digits, DECIMALS[unit])


def _pattern(here: Locale, places: int, after: str = "") -> str:
    pattern = "#,##0" + (f".{'0' * places}" if places else "")
    spaced = after and here.percent_formats[None].pattern.endswith("\xa0%")
    return pattern + ("\xa0" if spaced else "") + after


def _currency_pattern(here: Locale, places: int) -> str:
    pattern: str = here.currency_formats["standard"].pattern.split(";")[0]
    return pattern.replace("0.00", "0" + (f".{'0' * places}" if places else ""))
