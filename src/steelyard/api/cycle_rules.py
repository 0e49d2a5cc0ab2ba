"""By which rule the calendar opens review cycles, over REST."""

from __future__ import annotations

from datetime import date
from typing import Any

from ninja import Router, Schema
from pydantic import Field

from steelyard.reviews import actions, queries

from .gate import Asked, needs
from .paging import Asking, Page, of_rows
from .problems import answers

router = Router(tags=["reviews"])


class RuleShown(Schema):
    """Cycles of a framework open by themselves so many days after the end of a period."""

    framework: str
    days_after_end: int = Field(examples=[5])
    days_to_review: int = Field(examples=[20])
    active: bool
    since: date = Field(description="periods that ended before are left alone")


class Ruling(Schema):
    """The rule of one framework; it replaces the one there was."""

    framework: str = Field(max_length=100)
    days_after_end: int = Field(5, ge=0, le=365, examples=[5])
    days_to_review: int = Field(20, ge=1, le=365, examples=[20])
    active: bool = Field(True, description="no: cycles are opened by hand")
    reason: str = Field("", max_length=500)


@router.get("", response=answers(ok=Page[RuleShown]), summary="When cycles open by themselves")
@needs("reviews.read")
def rules(request: Asked, paging: Asking) -> dict[str, Any]:
    """One rule a framework."""
    return of_rows(queries.rules(), paging, lambda rule: rule.framework, _shown)


@router.post("", response=answers(ok=RuleShown), summary="Say when cycles open by themselves")
@needs("reviews.open")
def set_rule(request: Asked, sent: Ruling) -> dict[str, Any]:
    """From the next day on; cycles that are open stay as they are."""
    return _shown(actions.set_rule(**sent.dict(), acting_user=request.user))


def _shown(rule: Any) -> dict[str, Any]:
    return {name: getattr(rule, name) for name in RuleShown.model_fields}
