"""The 36 months of the sample company as whole numbers: days are counted since 1970-01-01."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np

from .draws import Whole

FIRST_YEAR, YEARS = 2023, 3
MONTHS, QUARTERS = 12 * YEARS, 4 * YEARS
FIRST_DAY, LAST_DAY = date(FIRST_YEAR, 1, 1), date(FIRST_YEAR + YEARS - 1, 12, 31)
_EPOCH = date(1970, 1, 1)


def day(when: date) -> int:
    """The date as a day number."""
    return (when - _EPOCH).days


def as_date(number: int) -> date:
    """The day number as a date."""
    return _EPOCH + timedelta(days=int(number))


def month_of(when: date) -> int:
    """Month number from 0 (the first month) to 35."""
    return 12 * (when.year - FIRST_YEAR) + when.month - 1


def month_label(month: int) -> str:
    """``2023-01`` for month 0."""
    return f"{FIRST_YEAR + month // 12}-{month % 12 + 1:02d}"


def quarter_label(quarter: int) -> str:
    """``2023-Q1`` for quarter 0."""
    return f"{FIRST_YEAR + quarter // 4}-Q{quarter % 4 + 1}"


def span_label(quarter: int, quarters: int) -> str:
    """The file period that a quarter lies in: ``2023-Q2``, ``2023-H1`` or ``2023``, for 1, 2 or 4 quarters."""
    year, number = divmod(quarter, 4)
    name = {1: f"-Q{number + 1}", 2: f"-H{number // 2 + 1}", 4: ""}[quarters]
    return f"{FIRST_YEAR + year}{name}"


def first_of(month: int) -> date:
    """The first day of a month; month 36 is the day after the end."""
    return date(FIRST_YEAR + month // 12, month % 12 + 1, 1)


MONTH_START: Whole = np.array([day(first_of(month)) for month in range(MONTHS + 1)], dtype=np.int64)
MONTH_END: Whole = MONTH_START[1:] - 1

_BUSINESS = [
    [number for number in range(int(MONTH_START[month]), int(MONTH_START[month + 1])) if as_date(number).weekday() < 5]
    for month in range(MONTHS)
]
BUSINESS_DAYS: Whole = np.array([len(days) for days in _BUSINESS], dtype=np.int64)  # how many per month
BUSINESS_DAY: Whole = np.array([days + [days[-1]] * (23 - len(days)) for days in _BUSINESS], dtype=np.int64)  # [month, n]
