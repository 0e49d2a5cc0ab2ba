"""Comparisons over REST: a region's workbook held beside a scored period, its parts, its file; sharing with a partner."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any

from django.http import HttpResponse
from ninja import File, Form, Query, Router, Schema, Status, UploadedFile
from pydantic import Field

from steelyard.calc.errors import Problem, Refused
from steelyard.comparisons import actions, files, queries, runs
from steelyard.comparisons.views.one import XLSX, as_file
from steelyard.intake.dry_run import is_quick
from steelyard.intake.reading.signature import what_is
from steelyard.scorecards.choosing import exactly

from .addresses import Number
from .gate import Asked, lasting, needs
from .jobs import JobShown, job_shown
from .paging import Asking, Page, of_records
from .portal import own_of
from .problems import Told, answers, file_answer
from .versions import must_match, tagged

if TYPE_CHECKING:
    from steelyard.comparisons.models import Comparison, Share
    from steelyard.scorecards.models import Run

router = Router(tags=["comparisons"])
own = Router(tags=["portal"])
BOOK = file_answer("the comparison as a workbook", XLSX)


class Workbook(Schema):
    """What the workbook is held against, and how it is read."""

    framework: str = Field(max_length=100)
    period: str = Field(max_length=40)
    run: str = Field("", max_length=64, description="the id of a run; blank: the one in force", examples=[""])
    mapping: str = Field(
        max_length=100_000, description="YAML: which sheet and column holds what", examples=["totals: {columns: {subject: Partner}}"]
    )


class Retiring(Schema):
    """Why."""

    reason: str = Field("", max_length=500)


class Sharing(Schema):
    """What the partner is told."""

    note: str = Field("", max_length=500)


class ComparisonShown(Schema):
    """A comparison in a list; counts are of the partners in sight."""

    comparison: int
    name: str = Field(examples=["west.xlsx"])
    sha256: str
    framework: str
    period: str
    run: str
    cut: int
    subjects: int = Field(examples=[108])
    equal: int = Field(examples=[97])
    created_by: str = Field(examples=["anna"])
    created_at: datetime


class ComparisonStep(Schema):
    """One cause on the way from their figure to ours; the steps add up to the difference."""

    cause: str = Field(examples=["twice"])
    key: str = Field(description="the order, or what else it is about", examples=["SO50698"])
    amount: str | None = Field(description="in the unit of the figure", examples=["-1250.00"])
    detail: str = Field(examples=[""])
    sure: str = Field(description="certain, likely or open", examples=["certain"])


class FigureShown(Schema):
    """A figure on both sides."""

    item: str = Field(examples=["net_sales"])
    title: str
    unit: str = Field(examples=["money"])
    theirs: str | None = Field(examples=["8250.00"])
    ours: str | None = Field(examples=["7000.00"])
    difference: str | None = Field(examples=["-1250.00"])
    equal: bool
    place: str = Field(description="where it stands in the workbook", examples=["Summary Net sales, row 5"])
    note: str
    steps: list[ComparisonStep]


class ReasonShown(Schema):
    """What a person would call one error, with its lines on both sides."""

    cause: str = Field(examples=["twice"])
    key: str = Field(examples=["SO50698"])
    detail: str = Field(examples=[""])
    amount: str | None = Field(examples=["-1250.00"])
    lines: int = Field(examples=[2])
    hidden: bool = Field(examples=[False])
    sure: str = Field(examples=["certain"])
    lines_listed: list[dict[str, Any]] = Field(examples=[[{"amount": "-1250.00", "theirs": {"row": 17}, "ours": None, "other": None}]])


class PartShown(Schema):
    """What a comparison says of one partner."""

    subject: str
    name: str
    equal: bool
    level: str | None
    our_level: str | None = Field(examples=["Gold"])
    figures: list[FigureShown]
    reasons: list[ReasonShown]


class WholeReason(Schema):
    """A reason over all partners in sight."""

    cause: str = Field(examples=["twice"])
    key: str = Field(examples=["SO50698"])
    text: str = Field(examples=["SO50698 is counted twice (2 lines)"])
    amount: str | None = Field(examples=["-1250.00"])
    lines: int = Field(examples=[2])
    hidden: bool = Field(examples=[False])
    subjects: list[str] = Field(examples=[["GB-0001"]])
    sure: str = Field(examples=["certain"])


class WholeComparison(ComparisonShown):
    """A comparison with its reasons and what could not be compared."""

    figure: str = Field(description="the figure that `difference` is of", examples=["net_sales"])
    currency: str
    difference: str | None = Field(description="of all partners, without signs", examples=["1250.00"])
    not_explained: str | None = Field(examples=["0.00"])
    reasons: list[WholeReason]
    unknown: list[dict[str, Any]] = Field(examples=[[{"subject": "Westhandel", "why": "not known here", "rows": 3}]])
    problems: list[Told]
    unread_rows: int = Field(description="rows that cannot be read: see `problems`", examples=[0])
    dropped_rows: int = Field(description="rows of totals, and those that the mapping leaves out", examples=[1])
    blank_rows: int = Field(examples=[0])


class ComparisonShare(Schema):
    """That a partner may open its own part."""

    share: int = Field(examples=[3])
    comparison: int = Field(examples=[12])
    partner: str
    period: str
    cut: int = Field(description="of the run that was compared", examples=[7])
    published_since: int | None = Field(description="the cut of the run that was published in its place; null: in force", examples=[None])
    note: str
    shared_by: str = Field(examples=["anna"])
    shared_at: datetime
    revoked_at: datetime | None


class OwnShare(Schema):
    """What was shared with the partner."""

    share: int = Field(examples=[3])
    workbook: str = Field(examples=["west.xlsx"])
    framework: str
    period: str
    cut: int = Field(description="of the run that was compared", examples=[7])
    published_since: int | None = Field(description="the cut of the run that was published in its place; null: in force", examples=[None])
    note: str
    shared_at: datetime


@router.get("", response=answers(ok=Page[ComparisonShown]), summary="Comparisons")
@needs("comparisons.read")
def comparisons(request: Asked, paging: Asking, framework: str = "", retired: bool = False) -> dict[str, Any]:
    """Those with a partner in sight, newest first."""
    found = queries.comparisons(request.scope, retired=retired)
    return of_records(found.filter(framework=framework) if framework else found, paging, comparison_shown, newest_first=True)


@router.post("", response=answers(made=WholeComparison, accepted=JobShown), summary="Compare a workbook")
@lasting
@needs("comparisons.write")
def compare(request: Asked, sent: Annotated[Workbook, Form()], file: Annotated[UploadedFile, File()]) -> Any:
    """Small workbooks at once; large ones by a job, whose `result` is the number of the comparison. The same again is the same."""
    chosen = exactly(sent.framework, sent.period, scope=request.scope)
    run = _run_asked(request, sent) if sent.run else chosen.run
    data, name = file.read(), file.name or "workbook"
    if not is_quick(len(data), what_is(data, name)):
        return Status(202, job_shown(actions.order_new(data=data, name=name, mapping=sent.mapping, run=run, acting_user=request.user)))
    made = actions.compare(data=data, name=name, mapping=sent.mapping, run=run, acting_user=request.user, scope=request.scope)
    return Status(201, whole(request, made.pk))


def _run_asked(request: Asked, sent: Workbook) -> Run:
    """The run of an id, if it is one of the framework and period that are asked for."""
    run = runs.in_sight(sent.run, request.scope)
    if (run.framework.code, run.period) != (sent.framework, sent.period):
        message = f"this run is not one of {sent.framework} {sent.period}"
        hint = "name the framework and period of the run, or leave `run` out for the one in force"
        raise Refused(Problem("another-period", message, "run", f"{run.framework.code} {run.period}", hint))
    return run


@router.get("/{comparison}", response=answers(ok=WholeComparison), summary="One comparison")
@needs("comparisons.read")
def comparison(request: Asked, response: HttpResponse, comparison: Number) -> dict[str, Any]:
    """Its reasons, the weightiest first, and what could not be compared."""
    return tagged(response, whole(request, comparison))


@router.get("/{comparison}/file", response=answers(ok=None), summary="A comparison's workbook", openapi_extra=BOOK)
@needs("comparisons.read")
def file(request: Asked, comparison: Number) -> Any:
    """One sheet for each kind of difference; values only."""
    seen = queries.seen(comparison, request.scope, request.user.username)
    return as_file(files.book(seen, request.scope), f"comparison-{comparison}-{seen.comparison.period}", len(seen.parts), comparison)


@router.get("/{comparison}/parts", response=answers(ok=Page[PartShown]), summary="What it says of each partner")
@needs("comparisons.read")
def parts(request: Asked, paging: Asking, comparison: Number, equal: bool | None = None) -> dict[str, Any]:
    """In the order of the workbook; `equal=false` for those that differ."""
    found = queries.parts(queries.comparison(comparison, request.scope), request.scope)
    found = found if equal is None else found.filter(equal=equal)
    return of_records(found, paging, lambda part: files.part_json(part, queries.told(part, request.scope)))


@router.post("/{comparison}/parts/{path:subject}/share", response=answers(made=ComparisonShare), summary="Share a part with its partner")
@needs("comparisons.write")
def share(request: Asked, comparison: Number, subject: str, sent: Sharing) -> Any:
    """The partner's people see it in the portal until it is taken back; nothing that is not published is shared."""
    made = actions.share(comparison=comparison, subject=subject, note=sent.note, acting_user=request.user, scope=request.scope)
    return Status(201, share_shown(queries.share(made.pk, request.scope)))


@router.get("/{comparison}/parts/{path:subject}", response=answers(ok=PartShown), summary="What it says of one partner")
@needs("comparisons.read")
def part(request: Asked, response: HttpResponse, comparison: Number, subject: str) -> dict[str, Any]:
    """Figures with their steps, reasons with their lines."""
    found = queries.part(comparison, subject, request.scope)
    return tagged(response, files.part_json(found, queries.told(found, request.scope)))


@router.post("/{comparison}/retire", response=answers(ok=ComparisonShown), summary="Retire a comparison")
@needs("comparisons.write")
def retire(request: Asked, comparison: Number, sent: Retiring) -> dict[str, Any]:
    """It leaves the list, and what was shared of it ends."""
    found = actions.retire(comparison=comparison, reason=sent.reason, acting_user=request.user, scope=request.scope)
    return comparison_shown(queries.comparisons(request.scope, retired=True).get(pk=found.pk))


@router.get("/{comparison}/shares", response=answers(ok=Page[ComparisonShare]), summary="With whom it is shared")
@needs("comparisons.read")
def shares(request: Asked, paging: Asking, comparison: Number) -> dict[str, Any]:
    """The shares in force."""
    found = queries.shares(request.scope, of=queries.comparison(comparison, request.scope))
    return of_records(found, paging, share_shown, newest_first=True)


@router.get("/shares/{share}", response=answers(ok=ComparisonShare), summary="One share")
@needs("comparisons.read")
def one_share(request: Asked, response: HttpResponse, share: Number) -> dict[str, Any]:
    """Also one that was taken back."""
    return tagged(response, share_shown(queries.share(share, request.scope)))


@router.delete("/shares/{share}", response=answers(empty=True), summary="Take a share back")
@needs("comparisons.write")
def revoke(request: Asked, share: Number, why: Annotated[Retiring, Query(...)]) -> Any:
    """Its link leads nowhere from now on."""
    must_match(request, share_shown(queries.share(share, request.scope)))
    actions.revoke(share=share, reason=why.reason, acting_user=request.user, scope=request.scope)
    return Status(204, None)


@own.get("/comparisons", response=answers(ok=Page[OwnShare]), summary="Own comparisons")
@needs("portal.read")
def own_comparisons(request: Asked, paging: Asking, partner: str = "") -> dict[str, Any]:
    """What was shared, newest first."""
    whose = own_of(request, partner)
    return of_records(queries.shares(whose.scope, partner=whose.code), paging, _own_shown, newest_first=True)


@own.get("/comparisons/{share}", response=answers(ok=PartShown), summary="An own comparison")
@needs("portal.read")
def own_comparison(request: Asked, response: HttpResponse, share: Number, partner: str = "") -> dict[str, Any]:
    """The partner's own part."""
    whose = own_of(request, partner)
    found = queries.shared(share, whose.scope, whose.code).part
    return tagged(response, files.part_json(found, queries.told(found, whose.scope)))


def comparison_shown(found: Comparison) -> dict[str, Any]:
    """A comparison as JSON."""
    return {
        "comparison": found.pk, "run": found.run.run_id, "cut": found.run.cut,
        "subjects": found.seen_parts, "equal": found.seen_equal,  # type: ignore[attr-defined]
        **{name: getattr(found, name) for name in ("name", "sha256", "framework", "period", "created_by", "created_at")},
    }  # fmt: skip


def whole(request: Asked, number: int) -> dict[str, Any]:
    """A comparison with its reasons, as somebody may see it."""
    seen = queries.seen(number, request.scope, request.user.username)
    found, told = seen.comparison, files.as_json(seen, request.scope, parts=False)
    same = ("figure", "currency", "difference", "not_explained", "unknown", "problems", "unread_rows", "dropped_rows", "blank_rows")
    reasons = [{name: one[name] for name in WholeReason.model_fields} for one in told["reasons"]]
    return {
        "comparison": found.pk, "run": found.run.run_id, "cut": found.run.cut,
        "subjects": told["subjects"], "equal": told["equal_subjects"],
        **{name: getattr(found, name) for name in ("name", "sha256", "framework", "period", "created_by", "created_at")},
        **{name: told[name] for name in same}, "reasons": reasons,
    }  # fmt: skip


def share_shown(found: Share) -> dict[str, Any]:
    """A share as JSON."""
    same = ("partner", "note", "shared_by", "shared_at", "revoked_at")
    comparison = found.part.comparison
    return {"share": found.pk, "comparison": comparison.pk, **_held(found), **{name: getattr(found, name) for name in same}}


def _own_shown(found: Share) -> dict[str, Any]:
    comparison = found.part.comparison
    same = {"workbook": comparison.name, "framework": comparison.framework, **_held(found)}
    return {"share": found.pk, **same, "note": found.note, "shared_at": found.shared_at}


def _held(found: Share) -> dict[str, Any]:
    """What a share compares with, and whether that is still public."""
    comparison = found.part.comparison
    return {"period": comparison.period, "cut": comparison.run.cut, "published_since": queries.cut_since(found)}
