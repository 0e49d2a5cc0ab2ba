"""What reviews say against publishing a run: ratings that nobody approved never become public with it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from steelyard.calc.errors import Problem
from steelyard.scorecards.second_person import public_cuts

from . import workflow
from .models import Review

if TYPE_CHECKING:
    from steelyard.scorecards.models import Run

NOT_APPROVED = "ratings-not-approved"
WAITING = (workflow.OPEN, workflow.SUBMITTED)


def unapproved_ratings(*, run: Run, subject: str = "") -> list[Problem]:
    """The partners whose ratings are in the run and wait for approval; ratings that were public before are not in question."""
    cycle = {"cycle__framework": run.framework.code, "cycle__period": run.period}
    found = Review.objects.filter(**cycle, state__in=WAITING, rated_seq__gt=0, rated_seq__lte=run.cut)
    rated = found.filter(partner=subject) if subject else found
    public = public_cuts(run)
    waiting = [
        partner
        for partner, seq in rated.order_by("partner").values_list("partner", "rated_seq")
        if seq > max(public.get("", -1), public.get(partner, -1))
    ]
    if not waiting:
        return []
    who = ", ".join(waiting[:3]) + (f" and {len(waiting) - 3} more" if len(waiting) > 3 else "")
    hint = "approve these reviews first, or publish approved partners one by one"
    return [Problem(NOT_APPROVED, "ratings that nobody approved are in this run", found=who, hint=hint)]
