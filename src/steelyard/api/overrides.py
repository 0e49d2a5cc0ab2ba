"""Overrides as REST tells them, beside the scores they stand by."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from ninja import Schema
from pydantic import Field

from .figures import points

if TYPE_CHECKING:
    from steelyard.scorecards.models import Override


class OverrideShown(Schema):
    """A level or points that two people stand by, beside what was calculated."""

    level: str | None
    points: str | None = Field(None, description="decimal text", examples=["82.5"])
    reason: str
    expires: date = Field(description="the last as-of date on which it counts")
    proposed_by: str
    approved_by: str


def override_shown(one: Override | None) -> dict[str, Any] | None:
    """An override as JSON; None where there is none."""
    if one is None:
        return None
    return {
        "level": one.level or None, "points": points(one.points), "reason": one.reason, "expires": one.expires,
        "proposed_by": one.proposed_by, "approved_by": one.decided_by,
    }  # fmt: skip
