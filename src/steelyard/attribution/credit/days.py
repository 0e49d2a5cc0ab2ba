"""Which days can be looked at: the years and quarters of the company's calendar that have order lines."""

from __future__ import annotations

from steelyard.calc.errors import Problem, Refused
from steelyard.calc.periods.days import ONE_DAY
from steelyard.company.queries import calendar, settings
from steelyard.ledger import queries as ledger

from .moves import Days

ALL = "all"


def choices() -> list[Days]:
    """Quarters, years, and all days at once; the newest first. Empty without an order."""
    parts = [part for part in ledger.parts("orders") if part.first_date and part.last_date]
    if not parts:
        return []
    first = min(part.first_date for part in parts if part.first_date)
    last = max(part.last_date for part in parts if part.last_date)
    fiscal = calendar(settings()["default_calendar"])
    found = [fiscal.periods(grain, first, last) for grain in ("quarter", "year")]
    told = [Days(period.label, period.start, period.end) for periods in found for period in reversed(periods)]
    return [*told, Days(ALL, first, last + ONE_DAY)]


def chosen(label: str) -> Days:
    """The days of a label; without one the newest quarter with orders. Refused if there are none of that name."""
    known = choices()
    if not label and known:
        return known[0]
    for days in known:
        if days.label == label:
            return days
    hint = "there is no order line yet" if not known else f"write for example {known[0].label}"
    raise Refused(Problem("bad-period", "no order line lies in such a period", "period", f"`{label}`", hint))
