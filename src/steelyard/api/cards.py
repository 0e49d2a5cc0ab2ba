"""One scorecard over REST: KPIs, the rows behind each figure, why it moved, what is missing, its proof and its document."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from datetime import date
from typing import Any

from django.http import HttpResponse
from ninja import Router, Schema
from pydantic import Field

from steelyard.accounts.permissions import may
from steelyard.calc import causes
from steelyard.calc.change import Step
from steelyard.calc.errors import Missing
from steelyard.calc.facts import Kind
from steelyard.calc.facts.kind import Column
from steelyard.calc.framework.model import Framework, Measure
from steelyard.calc.intervals import Interval
from steelyard.calc.lists.listing import row_kind
from steelyard.calc.measures.listing import listed_as
from steelyard.calc.measures.natural import unit_of
from steelyard.calc.points import Reading
from steelyard.company.queries import settings
from steelyard.ledger.scope import Scope
from steelyard.scorecards import bundles, cards, documents, firm, opening, pages, receipts
from steelyard.scorecards.reasons import in_words
from steelyard.scorecards.standing_words import whole_of
from steelyard.scorecards.views.document import as_file

from .figures import POINTS, Figure, RunShown, figure, points, run_shown
from .gate import Asked, Forbidden, needs
from .masters import spoken
from .moved import MovedRow, moved_of
from .overrides import OverrideShown, override_shown
from .paging import Asking, Page, of_rows
from .problems import answers, file_answer
from .versions import tagged
from .ways import NextLevelShown, next_level_of

router = Router(tags=["scorecards"])
PDF = file_answer("the document", "application/pdf")
BUNDLE = file_answer("the bundle, for `steelyard verify-receipt`", "application/zip")


class IntervalShown(Schema):
    """How far a KPI may lie from its value: nine tenths; no ends below five observations."""

    method: str = Field(description="share: Wilson; count: Poisson score; amount: log scale with dispersion")
    low: Figure | None
    high: Figure | None
    observations: int


class KpiShown(Schema):
    """One KPI of a card."""

    kpi: str
    title: str
    value: Figure
    target: Figure
    interval: IntervalShown | None = Field(description="null: it was read off, not drawn")
    points: str | None = POINTS
    maximum: str | None = POINTS
    change: str | None = POINTS
    no_data: str | None
    rows_counted: int
    rows_not_counted: dict[str, int] = Field(description="the rule that excluded them, and how many")


class StandingShown(Schema):
    """The level that is held."""

    level: str | None
    since: date | None = Field(description="its first day; null: from the start")


class EarlierShown(Schema):
    """An earlier run whose results were read."""

    period: str
    run: str
    digest: str = Field(description="SHA-256 over both its files")


class CardShown(Schema):
    """A scorecard, whole."""

    subject: str
    run: RunShown
    published: bool
    total: str | None = POINTS
    level: str | None
    level_title: str
    firmness: str | None = Field(description="firm, borderline; null: the level does not follow from points alone", examples=["firm"])
    reason: str
    limited_by: list[str]
    change: str | None = POINTS
    overall: str | None = Field(description="after the framework's history; null without one", examples=["61.2"])
    standing: StandingShown | None = Field(description="the level held; null where the framework keeps no standings")
    override: OverrideShown | None = Field(description="what two people set beside the score, which stays as calculated; null without one")
    earlier: list[EarlierShown] = Field(description="the earlier runs whose results were read")
    kpis: list[KpiShown]


class StepShown(Schema):
    """What one cause did to one item."""

    title: str
    kpi: str | None = Field(description="null: a cap, gate or rounding of a part")
    cause: str = Field(description=", ".join(causes.CAUSES), examples=["restatement"])
    points: str
    before: Figure | None = Field(description="the KPI's value before this step, if it moved")
    after: Figure | None
    rows: int = Field(description="how many rows more the KPI counts")
    text: str


class Why(Schema):
    """Start + steps = end."""

    before: str | None
    after: str
    start: str
    end: str
    causes: dict[str, str] = Field(description="what each cause moved, in points", examples=[{"data": "3.2", "weights": "-0.4"}])
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


class RowShown(Schema):
    """One row behind a figure, with every column of its kind as text."""

    row: int
    kind: str
    counted: bool
    reason: str = Field(description="why it is not counted")
    contribution: str | None = Field(description="decimal text in natural units; the contributions add up to the reading")
    columns: dict[str, Any] = Field(examples=[{"document": "PO-1001", "date": "2025-10-07", "amount": "1250.00"}])


class CheckShown(Schema):
    """One thing computed again: what the run says, what was found."""

    title: str
    meaning: str
    said: str
    found: str
    holds: bool


class WholeShown(Schema):
    """What the cards of a subject's parts make together."""

    subject: str
    level: str | None
    receipt: str = Field(description="its own number; empty: scored by a former version, without receipts")


class Receipt(Schema):
    """Whether what the run says of itself still holds."""

    receipt: str
    number: str = Field(description="the whole number; empty: scored by a former version, without receipts", examples=["3f0a" * 16])
    run: RunShown
    holds: bool
    whole: WholeShown | None = Field(description="what this and the subject's other parts make together, where the framework rolls them up")
    override: OverrideShown | None = Field(description="what stands beside the score, and is not part of what the receipt proves")
    checks: list[CheckShown]


@router.get("/{framework}/{period}/{subject}", response=answers(ok=CardShown), summary="A scorecard")
@needs("scores.read")
def card(request: Asked, response: HttpResponse, framework: str, period: str, subject: str) -> dict[str, Any]:
    """The card in force, with what each KPI read and what it added."""
    return tagged(response, card_shown(cards.card(framework, period, subject, scope=request.scope)))


@router.get("/{framework}/{period}/{subject}/why", response=answers(ok=Why), summary="Why a score moved")
@needs("scores.read")
def why(request: Asked, framework: str, period: str, subject: str) -> dict[str, Any]:
    """The steps from the period before, by cause; they add up exactly. 404 without a period before."""
    return why_of(cards.card(framework, period, subject, scope=request.scope))


@router.get(
    "/{framework}/{period}/{subject}/why/{cause}/{kpi}/rows/{measure}",
    response=answers(ok=Page[MovedRow]),
    summary="The rows behind a step",
)
@needs("orders.read")
def moved_rows(
    request: Asked, paging: Asking, framework: str, period: str, subject: str, cause: str, kpi: str, measure: str, window: str = ""
) -> dict[str, Any]:
    """What a cause (restatement, attribution, masters, fx, target, data) brought, took away or made count otherwise."""
    found = cards.card(framework, period, subject, scope=request.scope)
    return moved_of(found, (cause, kpi, Reading(measure, window or None)), paging, request.scope)


@router.get("/{framework}/{period}/{subject}/kpis/{kpi}", response=answers(ok=list[ReadingShown]), summary="What a KPI read")
@needs("scores.read")
def readings(request: Asked, framework: str, period: str, subject: str, kpi: str) -> list[dict[str, Any]]:
    """The measures of a KPI: value, days, rows counted and not counted by rule."""
    return readings_of(cards.card(framework, period, subject, scope=request.scope), kpi)


@router.get(
    "/{framework}/{period}/{subject}/kpis/{kpi}/rows/{measure}", response=answers(ok=Page[RowShown]), summary="The rows behind a figure"
)
@needs("orders.read")
def rows(
    request: Asked, paging: Asking, framework: str, period: str, subject: str, kpi: str, measure: str, window: str = ""
) -> dict[str, Any]:
    """Counted and not counted rows, each with the rule that excluded it; contributions add up to the reading."""
    return rows_of(cards.card(framework, period, subject, scope=request.scope), kpi, measure, window, paging)


@router.get("/{framework}/{period}/{subject}/next-level", response=answers(ok=NextLevelShown), summary="What is missing for the next level")
@needs("scores.read")
def next_level(request: Asked, framework: str, period: str, subject: str) -> dict[str, Any]:
    """404 at the top and without a score."""
    return next_level_of(cards.card(framework, period, subject, scope=request.scope))


@router.get("/{framework}/{period}/{subject}/receipt", response=answers(ok=Receipt), summary="Verify a scorecard")
@needs("scores.read")
def receipt(request: Asked, framework: str, period: str, subject: str) -> dict[str, Any]:
    """Computed again: the run's name, the framework's text, the ledger's chain, both files, the total."""
    found = cards.card(framework, period, subject, scope=request.scope)
    checks = receipts.checks(found)
    told = [
        {"title": str(one.title), "meaning": str(one.meaning), "said": one.said, "found": one.found, "holds": one.holds} for one in checks
    ]
    whole = whole_of(found)
    shown = None if whole is None else {"subject": whole.subject, "level": whole.level, "receipt": whole.receipt}
    named = {"receipt": found.receipt, "number": found.number, "run": run_shown(found.run), "whole": shown}
    beside = override_shown(found.override)
    return {**named, "holds": all(one.holds for one in checks), "override": beside, "checks": told}


@router.get(
    "/{framework}/{period}/{subject}/bundle", response=answers(ok=None), summary="What a score is computed again from", openapi_extra=BUNDLE
)
@needs("scores.read")
def bundle(request: Asked, framework: str, period: str, subject: str) -> HttpResponse:
    """The receipt with the rules, the subject's own rows and anonymous values of peers, as one file; it needs `orders.read` too."""
    if not may(request.user, "orders.read"):  # a token may be for scores alone
        raise Forbidden("orders.read")
    found = cards.card(framework, period, subject, scope=request.scope)
    return as_file(found, bundles.bundle(found.run, found.subject))


@router.get("/{framework}/{period}/{subject}/pdf", response=answers(ok=None), summary="A scorecard as a document", openapi_extra=PDF)
@needs("scores.read")
def pdf(request: Asked, framework: str, period: str, subject: str) -> HttpResponse:
    """The tagged PDF that the page offers."""
    return document_of(cards.card(framework, period, subject, scope=request.scope), request.scope)


def document_of(found: cards.Card, scope: Scope) -> HttpResponse:
    """A card as a PDF to keep; noted in the trail as an export."""
    content = documents.scorecard(found, pages.whose(found, scope=scope), company=str(settings()["name"] or ""))
    name = documents.file_name(found)
    response = HttpResponse(content, content_type="application/pdf")
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response.exported = (name, 1, "pdf")  # type: ignore[attr-defined]
    return response


def why_of(found: cards.Card) -> dict[str, Any]:
    """The steps from the period before; `Missing` without one."""
    waterfall = cards.traced(found)
    if waterfall is None or found.before is None:
        raise Missing
    ends = {"start": points(waterfall.start), "end": points(waterfall.end), "note": waterfall.note}
    amounts = {cause: points(amount) for cause, amount in waterfall.by_cause().items()}
    steps = [_step(step) for step in waterfall.steps]
    return {"before": found.before.run.period, "after": found.run.period, "causes": amounts, "steps": steps, **ends}


def _step(step: Step) -> dict[str, Any]:
    moved = step.kpi and step.value_moved
    values = (
        {"before": figure(step.before, step.unit), "after": figure(step.after, step.unit)} if moved else {"before": None, "after": None}
    )
    told = {"title": step.title, "kpi": step.kpi or None, "cause": step.cause, "points": points(step.amount)}
    return {**told, **values, "rows": step.rows, "text": step.text}


def readings_of(found: cards.Card, kpi: str) -> list[dict[str, Any]]:
    """What a KPI read; `Missing` if the card has no such KPI."""
    found.line(kpi)
    return [
        {
            "measure": one.selector.measure, "window": one.selector.window, "value": _text(one.value),
            "blank": in_words(one.blank) if one.blank else None, "first_day": one.first_day, "last_day": one.last_day,
            "counted": one.counted, "excluded": dict(one.excluded),
        }
        for one in opening.evidence_of(found.run, found.subject, kpi)
    ]  # fmt: skip


def rows_of(
    found: cards.Card, kpi: str, measure: str, window: str, paging: Asking,
    without: Callable[[Framework, Measure], Collection[str]] = lambda framework, measure: (),
) -> dict[str, Any]:  # fmt: skip
    """The rows behind a reading; ``without`` names the columns of them that this reader does not have."""
    found.line(kpi)
    known = {(one.selector.measure, one.selector.window): one for one in opening.evidence_of(found.run, found.subject, kpi)}
    evidence = known.get((measure, window or None))
    if evidence is None:
        raise Missing
    kind = row_kind(found.framework, found.framework.measures[measure])
    hidden = without(found.framework, found.framework.measures[measure])
    listed = opening.rows(found.run, found.subject, Reading(measure, window or None)).iter_rows(named=True)
    ordered = sorted(listed, key=lambda row: row["row_id"])
    shown = [column for column in kind.columns if column.name not in hidden]
    unit = unit_of(found.framework.measures[measure])
    return of_rows(ordered, paging, lambda row: row["row_id"], lambda row: _row(row, kind, shown, unit))


def card_shown(found: cards.Card) -> dict[str, Any]:
    """A card as JSON."""
    return {
        "subject": found.subject, "run": run_shown(found.run), "published": found.publication is not None, "total": points(found.total),
        "level": found.level, "level_title": found.level_title, "reason": found.reason, "limited_by": list(found.limited_by),
        "change": points(found.change), "overall": points(found.overall),
        "standing": None if found.holding is None else {"level": found.holding.level, "since": found.holding.since},
        "override": override_shown(found.override),
        "earlier": [{"period": one.period, "run": one.run_id, "digest": one.digest} for one in found.earlier],
        "firmness": firm.of_run(found.run).grade(found.subject),
        "kpis": [_kpi(line, firm.interval(found.run, found.subject, line.kpi)) for line in (*found.lines, *found.beside)],
    }  # fmt: skip


def _kpi(line: cards.Line, interval: Interval | None) -> dict[str, Any]:
    return {
        "kpi": line.kpi, "title": line.title, "value": figure(line.value, line.unit), "target": figure(line.target, line.unit),
        "interval": _interval(interval, line.unit), "points": points(line.points),
        "maximum": points(line.maximum), "change": points(line.change), "no_data": line.no_data,
        "rows_counted": line.counted, "rows_not_counted": dict(line.excluded),
    }  # fmt: skip


def _interval(found: Interval | None, unit: str) -> dict[str, Any] | None:
    if found is None or found.kind == "none":
        return None
    ends = {name: None if end is None else figure(end, unit) for name, end in (("low", found.low), ("high", found.high))}
    return {"method": found.kind, **ends, "observations": found.observations}


def _row(row: dict[str, Any], kind: Kind, shown: Sequence[Column], unit: str) -> dict[str, Any]:
    adds = figure(row["contribution"], unit)["value"]
    columns = {column.name: spoken(column.type, row.get(listed_as(kind, column.name))) for column in shown}
    said = {"row": row["row_id"], "kind": kind.name, "counted": row["counted"], "reason": row["reason"] or ""}
    return {**said, "contribution": adds, "columns": columns}


def _text(value: Any) -> str | None:
    return None if value is None else str(value)
