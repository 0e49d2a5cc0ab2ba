"""Every read of scorecards: runs, results, explanations, the rows behind a figure, why a score changed."""

from __future__ import annotations

import polars as pl

from steelyard.calc import change
from steelyard.calc.errors import Problem, Refused, did_you_mean
from steelyard.frameworks.queries import framework as framework_of

from . import files, opening, stored
from .models import Publication, Result, Run
from .opening import Told, rows_behind

__all__ = ["Told", "check_files", "explain", "items", "published", "results", "rows_behind", "runs", "why"]


def runs(framework: str | None = None) -> list[Run]:
    """All runs, newest first."""
    rows = Run.objects.select_related("framework")
    return list(rows.filter(framework__code=framework) if framework else rows)


def check_files() -> tuple[list[Problem], int]:
    """What is wrong with the files of runs, and how many were looked at.

    A file that is gone comes out the same when its period is scored again; only what is published must be there.
    """
    found: list[Problem] = []
    published = set(Publication.objects.values_list("run_id", flat=True))
    looked_at = 0
    for run in Run.objects.all():
        for path, sha256 in ((run.items_path, run.items_sha256), (run.readings_path, run.readings_sha256)):
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
    whose = [""] if subject is None else ["", subject]
    found = Publication.objects.filter(framework_code=framework, period=period, subject__in=whose)
    return found.select_related("run__framework").order_by("-pk").first()


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
    if subject not in stored.lean(run).places:
        raise _unknown(run, subject)
    return opening.explain(run, subject)


def _unknown(run: Run, subject: str) -> Refused:
    known = run.results.values_list("subject", flat=True)
    message = f"{run.framework.code} did not score this {' x '.join(_kinds(run))} in {run.period}"
    return Refused(Problem("unknown-subject", message, found=subject, hint=did_you_mean(subject, known)))


def _kinds(run: Run) -> tuple[str, ...]:
    return framework_of(run.framework).subject


def _is_subject(run: Run, subject: str) -> pl.Expr:
    return pl.concat_str(list(_kinds(run)), separator=files.SEPARATOR) == subject


def why(before: Run, after: Run, subject: str) -> change.Waterfall:
    """Why one subject's total changed between two runs; the steps add up exactly."""
    return change.why(items(before, subject), items(after, subject), framework_of(before.framework), framework_of(after.framework))
