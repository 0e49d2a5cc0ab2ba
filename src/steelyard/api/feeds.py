"""Reconciliation and the quality of feeds over REST."""

from __future__ import annotations

from datetime import date
from typing import Any

from ninja import Router, Schema
from pydantic import Field

from steelyard.intake import quality, reconciling

from .filters import clean
from .gate import Asked, needs
from .paging import Asking, Page, of_rows
from .problems import answers

router = Router(tags=["intake"])
_SUM = ["1200.00"]


class FeedAccount(Schema):
    """Where the money of one source and kind went, as decimal text; what is `unexplained` is 0 unless something is wrong."""

    source: str
    kind: str
    currency: str
    said: str = Field(examples=_SUM)
    waiting: str = Field(examples=_SUM)
    known: str = Field(description="said before", examples=_SUM)
    left_out: str = Field(examples=_SUM)
    corrected: str = Field(description="corrected or taken out by later lines", examples=_SUM)
    single: str = Field(description="came one by one, not in a file", examples=_SUM)
    holds: str = Field(examples=_SUM)
    unexplained: str = Field(examples=["0.00"])


class MonthShown(Schema):
    """What one source told of one month."""

    source: str
    kind: str
    month: date
    rows: int = Field(examples=[1200])
    late: int = Field(description="known later than 15 days after the month", examples=[4])
    corrected: int = Field(examples=[2])
    missing: int = Field(description="working days without a row that no report covers", examples=[0])
    gaps: int = Field(description="document numbers that a series lacks", examples=[1])


class FeedQuality(Schema):
    """How quickly, completely and rightly a source tells of a partner."""

    source: str
    kind: str
    partner: str
    name: str
    rows: int = Field(examples=[240])
    days: int = Field(description="the median from a row's day to the day it was known", examples=[6])
    months: int = Field(description="months with rows", examples=[11])
    of_months: int = Field(examples=[12])
    accepted: int = Field(description="rows of the source's files", examples=[4000])
    refused: int = Field(description="rows of the source's files", examples=[12])
    restated: int = Field(description="corrected or taken out later", examples=[3])
    last: date


@router.get("/accounts", response=answers(ok=Page[FeedAccount]), summary="What sources said beside what the ledger holds")
@needs("intake.read")
def accounts(request: Asked, paging: Asking) -> dict[str, Any]:
    """Of every source, kind and currency."""
    found = sorted(reconciling.accounts(), key=lambda one: (one.source, one.kind, one.currency))
    return of_rows(found, paging, lambda one: [one.source, one.kind, one.currency], reconciling.Account.as_dict)


@router.get("/months", response=answers(ok=Page[MonthShown]), summary="What is late, corrected or missing")
@needs("intake.read")
def months(request: Asked, paging: Asking, kind: str = "", source: str = "") -> dict[str, Any]:
    """Of every source, kind and month."""
    found = sorted(reconciling.months(clean(kind), clean(source)), key=_place)
    return of_rows(found, paging, _place, reconciling.Month.as_dict)


@router.get("/quality", response=answers(ok=Page[FeedQuality]), summary="How good each feed is")
@needs("intake.read")
def feeds(request: Asked, paging: Asking) -> dict[str, Any]:
    """Of every source, kind and partner."""
    found = sorted(quality.feeds(), key=lambda one: (one.source, one.kind, one.partner))
    return of_rows(found, paging, lambda one: [one.source, one.kind, one.partner], quality.Feed.as_dict)


def _place(month: reconciling.Month) -> list[Any]:
    return [month.source, month.kind, month.month.isoformat()]
