"""Which framework, period and run a page is about: what was asked for, else the newest that is published."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from django.db.models import Count, Max, Q

from steelyard.calc.errors import Missing
from steelyard.frameworks.queries import framework as framework_of
from steelyard.frameworks.queries import versions
from steelyard.ledger.scope import Scope
from steelyard.ui.unchanged import unchanged

from .models import Publication, Run

if TYPE_CHECKING:
    from steelyard.frameworks.models import FrameworkVersion


@dataclass(frozen=True)
class FrameworkChoice:
    """A framework that has been scored."""

    code: str
    title: str


@dataclass(frozen=True)
class PeriodChoice:
    """A period that has been scored: published for some subjects at least, or for all; others are for staff only."""

    label: str
    start: date
    end: date
    published: bool
    whole: bool


@dataclass(frozen=True)
class Chosen:
    """A run with everything a page says about it. ``before`` is the run of the period before, if there is one.

    ``publication`` is of the whole run: None says that it is not published, or for some subjects only.
    """

    framework: str
    title: str
    version: FrameworkVersion
    run: Run
    before: Run | None
    publication: Publication | None
    periods: tuple[PeriodChoice, ...]  # newest first
    frameworks: tuple[FrameworkChoice, ...]

    @property
    def period(self) -> str:
        """The label of the period."""
        return self.run.period

    @property
    def earlier(self) -> tuple[PeriodChoice, ...]:
        """The periods before this one, newest first."""
        return tuple(period for period in self.periods if period.start < self.run.period_start)


def choose(framework: str | None = None, period: str | None = None, *, scope: Scope, published_only: bool = False) -> Chosen | None:
    """The run a page is about; None if nothing has been scored that the scope may see.

    A framework or period that is not there falls back: to the framework published last, to its newest period published for all.
    """
    key = ("chosen", framework, period, scope.everything, published_only)
    return unchanged(key, lambda: _choose(framework, period, scope=scope, published_only=published_only))


def _choose(framework: str | None, period: str | None, *, scope: Scope, published_only: bool) -> Chosen | None:
    known = _known(scope, published_only)
    if not known:
        return None
    code = framework if framework in known else _published_last(known)
    periods = known[code]
    one = next((choice for choice in periods if choice.label == period), None)
    one = (
        one
        or next((choice for choice in periods if choice.whole), None)
        or next((choice for choice in periods if choice.published), periods[0])
    )
    run, publication = _run(code, one, published_only)
    before = next((choice for choice in periods if choice.start < one.start), None)
    titles = {version.code: version.title or version.code for version in versions()}  # oldest first: the newest title wins
    return Chosen(
        framework=code,
        title=titles.get(code, code),
        version=run.framework,
        run=run,
        before=_run(code, before, published_only)[0] if before else None,
        publication=publication,
        periods=periods,
        frameworks=tuple(FrameworkChoice(name, titles.get(name, name)) for name in sorted(known)),
    )


def exactly(framework: str, period: str, *, scope: Scope, published_only: bool = False) -> Chosen:
    """What an address names; `Missing` if it is not there or not to be seen."""
    chosen = choose(framework, period, scope=scope, published_only=published_only)
    if chosen is None or (chosen.framework, chosen.period) != (framework, period):
        raise Missing
    return chosen


def runs_back(chosen: Chosen, count: int) -> list[Run]:
    """The runs of the last periods up to the chosen one, oldest first."""
    found = [chosen.run, *([chosen.before] if chosen.before else [])]
    found += _runs(chosen.framework, chosen.earlier[len(found) - 1 : count - 1])
    return found[:count][::-1]


def unpublished(*, scope: Scope) -> list[Run]:
    """The newest run of every period that was scored and then not published whole, newest period first."""
    log = (
        Publication.objects.filter(subject="").order_by("pk").values_list("framework_code", "period", "run__cut", "run__framework__version")
    )
    published = {(code, period): (version, cut) for code, period, cut, version in log}
    newest: dict[tuple[str, str], Run] = {}
    runs = Run.objects.select_related("framework").defer("framework__text", "inputs")
    for run in runs.order_by("-period_start", "-framework__version", "-cut", "-created_at"):
        newest.setdefault((run.framework.code, run.period), run)
    seen = set(_known(scope, published_only=False))
    waiting = [run for key, run in newest.items() if (run.framework.version, run.cut) > published.get(key, (0, -1))]
    return [run for run in waiting if run.framework.code in seen]


def _known(scope: Scope, published_only: bool) -> dict[str, tuple[PeriodChoice, ...]]:
    """Framework -> its scored periods, newest first. Who sees only some partners sees frameworks that score partners."""
    counted = Publication.objects.values_list("framework_code", "period").annotate(whole=Count("pk", filter=Q(subject="")))
    published = {(code, label): whole for code, label, whole in counted.order_by()}
    rows = Run.objects.order_by("-period_start", "-period_end").values_list("framework__code", "period", "period_start", "period_end")
    known: dict[str, list[PeriodChoice]] = {}
    for code, label, start, end in rows.distinct():
        choice = PeriodChoice(label, start, end, (code, label) in published, published.get((code, label), 0) > 0)
        if choice.published or not published_only:
            known.setdefault(code, []).append(choice)
    return {code: tuple(periods) for code, periods in known.items() if scope.everything or _scores_partners(code)}


def _scores_partners(code: str) -> bool:
    return any("partner" in framework_of(version).subject for version in versions(code)[-1:])


def _published_last(known: dict[str, tuple[PeriodChoice, ...]]) -> str:
    rows = Publication.objects.filter(framework_code__in=known).values("framework_code").annotate(last=Max("pk")).order_by("-last")
    row = rows.first()
    return row["framework_code"] if row else min(known, key=lambda code: (-known[code][0].start.toordinal(), code))


def _run(code: str, period: PeriodChoice, published_only: bool = False) -> tuple[Run, Publication | None]:
    """The run of a period: the one published whole, else the newest; where only what is public counts, the newest of some subjects.

    And the whole publication. What was published for one subject alone is in force for it whichever run this is.
    """
    logged = Publication.objects.filter(framework_code=code, period=period.label).select_related("run__framework").order_by("-pk")
    if period.whole and (whole := logged.filter(subject="").first()) is not None:
        return whole.run, whole
    if published_only and period.published and (some := logged.first()) is not None:
        return some.run, None
    runs = Run.objects.select_related("framework").filter(framework__code=code, period=period.label)
    return runs.order_by("-framework__version", "-cut", "-created_at")[0], None


def _runs(code: str, periods: tuple[PeriodChoice, ...]) -> list[Run]:
    """The runs in force for several periods; those published whole in one read."""
    labels = [period.label for period in periods if period.whole]
    log = Publication.objects.filter(framework_code=code, period__in=labels, subject="").select_related("run__framework").order_by("pk")
    whole = {entry.period: entry.run for entry in log} if labels else {}
    return [whole.get(period.label) or _run(code, period)[0] for period in periods]
