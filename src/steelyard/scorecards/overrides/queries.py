"""Every read of overrides: those in force at a point, for scores that are shown, and the list of all."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import Q

from steelyard.calc.errors import Missing, Problem, Refused
from steelyard.calc.framework.model import Framework
from steelyard.calc.periods import Period
from steelyard.calc.units import to_grain
from steelyard.frameworks.queries import framework as framework_of
from steelyard.frameworks.queries import version as version_of
from steelyard.ledger.scope import Scope

from .. import files, limits
from ..models import Override, Publication, Result, Run
from . import workflow

_POINTS = re.compile(r"-?[0-9]{1,9}(\.[0-9]{1,6})?")


@dataclass(frozen=True, slots=True)
class Beside:
    """An override, and what was calculated for the period it was proposed for: points in their grain."""

    override: Override
    total: int | None
    level: str
    levels: Sequence[str]  # of the framework, the best first

    @property
    def seen(self) -> str:
        """Stands for what was calculated: who decides sends it back, so that a score calculated anew meanwhile is noticed."""
        return f"{self.total} {self.level}".strip()


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


def with_calculated(overrides: Iterable[Override]) -> list[Beside]:
    """Each with the score that stands beside it: the one published last, else the newest; two reads for all of them, one a framework."""
    rows = list(overrides)
    codes, periods = {row.framework_code for row in rows}, {row.period for row in rows}
    subjects = {row.subject for row in rows}
    public: dict[tuple[str, str, str], int] = {}
    for log in Publication.objects.filter(framework_code__in=codes, period__in=periods, subject__in={"", *subjects}).order_by("pk"):
        for subject in [log.subject] if log.subject else subjects:
            public[log.framework_code, log.period, subject] = log.run_id
    calculated: dict[tuple[str, str, str], tuple[int | None, str]] = {}
    found = Result.objects.filter(run__framework__code__in=codes, run__period__in=periods, subject__in=subjects).order_by("run_id")
    for run, subject, total, level, code, period in found.values_list(
        "run_id", "subject", "total", "level", "run__framework__code", "run__period"
    ):
        key = (code, period, subject)
        if public.get(key, run) == run:
            calculated[key] = (total, level or "")
    nothing: tuple[int | None, str] = (None, "")
    levels = {code: limits.names(framework_of(version_of(code))) for code in codes}
    return [
        Beside(row, *calculated.get((row.framework_code, row.period, row.subject), nothing), levels[row.framework_code]) for row in rows
    ]


def one(number: int, *, scope: Scope) -> Override:
    """One override; `Missing` if there is none for this reader."""
    found = Override.objects.filter(pk=number).first()
    if found is None or not sees(found, scope):
        raise Missing
    return found


def framework_for(code: str, subject: str, span: Period) -> Framework | None:
    """The version that scored a subject's period, the newest if several did; None while none did."""
    scored = Result.objects.filter(run__framework__code=code, run__period=span.label, subject=subject)
    found = scored.select_related("run__framework__base").order_by("-run__framework__version").first()
    return framework_of(found.run.framework) if found is not None else None


def sees(override: Override, scope: Scope) -> bool:
    """Whether the scope holds the override's partner; subjects without a partner are for who sees everything."""
    return scope.everything or override.partner in scope.partners


def partner_of(subjects: tuple[str, ...], subject: str) -> str:
    """The partner's code within a subject's name; empty where no partner is scored."""
    return dict(zip(subjects, subject.split(files.SEPARATOR), strict=False)).get("partner", "")


def points_of(text: str) -> int:
    """Points as somebody wrote them, decimal text, in their grain. Never rounded: `Refused` with more than six decimals."""
    if not _POINTS.fullmatch(text):
        raise Refused(Problem("wrong-type", "points are a number with at most six decimals", "points", text[:60], "write for example 82.5"))
    return to_grain(Decimal(text), "points")


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
