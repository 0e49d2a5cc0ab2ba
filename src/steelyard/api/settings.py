"""The company's settings over REST: name, currencies, fiscal calendars, rates, and how long an answer may take."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import polars as pl
from django.http import HttpResponse
from django.utils import timezone
from ninja import Router, Schema
from pydantic import Field

from steelyard.calc.errors import Refused
from steelyard.company import actions, queries
from steelyard.company.masters import COMPANY, MASTERS, STANDARD
from steelyard.masters.queries import Queries
from steelyard.records import actions as records
from steelyard.records import queries as kept

from .gate import Asked, needs
from .paging import Asking, Page, of_rows
from .problems import answers
from .versions import must_match, tagged

router = Router(tags=["settings"])


class Company(Schema):
    """The company's own settings."""

    name: str = Field(examples=["Waage & Gewicht"])
    reporting_currency: str
    default_calendar: str
    currencies: list[str] = Field(description="the reporting currency first")
    version: int = Field(description="the commit that said it last")


class ChangingCompany(Schema):
    """What is not sent stays."""

    name: str | None = Field(None, min_length=1, max_length=200)
    reporting_currency: str | None = Field(None, max_length=3)
    default_calendar: str | None = Field(None, max_length=100)
    currencies: list[str] | None = Field(None, max_length=200, description="besides the reporting currency", examples=[["USD", "GBP"]])
    reason: str = Field("", max_length=500)


class WindowShown(Schema):
    """A window of a calendar that lies around today."""

    label: str = Field(examples=["2025-Q4"])
    first_day: date
    last_day: date


class CalendarShown(Schema):
    """How years are cut."""

    code: str = Field(examples=["standard"])
    pattern: str = Field(examples=["months"])
    start_month: int
    windows: list[WindowShown]


class RateShown(Schema):
    """The newest rate of a pair from a source, and how far its rates reach."""

    source: str = Field(examples=["ecb"])
    base: str = Field(examples=["EUR"])
    quote: str = Field(examples=["USD"])
    rate: str
    days: int
    first: date
    last: date


class Terms(Schema):
    """How long an answer to a question may take."""

    working_days: int = Field(examples=[5])
    weekend: list[int] = Field(description="days of the week without work, 0 is Monday", examples=[[5, 6]])
    holidays: list[date]


class ChangingTerms(Schema):
    """From the next question on."""

    working_days: int = Field(ge=1, le=90, examples=[5])
    weekend: list[int] = Field([5, 6], max_length=7, examples=[[5, 6]])
    holidays: list[date] = Field([], max_length=400)
    reason: str = Field("", max_length=500)


@router.get("", response=answers(ok=Company), summary="The company's settings")
@needs("settings.read")
def company(request: Asked, response: HttpResponse) -> dict[str, Any]:
    """Name, currencies, usual calendar."""
    return tagged(response, _company())


@router.patch("", response=answers(ok=Company), summary="Change the company's settings")
@needs("settings.write")
def change(request: Asked, response: HttpResponse, sent: ChangingCompany) -> dict[str, Any]:
    """What is not sent stays as it is."""
    before = _company()
    must_match(request, before)
    values = {name: value for name, value in sent.dict(exclude_unset=True).items() if value is not None}
    if "currencies" in values:
        values["currencies"] = ", ".join(values["currencies"])
    actions.change_settings(**values, version=before["version"], acting_user=request.user)
    return tagged(response, _company())


@router.get("/calendars", response=answers(ok=list[CalendarShown]), summary="Fiscal calendars")
@needs("settings.read")
def calendars(request: Asked) -> list[dict[str, Any]]:
    """With the year, quarter and month that hold today."""
    return [_calendar(code) for code in sorted({STANDARD, *queries.listing("calendars")["code"]})]


@router.get("/currencies", response=answers(ok=Page[RateShown]), summary="Currency rates")
@needs("settings.read")
def currencies(request: Asked, paging: Asking) -> dict[str, Any]:
    """The newest rate of each source and pair; all of them are the master `rates`."""
    keys = ["source", "base", "quote"]
    latest = queries.rates().sort("date").group_by(keys, maintain_order=True).agg(
        pl.len().alias("days"), pl.col("date").min().alias("first"), pl.col("date").max().alias("last"), pl.col("rate").last()
    )  # fmt: skip
    return of_rows(latest.sort(keys).to_dicts(), paging, lambda row: [row[name] for name in keys], lambda row: row)


@router.get("/answers", response=answers(ok=Terms), summary="How long an answer may take")
@needs("settings.read")
def terms(request: Asked, response: HttpResponse) -> dict[str, Any]:
    """In working days."""
    return tagged(response, _terms())


@router.put("/answers", response=answers(ok=Terms), summary="Say how long an answer may take")
@needs("settings.write")
def set_terms(request: Asked, response: HttpResponse, sent: ChangingTerms) -> dict[str, Any]:
    """From the next question on."""
    must_match(request, _terms())
    weekend, holidays = ",".join(map(str, sent.weekend)), ", ".join(map(str, sent.holidays))
    records.set_terms(days=sent.working_days, weekend=weekend, holidays=holidays, acting_user=request.user, reason=sent.reason)
    return tagged(response, _terms())


def _company() -> dict[str, Any]:
    return {**queries.settings(), "version": Queries(MASTERS).version("settings", code=COMPANY)}


def _terms() -> dict[str, Any]:
    now = kept.terms()
    return {"working_days": now.working_days, "weekend": sorted(now.weekend), "holidays": sorted(now.holidays)}


def _calendar(code: str) -> dict[str, Any]:
    calendar, today, windows = queries.calendar(code), timezone.localdate(), []
    for grain in ("year", "quarter", "month"):
        try:
            window = calendar.containing(today, grain)
            windows.append({"label": window.label, "first_day": window.start, "last_day": window.end - timedelta(days=1)})
        except Refused:  # a calendar of listed dates has no such windows
            continue
    return {"code": code, "pattern": calendar.pattern, "start_month": calendar.start_month, "windows": windows}
