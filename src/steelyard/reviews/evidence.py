"""What a review rests on: the newest run of its period, and what that run says of its subject."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from steelyard.calc.errors import Refused
from steelyard.frameworks.queries import framework as framework_of
from steelyard.frameworks.queries import version as version_of
from steelyard.scorecards import limits
from steelyard.scorecards import queries as scorecards

if TYPE_CHECKING:
    from steelyard.scorecards.models import Run

    from .models import Review


@dataclass(frozen=True)
class Evidence:
    """A run as far as one review is concerned. ``digest``: of all items of the subject, so equal digests are equal scores."""

    run: Run
    total: int | None
    level: str
    no_data: str
    digest: str


def newest_run(framework: str, period: str) -> Run | None:
    """The newest run of a period: of the newest version, at the newest cut."""
    found = [run for run in scorecards.runs(framework) if run.period == period]
    return max(found, key=lambda run: (run.framework.version, run.cut, run.created_at), default=None)


def outcomes(run: Run) -> dict[str, tuple[int | None, str]]:
    """Total and level of every subject of a run."""
    return {result.subject: (result.total, result.level or "") for result in scorecards.results(run)}


def evidence(review: Review, run: Run | None = None) -> Evidence | None:
    """What the newest run (or the one given) says of this review's subject; None if it was not scored."""
    chosen = run or newest_run(review.cycle.framework, review.cycle.period)
    if chosen is None:
        return None
    result = chosen.results.filter(subject=review.subject).first()
    if result is None:
        return None
    try:
        items = scorecards.items(chosen, review.subject)
    except Refused:
        return None  # the run's file is gone; it comes out the same when the period is scored again
    digest = hashlib.sha256(items.write_csv().encode()).hexdigest()
    return Evidence(chosen, result.total, result.level or "", result.no_data, digest)


def is_pending(review: Review, found: Evidence | None) -> bool:
    """Whether the ratings are in the ledger but not yet in the score."""
    return found is None or found.run.cut < review.rated_seq


def level_names(framework: str) -> list[str]:
    """The levels of a framework's newest version, best first."""
    return limits.names(framework_of(version_of(framework)))
