"""Calendars of evaluations: whether a level may be evaluated, rise or fall with the stretch of time that a score closes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from ..framework.model import Framework, Turns
from ..periods import FiscalCalendar
from ..periods.days import ONE_DAY, days_in_month

Stretch = tuple[date, date]  # first and last day, both included


def stretch(framework: Framework, turns: Turns, as_of: date, calendar: FiscalCalendar) -> Stretch:
    """The days that an evaluation on a date closes: its period, the month of an evaluation within a period, or the day alone."""
    if turns.kind == "daily" or (framework.grain == "window" and calendar.pattern != "dates"):
        return as_of, as_of
    period = calendar.containing(as_of, framework.grain)
    if turns.kind == "monthly" and framework.grain in ("quarter", "half", "year") and as_of < period.as_of:
        period = calendar.containing(as_of, "month")
    return period.start, as_of if period.end == date.max else period.as_of


def is_turn(turns: Turns, days: Stretch, calendar: FiscalCalendar, cycles: Mapping[str, Sequence[date]]) -> bool:
    """Whether a turn of the calendar lies in the stretch: the end of a fiscal month or quarter, of a named month, a review day."""
    first, last = days
    if turns.kind == "daily":
        return True
    if turns.kind == "cycle":
        return any(first <= day <= last for day in cycles.get(turns.name, ()))
    if turns.kind == "months":
        return any(month in turns.months for month in _months_ending(first, last))
    unit = "quarter" if turns.kind == "quarterly" else "month"
    return calendar.index(last + ONE_DAY, unit) > calendar.index(first, unit)


def _months_ending(first: date, last: date) -> list[int]:
    """The months (1 to 12) whose last day lies in the stretch; of four or five weeks, the month that holds their middle."""
    length = (last - first).days + 1
    if 26 <= length <= 37:
        return [(first + (last - first) / 2).month]
    found, year, month = [], first.year, first.month
    while date(year, month, 1) <= last:
        if first <= date(year, month, days_in_month(year, month)) <= last:
            found.append(month)
        year, month = (year + 1, 1) if month == 12 else (year, month + 1)
    return found
