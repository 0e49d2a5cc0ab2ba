"""A row that is written just as it is stored, read by itself: to look at one row in columns takes longer than all else about an order.

Here is read only what has one meaning. Of whatever else a row holds, `checking` finds out what it means or what is wrong with it:
both read alike what both read (`test_plain_rows`).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from functools import cache
from typing import Any

from steelyard.calc.facts import Column, Kind
from steelyard.calc.units import DECIMALS

from .checking import References
from .checking.check import FUTURE_TOLERANCE
from .checking.codes import country_code, currency_codes
from .checking.dates import FIRST_DAY, LAST_DAY
from .checking.numbers import LIMITS
from .checking.padded import MANY
from .checking.rules import PERIODS

FEW = MANY  # rows that are looked at one by one; of more, one may say something about another
_LONGEST = 200
_TEXT = re.compile(r"[A-Za-z0-9](?: ?[A-Za-z0-9._/&-])*")
_LIKE_A_DAY = re.compile(r"\d{1,2}-[A-Za-z]+|[A-Za-z]+-\d{2}")  # how a spreadsheet damages codes
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_YES_NO = {"yes": True, "no": False}


class _NotPlain(Exception):
    """A text that is to be looked at closely."""


def read(kind: Kind, texts: Mapping[str, str], known: References) -> dict[str, Any] | None:
    """The values of a row as stored, by column in the kind's order; None if any of it is to be looked at closely."""
    values: dict[str, Any] = {}
    try:
        for column in kind.columns:
            if text := texts.get(column.name, ""):
                values[column.name] = _value(column, text, known)
            elif column.required:
                return None
    except _NotPlain:
        return None
    money_alone = any(column.currency and column.name in values and column.currency not in values for column in kind.columns)
    turned = any(first in values and last in values and values[last] < values[first] for first, last in PERIODS)
    ahead = kind.flow and kind.date in values and (known.today == date.max or values[kind.date] > known.today + FUTURE_TOLERANCE)
    return None if money_alone or turned or ahead or not values else values


def _value(column: Column, text: str, known: References) -> str | int | bool | date:
    if column.type == "text":
        return _text(column, text, known)
    if column.type == "date":
        return _day(text)
    if column.type == "yes/no":
        if text not in _YES_NO:
            raise _NotPlain
        return _YES_NO[text]
    return _number(column.type, text)


def _text(column: Column, text: str, known: References) -> str:
    if len(text) > _LONGEST or not _TEXT.fullmatch(text) or _LIKE_A_DAY.fullmatch(text):
        raise _NotPlain
    masters = {"product": known.products, "unit": known.units, "currency": currency_codes()}
    among = column.choices or masters.get(column.refers_to or "")
    if (among and text not in among) or (column.refers_to == "country" and country_code(text) != text):
        raise _NotPlain
    return text


def _day(text: str) -> date:
    if not _DAY.fullmatch(text):
        raise _NotPlain
    try:
        day = date.fromisoformat(text)
    except ValueError as none:
        raise _NotPlain from none
    if not FIRST_DAY <= day <= LAST_DAY:
        raise _NotPlain
    return day


@cache
def _digits(unit: str) -> re.Pattern[str]:
    decimals = DECIMALS[unit]
    return re.compile(rf"([0-9]{{1,{LIMITS[unit]}}})" + (rf"(?:\.([0-9]{{1,{decimals}}}))?" if decimals else "()"))


def _number(unit: str, text: str) -> int:
    """Nothing below zero: whether that may be depends on the rest of the row."""
    found = _digits(unit).fullmatch(text)
    if found is None:
        raise _NotPlain
    return int(found[1] + (found[2] or "").ljust(DECIMALS[unit], "0"))
