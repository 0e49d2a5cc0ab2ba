"""Overrides over REST: listed beside what was calculated, proposed by one person, decided by another, withdrawn."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from django.http import HttpResponse
from ninja import Router, Schema, Status
from pydantic import Field

from steelyard.scorecards.overrides import actions, queries

from .addresses import Number
from .figures import POINTS, points
from .gate import Asked, needs
from .paging import Asking, Page, of_rows
from .problems import answers
from .versions import must_match, tagged

if TYPE_CHECKING:
    from steelyard.scorecards.models import Override
    from steelyard.scorecards.overrides.queries import Beside

router = Router(tags=["overrides"])


class OverrideShown(Schema):
    """A level or points that two people stand by, beside what was calculated."""

    level: str | None
    points: str | None = Field(None, description="decimal text", examples=["82.5"])
    reason: str
    expires: date = Field(description="the last as-of date on which it counts")
    proposed_by: str
    approved_by: str


class Calculated(Schema):
    """What was calculated for the period of an override: the result published last, else the newest."""

    total: str | None = POINTS
    level: str | None


class WholeOverride(Schema):
    """An override with everything that whoever decides has to see."""

    override: int = Field(examples=[3])
    framework: str
    subject: str
    period: str
    level: str | None
    points: str | None = Field(description="decimal text", examples=["82.5"])
    reason: str
    starts: date = Field(description="the first as-of date on which it counts")
    expires: date = Field(description="the last one")
    state: str = Field(description="proposed, approved, refused, withdrawn", examples=["proposed"])
    calculated: Calculated
    proposed_by: str = Field(examples=["anna"])
    proposed_at: datetime
    decided_by: str | None = Field(description="who approved or refused it", examples=["ben"])
    decided_at: datetime | None
    withdrawn_by: str | None
    withdrawn_at: datetime | None
    withdrawn_reason: str | None


class Proposal(Schema):
    """A level or points, one of the two, for a subject's score in a period, and why."""

    framework: str = Field(max_length=100)
    subject: str = Field(max_length=300)
    period: str = Field(max_length=40)
    level: str = Field("", max_length=100, description="one of the framework's levels", examples=["Gold"])
    points: str | None = Field(None, max_length=20, description="or points as decimal text", examples=[None])
    expires: date | None = Field(None, description="the last as-of date on which it counts; null: the period's last day", examples=[None])
    reason: str = Field(max_length=actions.LONGEST, description="the partner reads it beside the score")


class ApprovedWith(Schema):
    """What whoever approves remarks, if anything."""

    note: str = Field("", max_length=actions.LONGEST)


class Reasoning(Schema):
    """Why."""

    reason: str = Field(max_length=actions.LONGEST)


@router.get("", response=answers(ok=Page[WholeOverride]), summary="Overrides")
@needs("scores.read")
def overrides(request: Asked, paging: Asking, framework: str = "", subject: str = "", period: str = "", state: str = "") -> dict[str, Any]:
    """Every override in sight, in the order they were proposed."""
    asked = {"framework_code": framework, "subject": subject, "period": period, "state": state}
    seen = [
        one
        for one in reversed(queries.listed(scope=request.scope))
        if all(wanted in ("", getattr(one, name)) for name, wanted in asked.items())
    ]
    return of_rows(queries.with_calculated(seen), paging, lambda row: row.override.pk, whole)


@router.post("", response=answers(made=WholeOverride), summary="Propose an override")
@needs("overrides.propose")
def propose(request: Asked, response: HttpResponse, sent: Proposal) -> Any:
    """Nothing changes before somebody else approves. Proposing the same again is the same override."""
    said = sent.dict() | {"points": None if sent.points is None else queries.points_of(sent.points)}
    made = actions.propose(**said, acting_user=request.user, scope=request.scope)
    return Status(201, _tagged(response, made))


@router.get("/{override}", response=answers(ok=WholeOverride), summary="One override")
@needs("scores.read")
def override(request: Asked, response: HttpResponse, override: Number) -> dict[str, Any]:
    """What it says, what was calculated, and who decided."""
    return _tagged(response, queries.one(override, scope=request.scope))


@router.post("/{override}/approve", response=answers(ok=WholeOverride), summary="Approve an override")
@needs("overrides.approve")
def approve(request: Asked, response: HttpResponse, override: Number, sent: ApprovedWith) -> dict[str, Any]:
    """By a second person. 409 if it was decided meanwhile by somebody else; with `If-Match`, 412 if the score was calculated anew."""
    if "If-Match" in request.headers:
        (row,) = queries.with_calculated([queries.one(override, scope=request.scope)])
        must_match(request, whole(row))
    return _tagged(response, actions.approve(override=override, note=sent.note, acting_user=request.user, scope=request.scope))


@router.post("/{override}/refuse", response=answers(ok=WholeOverride), summary="Refuse an override")
@needs("overrides.approve")
def refuse(request: Asked, response: HttpResponse, override: Number, sent: Reasoning) -> dict[str, Any]:
    """By a second person, with a reason."""
    return _tagged(response, actions.refuse(override=override, reason=sent.reason, acting_user=request.user, scope=request.scope))


@router.post("/{override}/withdraw", response=answers(ok=WholeOverride), summary="Withdraw an override")
@needs("overrides.propose")
def withdraw(request: Asked, response: HttpResponse, override: Number, sent: Reasoning) -> dict[str, Any]:
    """With a reason: from now on only what was calculated is shown."""
    return _tagged(response, actions.withdraw(override=override, reason=sent.reason, acting_user=request.user, scope=request.scope))


def override_shown(one: Override | None) -> dict[str, Any] | None:
    """An override as a scorecard names it; None where there is none."""
    if one is None:
        return None
    return {
        "level": one.level or None, "points": points(one.points), "reason": one.reason, "expires": one.expires,
        "proposed_by": one.proposed_by, "approved_by": one.decided_by,
    }  # fmt: skip


def whole(row: Beside) -> dict[str, Any]:
    """An override and what was calculated, as JSON."""
    one = row.override
    same = ("subject", "period", "reason", "starts", "expires", "state", "proposed_by", "proposed_at", "decided_at", "withdrawn_at")
    return {
        "override": one.pk, "framework": one.framework_code, "level": one.level or None, "points": points(one.points),
        **{name: getattr(one, name) for name in same}, "calculated": {"total": points(row.total), "level": row.level or None},
        **{name: getattr(one, name) or None for name in ("decided_by", "withdrawn_by", "withdrawn_reason")},
    }  # fmt: skip


def _tagged(response: HttpResponse, one: Override) -> dict[str, Any]:
    (row,) = queries.with_calculated([one])
    return tagged(response, whole(row))
