"""Every read of scorecards: runs, results, explanations, the rows behind a figure, why a score changed."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

import polars as pl
from django.db.models import Max, Q, QuerySet

from steelyard.calc.errors import Missing, Problem, Refused, did_you_mean
from steelyard.calc.lists.planning import facts_read
from steelyard.frameworks.queries import framework as framework_of
from steelyard.intake.published import PublishedPeriod, until

from . import files, issuing, opening, stored
from .kept import Kept
from .models import Publication, Result, Run
from .opening import Told, rows_behind
from .overrides.queries import of_runs as overrides_of_runs
from .reasons import in_words
from .tracing import Trace, trace

if TYPE_CHECKING:
    from steelyard.frameworks.models import FrameworkVersion

    from .models import Override

__all__ = [
    "Told", "check_files", "check_receipts", "explain", "is_whole", "items", "publications_of",
    "published", "published_periods", "results", "rows_behind",
    "run_named", "runs", "why",
]  # fmt: skip


def runs(framework: str | None = None) -> list[Run]:
    """All runs, newest first."""
    rows = Run.objects.select_related("framework")
    return list(rows.filter(framework__code=framework) if framework else rows)


def run_named(run_id: str) -> Run | None:
    """The run of this name with its framework."""
    return Run.objects.select_related("framework").filter(run_id=run_id).first()


def is_whole(run: Run) -> bool:
    """Whether a run has all its files, and receipts; one that a former version saved gets them when it is scored again."""
    paths = [run.items_path, run.readings_path, *([run.peers_path] if run.peers_sha256 else [])]
    return bool(run.receipts_sha256) and all((files.home() / path).exists() for path in paths)


def check_receipts() -> tuple[list[Problem], int]:
    """Whose result is not what its receipt says, and how many receipts were written again."""
    found: list[Problem] = []
    looked_at = 0
    for run in Run.objects.select_related("framework").exclude(receipts_sha256=""):
        if is_whole(run):
            found += issuing.check(run)
            looked_at += run.subjects
    return found, looked_at


def check_files() -> tuple[list[Problem], int]:
    """What is wrong with the files of runs, and how many were looked at.

    A file that is gone comes out the same when its period is scored again; only what is published must be there.
    """
    found: list[Problem] = []
    published = set(Publication.objects.values_list("run_id", flat=True))
    looked_at = 0
    for run in Run.objects.all():
        kept = [(run.items_path, run.items_sha256), (run.readings_path, run.readings_sha256)]
        for path, sha256 in [*kept, *([(run.peers_path, run.peers_sha256)] if run.peers_sha256 else [])]:
            if run.pk in published or (files.home() / path).exists():
                looked_at += 1
                problem = files.check(path, sha256)
                found += [problem] if problem is not None else []
    return found, looked_at


def results(run: Run) -> list[Result]:
    """One row per subject, best first, those without a total last."""
    return sorted(run.results.all(), key=lambda result: (result.total is None, -(result.total or 0), result.subject))


def published(framework: str, period: str, subject: str | None = None) -> Publication | None:
    """What is in force for a period: of everybody; or of one subject, made public with all others or alone."""
    return publications_of(framework, period, "" if subject is None else subject).select_related("run__framework").first()


def publications_of(framework: Any, period: Any, subject: Any) -> QuerySet[Publication]:
    """What was published for a period of everybody, or of one subject alone, the newest first; by values, or columns of a query around."""
    whose = Q(subject="") | Q(subject=subject)
    return Publication.objects.filter(whose, framework_code=framework, period=period).order_by("-pk")


def published_periods() -> list[PublishedPeriod]:
    """The periods that are public as a whole, each at the cut of the run in force, with the kinds of fact that it rests on."""
    newest = Publication.objects.filter(subject="").values("framework_code", "period").annotate(last=Max("pk")).values("last")
    found = Publication.objects.filter(pk__in=newest).select_related("run__framework")
    return [
        PublishedPeriod(
            one.framework_code, one.period, one.run.period_start, until(one.run.period_end), one.run.cut, _facts_of(one.run.framework)
        )
        for one in found
    ]


def _facts_of(version: FrameworkVersion) -> frozenset[str]:
    return _facts.get(version.digest, lambda: facts_read(framework_of(version)))


_facts: Kept[frozenset[str]] = Kept(50)


def open_periods(head: int) -> list[tuple[str, str]]:
    """Every framework and period that was scored, is not published as a whole, and was last scored before this cut."""
    public = set(Publication.objects.filter(subject="").values_list("framework_code", "period"))
    newest = Run.objects.order_by().values_list("framework__code", "period").annotate(cut=Max("cut"))
    return sorted((code, period) for code, period, cut in newest if (code, period) not in public and cut < head)


def waiting() -> int:
    """How many scored periods wait for their publication."""
    public = set(Publication.objects.filter(subject="").values_list("framework_code", "period"))
    return len(set(Run.objects.values_list("framework__code", "period")) - public)


@dataclass(frozen=True, slots=True)
class RunLine:
    """A run in a list: what it scored, and whether it is in force."""

    run: Run
    framework: str
    title: str
    version: int
    period: str
    cut: int
    subjects: int
    receipt: str
    scored_by: str
    scored_at: datetime
    state: str  # in force | replaced | partly | running | open
    published_by: str
    published_at: datetime | None


def run_lines() -> list[RunLine]:
    """Every run with what became of it, newest first."""
    in_force: dict[tuple[str, str], Publication] = {}
    by_run: dict[int, Publication] = {}
    alone: set[int] = set()
    for logged in Publication.objects.order_by("pk"):
        by_run[logged.run_id] = logged
        if logged.subject:
            alone.add(logged.run_id)
        else:
            in_force[logged.framework_code, logged.period] = logged
    lines = []
    for run in runs():
        entry: Publication | None = by_run.get(run.pk)
        current = in_force.get((run.framework.code, run.period))
        state = "replaced" if entry is not None else "running" if run.is_running else "open"
        if current is not None and current.run_id == run.pk:
            entry, state = current, "in force"
        elif run.pk in alone and (entry is None or entry.subject):
            state = "partly"
        lines.append(
            RunLine(
                run,
                run.framework.code,
                run.framework.title or run.framework.code,
                run.framework.version,
                run.period,
                run.cut,
                run.subjects,
                run.run_id[:12],
                run.created_by,
                run.created_at,
                state,
                entry.published_by if entry else "",
                entry.published_at if entry else None,
            )
        )
    return lines


@dataclass(frozen=True, slots=True)
class Score:
    """What a subject had in a period, from the run in force."""

    framework: str
    title: str
    period: str
    start: date
    run: Run
    total: int | None
    level: str | None
    no_data: str
    public: bool
    override: Override | None = None  # what stands beside it


def scores_of(subject: str, *, published_only: bool = False) -> list[Score]:
    """Every score of a subject, of all frameworks, oldest first: of each period what is public, else the newest run."""
    log = Publication.objects.filter(subject__in=["", subject]).order_by("pk").values_list("framework_code", "period", "run_id")
    public = {(code, period): run for code, period, run in log}
    results = Result.objects.filter(subject=subject).select_related("run__framework").order_by("run__framework__version", "run__cut", "pk")
    found: dict[tuple[str, str], Score] = {}
    for result in results:
        run = result.run
        key = (run.framework.code, run.period)
        in_force = public.get(key)
        if in_force not in (None, run.pk) or (in_force is None and published_only):
            continue
        title = run.framework.title or run.framework.code
        why_not = in_words(result.no_data)
        found[key] = Score(
            run.framework.code, title, run.period, run.period_start, run, result.total, result.level, why_not, in_force is not None
        )
    beside = overrides_of_runs([score.run for score in found.values()], subject)
    told = [replace(score, override=beside.get(score.run.pk)) for score in found.values()]
    return sorted(told, key=lambda score: (score.framework, score.start))


def run_to_publish(framework: str, period: str, run: str = "") -> Run:
    """The run of a period that an id begins with, else the newest; `Missing` if there is none."""
    found = Run.objects.select_related("framework").filter(framework__code=framework, period=period)
    chosen = found.filter(run_id__startswith=run).order_by("-framework__version", "-cut", "-created_at").first()
    if chosen is None:
        raise Missing
    return chosen


def items(run: Run, subject: str | None = None) -> pl.DataFrame:
    """The stored items of a run, of all subjects or of one."""
    problem = files.check(run.items_path, run.items_sha256)
    if problem is not None:
        raise Refused(problem)
    frame = pl.scan_parquet(files.home() / run.items_path)
    if subject is None:
        return frame.collect()
    found = frame.filter(_is_subject(run, subject)).collect()
    if found.is_empty():
        raise _unknown(run, subject)
    return found


def explain(run: Run, subject: str) -> Told:
    """The explanation of one subject's score, from what was stored when it was computed."""
    must_have(run, subject)
    return opening.explain(run, subject)


def must_have(run: Run, subject: str) -> None:
    """Refuse a subject that a run did not score, with the nearest that it did."""
    if subject not in stored.lean(run).places:
        raise _unknown(run, subject)


def _unknown(run: Run, subject: str) -> Refused:
    known = run.results.values_list("subject", flat=True)
    message = f"{run.framework.code} did not score this {' x '.join(_kinds(run))} in {run.period}"
    return Refused(Problem("unknown-subject", message, found=subject, hint=did_you_mean(subject, known)))


def _kinds(run: Run) -> tuple[str, ...]:
    return framework_of(run.framework).subject


def _is_subject(run: Run, subject: str) -> pl.Expr:
    return pl.concat_str(list(_kinds(run)), separator=files.SEPARATOR) == subject


def why(before: Run, after: Run, subject: str) -> Trace:
    """Why one subject's total changed between two runs, by cause; the steps add up exactly."""
    for run in (before, after):
        must_have(run, subject)
    return trace(before, after, subject)
