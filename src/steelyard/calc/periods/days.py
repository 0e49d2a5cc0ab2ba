"""Days and months: the few rules of date arithmetic that everything else rests on.

One month after 31 January is the end of February, and a month end moves to a month end: one month after 28 February
2025 is 31 March. One year before 29 February is 28 February; one year after 28 February 2027 (a month end) is
29 February 2028.
"""

from __future__ import annotations

import calendar
from datetime import date, timedelta

ONE_DAY = timedelta(days=1)


def days_in_month(year: int, month: int) -> int:
    """28 to 31."""
    return calendar.monthrange(year, month)[1]


def is_month_end(day: date) -> bool:
    """Whether the next day begins a month."""
    return day.day == days_in_month(day.year, day.month)


def add_months(day: date, months: int) -> date:
    """The day so many months later (earlier, if negative). Raises OverflowError beyond the years 1 to 9999."""
    if months == 0:
        return day
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    if not 1 <= year <= 9999:
        raise OverflowError("the date is out of range")
    last = days_in_month(year, month + 1)
    return date(year, month + 1, last if is_month_end(day) else min(day.day, last))


def add_days(day: date, days: int) -> date:
    """The day so many days later. Raises OverflowError beyond the years 1 to 9999."""
    return day + timedelta(days=days)


def months_between(earlier: date, later: date) -> int:
    """Full months from one day to another; a month is full on the same day, or at the month end if there is no such day."""
    if later < earlier:
        return -months_between(later, earlier)
    months = (later.year - earlier.year) * 12 + later.month - earlier.month
    full = later.day >= earlier.day or (is_month_end(later) and earlier.day > later.day)
    return months if full else months - 1
