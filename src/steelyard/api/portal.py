"""The partner's own pages as REST: published scorecards with everything behind them, and nothing about anybody else."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import polars as pl
from django.http import HttpResponse
from ninja import Router, Schema
from pydantic import Field

from steelyard.calc.errors import Missing
from steelyard.partners.rows import FactRows
from steelyard.portal import own_rows, published
from steelyard.portal.whose import Whose, whose
from steelyard.reviews import actions as reviews
from steelyard.scorecards.cards import Card
from steelyard.scorecards.views.document import as_file

from .addresses import Number
from .cards import (
    BUNDLE,
    PDF,
    KpiShown,
    ReadingShown,
    RowShown,
    StandingShown,
    Why,
    card_shown,
    document_of,
    readings_of,
    rows_of,
    why_of,
)
from .facts import COLUMNS, columns_of, conditions, kind_named
from .figures import POINTS, points
from .filters import Filtering
from .gate import Asked, needs
from .overrides import override_shown
from .paging import Asking, Page, of_numbered, of_rows
from .problems import answers
from .versions import tagged
from .ways import NextLevelShown, next_level_of

router = Router(tags=["portal"])
_CARD = "/scorecards/{framework}/{period}"


class Partner(Schema):
    """Whose pages these are; with several partners each operation takes `?partner=`."""

    partner: str
    name: str
    others: list[str]


class OwnOverride(Schema):
    """A level or points that the company stands by, beside what was calculated."""

    level: str | None
    points: str | None = Field(description="decimal text", examples=["82.5"])
    reason: str
    expires: date = Field(description="the last as-of date on which it counts")


OVERRIDE = Field(description="what the company set beside the score, which stays as calculated; null without one")


class OwnScore(Schema):
    """One published scorecard in the list."""

    framework: str
    title: str
    period: str
    total: str | None = POINTS
    level: str | None
    change: str | None = POINTS
    no_data: str
    override: OwnOverride | None = OVERRIDE


class OwnCard(Schema):
    """An own published scorecard, whole."""

    framework: str
    version: int
    period: str
    receipt: str
    total: str | None = POINTS
    level: str | None
    level_title: str
    reason: str
    limited_by: list[str]
    change: str | None = POINTS
    overall: str | None = Field(description="after the framework's history; null without one", examples=["61.2"])
    standing: StandingShown | None = Field(description="the level held; null where the framework keeps no standings")
    override: OwnOverride | None = OVERRIDE
    kpis: list[KpiShown]
    review: int | None = Field(description="the review to acknowledge, once it may be read", examples=[17])


class OwnFact(Schema):
    """An own row, with the columns that the partner has."""

    row: int
    columns: dict[str, Any] = COLUMNS


class OwnCountsIn(Schema):
    """One published figure that the row is listed behind."""

    framework: str
    period: str
    kpi: str
    kpi_title: str = Field(examples=["Net sales"])
    counted: bool
    reason: str | None


class WholeOwnFact(OwnFact):
    """An own row with the published figures it counts in."""

    kind: str
    live: bool
    counts_in: list[OwnCountsIn]


class Acknowledged(Schema):
    """The partner has seen it."""

    review: int
    state: str = Field(examples=["acknowledged"])
    acknowledged_by: str
    acknowledged_at: datetime | None


class Acknowledging(Schema):
    """The version that was seen, if it matters."""

    version: int | None = Field(None, ge=0, le=2**31 - 1, examples=[None])


def own_of(request: Asked, partner: str) -> Whose:
    """The partner who asks, or of several the one that is named."""
    return whose(request, partner or None)


@router.get("", response=answers(ok=Partner), summary="Whose pages these are")
@needs("portal.read")
def partner(request: Asked, partner: str = "") -> dict[str, Any]:
    """The partner, and the others that this person may ask about."""
    own = own_of(request, partner)
    return {"partner": own.code, "name": own.name, "others": [code for code, _name in own.others]}


@router.get("/scorecards", response=answers(ok=Page[OwnScore]), summary="Own published scorecards")
@needs("portal.read")
def scorecards(request: Asked, paging: Asking, partner: str = "") -> dict[str, Any]:
    """Oldest first."""
    lines = sorted(published.scores(own_of(request, partner)), key=_place)
    return of_rows(lines, paging, _place, _line)


@router.get(_CARD, response=answers(ok=OwnCard), summary="An own scorecard")
@needs("portal.read")
def card(request: Asked, response: HttpResponse, framework: str, period: str, partner: str = "") -> dict[str, Any]:
    """As it is published."""
    own = own_of(request, partner)
    found = published.card(own, framework, period)
    review = published.review_of(own, found)
    told = card_shown(found)
    same = ("total", "level", "level_title", "reason", "limited_by", "change", "overall", "standing", "override", "kpis")
    about = {"framework": framework, "version": found.run.framework.version, "period": period, "receipt": found.receipt}
    return tagged(response, {**about, **{name: told[name] for name in same}, "review": review.pk if review else None})


@router.get(f"{_CARD}/why", response=answers(ok=Why), summary="Why an own score moved")
@needs("portal.read")
def why(request: Asked, framework: str, period: str, partner: str = "") -> dict[str, Any]:
    """The steps from the period before; 404 without one."""
    return why_of(_card(request, framework, period, partner))


@router.get(f"{_CARD}/next-level", response=answers(ok=NextLevelShown), summary="What is missing for an own next level")
@needs("portal.read")
def next_level(request: Asked, framework: str, period: str, partner: str = "") -> dict[str, Any]:
    """404 at the top and without a score."""
    return next_level_of(_card(request, framework, period, partner))


@router.get(f"{_CARD}/pdf", response=answers(ok=None), summary="An own scorecard as a document", openapi_extra=PDF)
@needs("portal.read")
def pdf(request: Asked, framework: str, period: str, partner: str = "") -> HttpResponse:
    """The tagged PDF."""
    own = own_of(request, partner)
    return document_of(published.card(own, framework, period), own.scope)


@router.get(f"{_CARD}/bundle", response=answers(ok=None), summary="What an own score is computed again from", openapi_extra=BUNDLE)
@needs("portal.read")
def bundle(request: Asked, framework: str, period: str, partner: str = "") -> HttpResponse:
    """The receipt with the rules, the own rows and anonymous values of peers, as one file."""
    found = _card(request, framework, period, partner)
    return as_file(found, own_rows.bundle(found))


@router.get(f"{_CARD}/kpis/{{kpi}}", response=answers(ok=list[ReadingShown]), summary="What an own KPI read")
@needs("portal.read")
def readings(request: Asked, framework: str, period: str, kpi: str, partner: str = "") -> list[dict[str, Any]]:
    """The measures of a KPI."""
    return readings_of(_card(request, framework, period, partner), kpi)


@router.get(f"{_CARD}/kpis/{{kpi}}/rows/{{measure}}", response=answers(ok=Page[RowShown]), summary="The rows behind an own figure")
@needs("portal.read")
def rows(
    request: Asked, paging: Asking, framework: str, period: str, kpi: str, measure: str, window: str = "", partner: str = ""
) -> dict[str, Any]:
    """Counted and not counted, each with the rule that excluded it."""
    return rows_of(_card(request, framework, period, partner), kpi, measure, window, paging, own_rows.hidden_behind)


@router.get("/facts/{kind}", response=answers(ok=Page[OwnFact]), summary="Own rows")
@needs("portal.read")
def facts(
    request: Asked, paging: Asking, filtering: Filtering, kind: str, first_day: date | None = None, last_day: date | None = None,
    partner: str = "",
) -> dict[str, Any]:  # fmt: skip
    """What the partner ordered or reported, in the order of row numbers."""
    own, declared = own_of(request, partner), kind_named(kind)
    if kind not in own_rows.BROWSED:
        raise Missing
    hidden = own_rows.hidden(kind)
    passing: list[pl.Expr] = conditions(declared, filtering, first_day, last_day, hidden)
    found = FactRows(declared, scope=own.scope)
    return of_numbered(
        lambda after, size: found.following(after, size, passing), paging, "row_id",
        lambda row: {"row": row["row_id"], "columns": columns_of(declared, row, hidden)},
    )  # fmt: skip


@router.get("/facts/{kind}/{row}", response=answers(ok=WholeOwnFact), summary="One own row")
@needs("portal.read")
def fact(request: Asked, response: HttpResponse, kind: str, row: Number, partner: str = "") -> dict[str, Any]:
    """What it says, and which published figures it counts in."""
    found = own_rows.own_row(own_of(request, partner), kind, row)
    counts_in = [
        {name: getattr(one, name) for name in ("framework", "period", "kpi", "kpi_title", "counted", "reason")} for one in found.counts_in
    ]
    columns = columns_of(found.kind, found.values, own_rows.hidden(kind))
    return tagged(response, {"row": found.row, "kind": kind, "live": found.live, "columns": columns, "counts_in": counts_in})


@router.post("/reviews/{review}/acknowledge", response=answers(ok=Acknowledged), summary="Acknowledge a scorecard")
@needs("portal.acknowledge")
def acknowledge(request: Asked, review: Number, sent: Acknowledging, partner: str = "") -> dict[str, Any]:
    """The partner has seen it."""
    own = own_of(request, partner)
    found = reviews.acknowledge(review=review, version=sent.version, acting_user=request.user, scope=own.scope)
    told = {name: getattr(found, name) for name in ("state", "acknowledged_by", "acknowledged_at")}
    return {"review": found.pk, **told}


def _card(request: Asked, framework: str, period: str, partner: str) -> Card:
    return published.card(own_of(request, partner), framework, period)


def _place(line: published.Line) -> list[str]:
    return [line.score.start.isoformat(), line.score.framework]


def _line(line: published.Line) -> dict[str, Any]:
    score = line.score
    told = {"framework": score.framework, "title": score.title, "period": score.period, "total": points(score.total)}
    return {
        **told,
        "level": score.level,
        "change": points(line.change),
        "no_data": score.no_data,
        "override": override_shown(score.override),
    }
