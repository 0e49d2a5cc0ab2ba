"""What a plain YAML scalar means: the YAML 1.2 core schema, resolved here so that `no`, `on` and `yes` are text.

Beyond the core schema: `1_000` is a number and `2026-01-31` is a date. Decimals are exact fractions, never floats.
"""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from fractions import Fraction

Plain = int | Fraction | str | bool | date | None

NULLS = {"", "~", "null", "Null", "NULL"}
BOOLEANS = {"true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False}
INTEGER = re.compile(r"[-+]?[0-9]+(?:_[0-9]+)*")
OCTAL = re.compile(r"0o[0-7]+")
HEXADECIMAL = re.compile(r"0x[0-9a-fA-F]+")
DECIMAL = re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+(?:_[0-9]+)*(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]{1,9})?")
NOT_A_NUMBER = re.compile(r"[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN)")
AMOUNT = re.compile(r"[-+]?[0-9][0-9_.]*\s?(?:%|[a-z]+)")
DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
LONGEST = 40  # digits of a number, and the largest power of ten: more is a mistake or an attack


class BadScalar(Exception):
    """The scalar looks like a number or a date and is none; ``code`` and ``hint`` go into the problem."""

    def __init__(self, code: str, message: str, hint: str) -> None:
        self.code, self.message, self.hint = code, message, hint
        super().__init__(message)


def resolve(raw: str) -> Plain:
    """The value of a plain (unquoted) scalar; raises BadScalar with what to do."""
    if raw in NULLS:
        return None
    if raw in BOOLEANS:
        return BOOLEANS[raw]
    if INTEGER.fullmatch(raw):
        return int(_short_enough(raw).replace("_", ""))
    if OCTAL.fullmatch(raw) or HEXADECIMAL.fullmatch(raw):
        return int(_short_enough(raw), 0)
    if DECIMAL.fullmatch(raw):
        number = Decimal(_short_enough(raw).replace("_", ""))
        if abs(number.adjusted()) > LONGEST:
            raise BadScalar("bad-number", f"`{raw}` is too large or too small", "write the number out")
        return Fraction(number)
    if DATE.fullmatch(raw):
        return _date(raw)
    if AMOUNT.fullmatch(raw):  # a percentage or a length of time is read where it is wanted
        return _short_enough(raw)
    if NOT_A_NUMBER.fullmatch(raw):
        raise BadScalar("bad-number", f"`{raw}` is not a number one can count with", "leave an open end out")
    return raw


def _short_enough(raw: str) -> str:
    if len(raw) > LONGEST:
        raise BadScalar("bad-number", f"a number of {len(raw)} characters", "put it in quotes if it is a text")
    return raw


def _date(raw: str) -> date:
    try:
        return date.fromisoformat(raw)
    except ValueError:
        raise BadScalar("bad-date", f"`{raw}` is not a day of the calendar", "write year-month-day") from None
