"""Every read of overrides: those in force at a point, for scores that are shown, and the list of all."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from django.db.models import Q

from steelyard.calc.errors import Missing
from steelyard.ledger.scope import Scope

from .. import files
from ..models import Override, Run
from . import workflow


def overrides_in_force(framework: str, as_of: date, subject: str | None = None) -> dict[str, Override]:
    """What counts beside the calculated score on a day, by subject: approved, not withdrawn, begun and not expired."""
    found = Override.objects.filter(framework_code=framework, state=workflow.APPROVED, starts__lte=as_of, expires__gte=as_of)
    if subject is not None:
        found = found.filter(subject=subject)
    return {one.subject: one for one in found.order_by("pk")}


def of_run(run: Run, subject: str | None = None) -> dict[str, Override]:
    """Those that stand beside a run's results, by subject."""
    return overrides_in_force(run.framework.code, as_of(run), subject)


def of_runs(runs: Iterable[Run], subject: str) -> dict[int, Override]:
    """Those of one subject beside each of several runs, by the run's number; one read."""
    listed = list(runs)
    mine = Override.objects.filter(subject=subject, state=workflow.APPROVED)
    found = list(mine.filter(framework_code__in={run.framework.code for run in listed}))
    return {
        run.pk: one
        for run in listed
        for one in found
        if one.framework_code == run.framework.code and one.starts <= as_of(run) <= one.expires
    }


def as_of(run: Run) -> date:
    """The day that a run computed: the last of its period; in an open window, the last the data knew."""
    if run.period_end == date.max:
        return max(run.period_start, run.known_through or run.period_start)
    return run.period_end - timedelta(days=1)


def listed(*, scope: Scope) -> list[Override]:
    """Every override of the subjects that the scope sees, the newest first."""
    rows = Override.objects.order_by("-pk")
    return [one for one in rows if sees(one, scope)]


def one(number: int, *, scope: Scope) -> Override:
    """One override; `Missing` if there is none for this reader."""
    found = Override.objects.filter(pk=number).first()
    if found is None or not sees(found, scope):
        raise Missing
    return found


def sees(override: Override, scope: Scope) -> bool:
    """Whether the scope holds the override's partner; subjects without a partner are for who sees everything."""
    return scope.everything or override.partner in scope.partners


def partner_of(subjects: tuple[str, ...], subject: str) -> str:
    """The partner's code within a subject's name; empty where no partner is scored."""
    return dict(zip(subjects, subject.split(files.SEPARATOR), strict=False)).get("partner", "")


def told(override: Override) -> dict[str, Any]:
    """What an override says, as the audit trail and its approval keep it."""
    return {
        "framework": override.framework_code, "subject": override.subject, "period": override.period, "starts": str(override.starts),
        "expires": str(override.expires), "level": override.level, "points": override.points, "reason": override.reason,
    }  # fmt: skip


def touching(framework: str, subject: str, starts: date, expires: date) -> list[Override]:
    """Those proposed or approved for any of these days."""
    alive = Q(state__in=(workflow.PROPOSED, workflow.APPROVED))
    return list(Override.objects.filter(alive, framework_code=framework, subject=subject, starts__lte=expires, expires__gte=starts))
