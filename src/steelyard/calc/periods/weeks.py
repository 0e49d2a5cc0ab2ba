"""Fiscal years of whole weeks: 4-4-5, 4-5-4 and 5-4-4.

A quarter has 13 weeks, split into months as the pattern says. A year ends on the day before a week starts: on the last
such day of the month before ``start_month`` ("last"), or on the one nearest to that month's end ("nearest"). So a year
has 52 or 53 weeks and every week has seven days; week 53 belongs to the last month.
"""

from __future__ import annotations

from bisect import bisect_right
from datetime import date, timedelta
from itertools import accumulate

from .days import ONE_DAY, days_in_month

PATTERNS = {"445": (4, 4, 5), "454": (4, 5, 4), "544": (5, 4, 4)}
WEEK = 7


def first_weeks(pattern: str) -> list[int]:
    """How many weeks lie before each of the twelve months."""
    return [0, *accumulate(PATTERNS[pattern] * 4)][:12]


def year_start(year: int, start_month: int, week_starts: int, year_ends: str) -> date:
    """First day of the fiscal year that is named after the calendar year in which it ends."""
    return _year_end(year - 1, start_month, week_starts, year_ends) + ONE_DAY


def _year_end(year: int, start_month: int, week_starts: int, year_ends: str) -> date:
    month = (start_month - 2) % 12 + 1
    nominal = date(year, month, days_in_month(year, month))
    back = (nominal.weekday() - (week_starts - 1)) % WEEK
    last = nominal - timedelta(days=back)
    return last + timedelta(days=WEEK) if year_ends == "nearest" and back > 3 else last


def month_of_week(week: int, pattern: str) -> int:
    """The fiscal month (0 to 11) that holds a week (0 to 52) of the year."""
    return bisect_right(first_weeks(pattern), week) - 1
