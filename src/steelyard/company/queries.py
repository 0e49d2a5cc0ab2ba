"""Every read of the company's settings, calendars and rates."""

from __future__ import annotations

from typing import Any

import polars as pl

from steelyard.calc.errors import Problem, Refused, did_you_mean
from steelyard.calc.periods import FiscalCalendar
from steelyard.masters import reading
from steelyard.masters.queries import Queries

from .masters import COMPANY, MASTERS, STANDARD, calendar_of

_reads = Queries(MASTERS)
listing, get, exists, history_of, known, export = _reads.listing, _reads.get, _reads.exists, _reads.history_of, _reads.known, _reads.export


def settings(cut: int | None = None) -> dict[str, Any]:
    """name, reporting_currency, default_calendar, currencies (list) as known at the cut (None: now)."""
    rows = known("settings", cut, code=COMPANY).rows(named=True)
    if not rows:
        raise Refused(Problem("no-settings", "the company has not been set up", "", "", "run `steelyard init`"))
    row = rows[0]
    others = [text.strip() for text in (row["currencies"] or "").split(",") if text.strip()]
    return {
        "name": row["name"], "reporting_currency": row["reporting_currency"],
        "default_calendar": row["default_calendar"], "currencies": [row["reporting_currency"], *others],
    }  # fmt: skip


def calendar(code: str = STANDARD, cut: int | None = None) -> FiscalCalendar:
    """A fiscal calendar as known at the cut (None: now); `standard` is months from January unless recorded otherwise."""
    rows = known("calendars", cut, code=code).rows(named=True)
    if not rows and code == STANDARD:
        return FiscalCalendar(STANDARD)
    if not rows:
        names = [STANDARD, *known("calendars", cut)["code"]]
        raise Refused(Problem("unknown-calendar", "there is no such calendar", "calendar", code, did_you_mean(code, names)))
    return calendar_of(rows[0])


def rates(cut: int | None = None, source: str | None = None) -> pl.DataFrame:
    """source, base, quote, date, rate (decimal text) as known at the cut (None: now), of one source or of all."""
    only = {} if source is None else {"source": source}
    return reading.known(MASTERS["rates"], cut, **only).drop("valid_from", "valid_to")
