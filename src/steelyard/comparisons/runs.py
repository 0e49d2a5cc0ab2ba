"""The scored periods that a workbook can be held against: of each the run in force, else the newest."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from steelyard.calc.errors import Missing
from steelyard.ledger.queries import kinds_held, parts
from steelyard.ledger.scope import Scope
from steelyard.scorecards import queries
from steelyard.scorecards.choosing import choose, exactly

if TYPE_CHECKING:
    from steelyard.scorecards.models import Run


LISTED_AT_ONCE = 100_000  # rows; with more the worker compares


def choices(scope: Scope) -> list[tuple[str, str]]:
    """(run, how people call it), newest period first."""
    first = choose(scope=scope)
    if first is None:
        return []
    found = []
    for framework in first.frameworks:
        whole = choose(framework.code, scope=scope)
        for period in whole.periods if whole is not None else ():
            one = choose(framework.code, period.label, scope=scope)
            if one is not None and one.period == period.label:
                state = _("published") if one.publication is not None else _("not published")
                found.append((period.start, one.run.run_id, f"{period.label} · {one.title} · {state}"))
    return [(run_id, text) for _start, run_id, text in sorted(found, key=lambda entry: entry[0], reverse=True)]


def in_sight(run_id: str, scope: Scope) -> Run:
    """A run that this person may hold a workbook against; else `Missing`."""
    run = run_named(run_id)
    exactly(run.framework.code, run.period, scope=scope)
    return run


def is_small() -> bool:
    """Whether so few facts are kept that a page may list those of a period while somebody waits."""
    return sum(part.rows for kind in kinds_held() for part in parts(kind)) <= LISTED_AT_ONCE


def run_named(run_id: str) -> Run:
    """The run of an id, or `Missing`."""
    found = queries.run_named(run_id)
    if found is None:
        raise Missing
    return found
