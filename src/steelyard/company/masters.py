"""The declarations of the company's masters: settings, calendars, rates."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from functools import cache
from typing import Any

import polars as pl
import pycountry
from babel import Locale

from steelyard.calc.errors import Problem, Refused
from steelyard.calc.facts.kind import Column, Kind
from steelyard.calc.masters import MASTERS as CATALOGUE
from steelyard.calc.periods import FiscalCalendar
from steelyard.masters.master import Master, Reference, RowProblem

from . import models

STANDARD, COMPANY = "standard", "company"
PATTERNS = ("months", "445", "454", "544", "dates")


@cache
def currency_codes() -> frozenset[str]:
    """Every ISO 4217 code, also of currencies that are no more: old rates and old orders use them."""
    return frozenset(Locale("en").currencies) | {currency.alpha_3 for currency in pycountry.currencies}


_calendar = Reference("calendar", lambda: {STANDARD, *models.FiscalCalendarRecord.objects.values_list("code", flat=True)})
_currency = Reference("currency", currency_codes, lambda found: "write the three letters of ISO 4217, such as EUR")


def _calendar_problems(calendars: pl.DataFrame) -> list[RowProblem]:
    """Whatever the calendar itself refuses, and lists of dates that are none."""
    problems: list[RowProblem] = []
    for row in calendars.iter_rows(named=True):
        try:
            calendar_of(row)
        except ValueError:
            hint = "a list of dates looks like 2011-06-30, 2011-09-28"
            problems.append((row["source_row"], Problem("bad-calendar", "these are not dates", "dates", row["dates"], hint)))
        except Refused as refused:
            problems += [(row["source_row"], replace(problem, where="pattern")) for problem in refused.problems]
    return problems


def calendar_of(row: Mapping[str, Any]) -> FiscalCalendar:
    """The calendar that a row describes; what is blank or not there is as in a plain year of months."""
    texts = [text.strip() for text in (row.get("dates") or "").split(",")]
    return FiscalCalendar(
        row["code"], start_month=row.get("start_month") or 1, pattern=row.get("pattern") or "months",
        week_starts=row.get("week_starts") or 0, year_ends=row.get("year_ends") or "last",
        dates=tuple(date.fromisoformat(text) for text in texts if text),
    )  # fmt: skip


_DECIMAL = r"^\d{1,15}(\.\d{1,15})?$"


def _tidy_rates(rates: pl.DataFrame) -> pl.DataFrame:
    """One way to write a rate: no zeros before or after the digits that count, currencies in capitals."""
    if "rate" not in rates.columns:
        return rates
    rate = pl.col("rate")
    short = rate.str.strip_chars_start("0").str.replace(r"^(\.|$)", "0${1}")
    short = pl.when(short.str.contains(".", literal=True)).then(short.str.strip_chars_end("0").str.strip_chars_end(".")).otherwise(short)
    tidy = pl.when(rate.str.contains(_DECIMAL)).then(short).otherwise(rate)
    return rates.with_columns(rate=tidy)


def _rate_problems(rates: pl.DataFrame) -> list[RowProblem]:
    """A rate is a decimal number above 0 between two different currencies."""
    problems: list[RowProblem] = []
    if "rate" in rates.columns:
        bad = rates.filter(~pl.col("rate").str.contains(_DECIMAL) | (pl.col("rate") == "0"))
        message, hint = "a rate is a decimal number above 0 with at most 15 decimals", "write it as 1.0956"
        problems += [(row, Problem("bad-rate", message, "rate", found, hint)) for row, found in bad.select("source_row", "rate").rows()]
    same = rates.filter(pl.col("base") == pl.col("quote"))
    problems += [
        (row, Problem("same-currency", "base and quote are the same currency", "quote", found))
        for row, found in same.select("source_row", "quote").rows()
    ]
    return problems


_SETTINGS = Kind(
    name="settings", title="Settings", meaning="The company's own settings.", key=("code",), family="master",
    columns=(
        Column("code", "text", "always `company`", required=True, choices=(COMPANY,)),
        Column("name", "text", "the company's name", required=True),
        Column("reporting_currency", "text", "currency of reports", required=True, refers_to="currency"),
        Column("default_calendar", "text", "code of the calendar where a framework names none", required=True),
        Column("currencies", "text", "other currencies in use, comma-separated"),
    ),
)  # fmt: skip

_CALENDARS = Kind(
    name="calendars", title="Fiscal calendars", meaning="How the company divides its years.", key=("code",), family="master",
    columns=(
        Column("code", "text", "unique code", required=True),
        Column("start_month", "count", "month in which the fiscal year begins, 1 to 12; blank is 1"),
        Column("pattern", "text", "months, weeks in a pattern, or a list of dates; blank is months", choices=PATTERNS),
        Column("week_starts", "count", "first day of the week, 0 (Monday, if blank) to 6"),
        Column("year_ends", "text", "which such day ends a year of weeks; blank is last", choices=("last", "nearest")),
        Column("dates", "text", "for the pattern dates: the first day of every window, comma-separated"),
    ),
)  # fmt: skip

MASTERS: dict[str, Master] = {
    master.name: master
    for master in (
        Master(
            _SETTINGS, models.Settings, models.SettingsHistory,
            references={
                "reporting_currency": _currency,
                "default_calendar": _calendar,
            },
        ),
        Master(_CALENDARS, models.FiscalCalendarRecord, models.FiscalCalendarHistory, rule=_calendar_problems),
        Master(
            CATALOGUE["rates"], models.Rate, models.RateHistory,
            references={"base": _currency, "quote": _currency}, rule=_rate_problems, tidy=_tidy_rates,
        ),
    )
}  # fmt: skip
