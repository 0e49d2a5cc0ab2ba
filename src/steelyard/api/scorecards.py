"""Scorecards over REST: runs, rankings, cards, the rows behind a figure, why a score moved; scoring and publishing."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from django.http import HttpResponse
from ninja import Router, Schema
from pydantic import Field

from steelyard.calc.errors import Missing
from steelyard.calc.points import Reading
from steelyard.ledger.scope import Scope
from steelyard.scorecards import actions, cards, opening
from steelyard.scorecards import queries as reads
from steelyard.scorecards.choosing import exactly
from steelyard.scorecards.standings import standings

from .figures import Figure, figure, points
from .gate import Asked, needs
from .paging import Asking, Page, of_rows
from .problems import answers
from .versions import tagged

if TYPE_CHECKING:
    from steelyard.scorecards.models import Publication, Run

router = Router(tags=["scorecards"])
POINTS = Field(examples=["76.9"], description="decimal text, null without data")


class RunShown(Schema):
    """All subjects of a period, scored by one framework version at one cut."""

    run: str = Field(description="the receipt: same inputs, same id")
    framework: str
    version: int
    period: str
    start: date
    end: date = Field(description="exclusive")
    cut: int
    subjects: int
    scored_at: datetime
    scored_by: str


class Standing(Schema):
    """One row of a ranking."""

    subject: str
    name: str | None
    territory: str | None
    rank: int | None
    total: str | None = POINTS
    level: str | None
    change: str | None = POINTS
    level_before: str | None
    no_data: str


class KpiShown(Schema):
    """One KPI of a card."""

    kpi: str
    title: str
    value: Figure
    target: Figure
    points: str | None = POINTS
    maximum: str | None = POINTS
    change: str | None = POINTS
    no_data: str | None
    rows_counted: int
    rows_not_counted: dict[str, int] = Field(description="the rule that excluded them, and how many")


class CardShown(Schema):
    """A scorecard, whole."""

    subject: str
    run: RunShown
    published: bool
    total: str | None = POINTS
    level: str | None
    level_title: str
    reason: str
    limited_by: list[str]
    change: str | None = POINTS
    kpis: list[KpiShown]


class StepShown(Schema):
    """One cause of a change."""

    title: str
    cause: str
    points: str
    text: str


class Why(Schema):
    """Start + steps = end."""

    before: str | None
    after: str
    start: str
    end: str
    steps: list[StepShown]
    note: str


class ReadingShown(Schema):
    """What a KPI read: a measure over days."""

    measure: str
    window: str | None = Field(description="null: the measure's own")
    value: str | None
    blank: str | None = Field(description="why there is no value")
    first_day: date | None
    last_day: date | None = Field(description="inclusive")
    counted: int
    excluded: dict[str, int]


class Row(Schema):
    """One row behind a figure, with every column of its kind as text."""

    row: int
    counted: bool
    reason: str = Field(description="why it is not counted")
    contribution: str | None
    columns: dict[str, str | None]


class Which(Schema):
    """A framework and a period; the cut is the head, the version the one that is effective, unless told."""

    framework: str
    period: str
    cut: int | None = None
    version: int | None = None


class Publishing(Which):
    """What to make public, and why."""

    subject: str = ""
    reason: str = ""


class Published(Schema):
    """What was made public."""

    run: RunShown
    subject: str
    published_at: datetime
    published_by: str
    reason: str


@router.get("/runs", response=answers(ok=Page[RunShown]), summary="Runs")
@needs("scores.read")
def runs(request: Asked, paging: Asking, framework: str = "") -> dict[str, Any]:
    """Everything that was scored, newest first. Who sees only some partners asks for cards and rankings instead."""
    found = reads.runs(framework or None) if request.scope.everything else []
    ordered = sorted(found, key=lambda run: -run.pk)
    return of_rows(ordered, paging, lambda run: -run.pk, _run)


@router.get("/{framework}/{period}", response=answers(404, ok=Page[Standing]), summary="A ranking")
@needs("scores.read")
def ranking(request: Asked, paging: Asking, framework: str, period: str) -> dict[str, Any]:
    """Every subject in scope, in the order of their codes, with its place."""
    seen = standings(exactly(framework, period, scope=request.scope), scope=request.scope)
    rows = sorted(seen.frame.iter_rows(named=True), key=lambda row: str(row["subject"]))
    return of_rows(rows, paging, lambda row: row["subject"], _standing)


@router.get("/{framework}/{period}/{subject}", response=answers(404, ok=CardShown), summary="A scorecard")
@needs("scores.read")
def card(request: Asked, response: HttpResponse, framework: str, period: str, subject: str) -> dict[str, Any]:
    """The card in force, with what each KPI read and what it added."""
    return tagged(response, _card(cards.card(framework, period, subject, scope=request.scope)))


@router.get("/{framework}/{period}/{subject}/why", response=answers(404, ok=Why), summary="Why a score moved")
@needs("scores.read")
def why(request: Asked, framework: str, period: str, subject: str) -> dict[str, Any]:
    """The steps from the period before; they add up exactly. 404 without a period before."""
    found = cards.card(framework, period, subject, scope=request.scope)
    waterfall = cards.why(found)
    if waterfall is None or found.before is None:
        raise Missing
    steps = [{"title": step.title, "cause": step.cause, "points": points(step.amount), "text": step.text} for step in waterfall.steps]
    ends = {"start": points(waterfall.start), "end": points(waterfall.end), "note": waterfall.note}
    return {"before": found.before.run.period, "after": found.run.period, "steps": steps, **ends}


@router.get("/{framework}/{period}/{subject}/kpis/{kpi}", response=answers(404, ok=list[ReadingShown]), summary="What a KPI read")
@needs("scores.read")
def readings(request: Asked, framework: str, period: str, subject: str, kpi: str) -> list[dict[str, Any]]:
    """The measures of a KPI: value, days, rows counted and not counted by rule."""
    found = _of_kpi(framework, period, subject, kpi, request.scope)
    return [
        {
            "measure": one.selector.measure, "window": one.selector.window, "value": one.value,
            "blank": one.blank, "first_day": one.first_day, "last_day": one.last_day,
            "counted": one.counted, "excluded": dict(one.excluded),
        }
        for one in opening.evidence_of(found.run, subject, kpi)
    ]  # fmt: skip


@router.get(
    "/{framework}/{period}/{subject}/kpis/{kpi}/rows/{measure}", response=answers(404, ok=Page[Row]), summary="The rows behind a figure"
)
@needs("orders.read")
def rows(
    request: Asked, paging: Asking, framework: str, period: str, subject: str, kpi: str, measure: str, window: str = ""
) -> dict[str, Any]:
    """Counted and not counted rows, each with the rule that excluded it; contributions add up to the reading."""
    found = _of_kpi(framework, period, subject, kpi, request.scope)
    known = {(one.selector.measure, one.selector.window) for one in opening.evidence_of(found.run, subject, kpi)}
    if (measure, window or None) not in known:
        raise Missing
    listed = opening.rows(found.run, subject, Reading(measure, window or None)).iter_rows(named=True)
    ordered = sorted(listed, key=lambda row: row["row_id"])
    return of_rows(ordered, paging, lambda row: row["row_id"], _row)


@router.post("/score", response=answers(404, 409, ok=RunShown), summary="Score a period")
@needs("scores.score")
def score(request: Asked, sent: Which) -> dict[str, Any]:
    """The same inputs are the same run, computed once."""
    return _run(actions.run(framework=sent.framework, period=sent.period, cut=sent.cut, version=sent.version, acting_user=request.user))


@router.post("/publish", response=answers(404, 409, ok=Published), summary="Publish a period")
@needs("scores.publish")
def publish(request: Asked, sent: Publishing) -> dict[str, Any]:
    """By another person than who scored it; everything is computed again first."""
    made = actions.publish(**sent.dict(), acting_user=request.user)
    return _published(made)


def _of_kpi(framework: str, period: str, subject: str, kpi: str, scope: Scope) -> cards.Card:
    found = cards.card(framework, period, subject, scope=scope)
    found.line(kpi)
    return found


def _run(run: Run) -> dict[str, Any]:
    return {
        "run": run.run_id, "framework": run.framework.code, "version": run.framework.version, "period": run.period,
        "start": run.period_start, "end": run.period_end, "cut": run.cut, "subjects": run.subjects,
        "scored_at": run.created_at, "scored_by": run.created_by,
    }  # fmt: skip


def _published(publication: Publication) -> dict[str, Any]:
    return {
        "run": _run(publication.run), "subject": publication.subject, "published_at": publication.published_at,
        "published_by": publication.published_by, "reason": publication.reason,
    }  # fmt: skip


def _standing(row: dict[str, Any]) -> dict[str, Any]:
    same = {name: row[name] for name in ("subject", "name", "territory", "rank", "level", "level_before")}
    return {**same, "total": points(row["total"]), "change": points(row["change"]), "no_data": row["no_data"] or ""}


def _card(found: cards.Card) -> dict[str, Any]:
    return {
        "subject": found.subject, "run": _run(found.run), "published": found.publication is not None, "total": points(found.total),
        "level": found.level, "level_title": found.level_title, "reason": found.reason, "limited_by": list(found.limited_by),
        "change": points(found.change), "kpis": [_kpi(line) for line in (*found.lines, *found.beside)],
    }  # fmt: skip


def _kpi(line: cards.Line) -> dict[str, Any]:
    return {
        "kpi": line.kpi, "title": line.title, "value": figure(line.value, line.unit), "target": figure(line.target, line.unit),
        "points": points(line.points), "maximum": points(line.maximum), "change": points(line.change), "no_data": line.no_data,
        "rows_counted": line.counted, "rows_not_counted": dict(line.excluded),
    }  # fmt: skip


def _row(row: dict[str, Any]) -> dict[str, Any]:
    own = ("row_id", "counted", "reason", "contribution")
    columns = {name: None if value is None else str(value) for name, value in row.items() if name not in own}
    contribution = None if row["contribution"] is None else str(row["contribution"])
    return {
        "row": row["row_id"],
        "counted": row["counted"],
        "reason": row["reason"] or "",
        "contribution": contribution,
        "columns": columns,
    }
