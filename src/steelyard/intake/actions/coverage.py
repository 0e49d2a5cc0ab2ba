"""Coverage: which days a file, or a nil report, is complete for."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import polars as pl
from django.db import transaction
from django.utils import timezone

from steelyard.audit.actions import record
from steelyard.calc.errors import Problem, Refused, did_you_mean
from steelyard.calc.facts import FACTS
from steelyard.ledger import actions as ledger
from steelyard.ledger import queries as ledger_queries

from ..mappings import Covers
from ..models import Batch
from ..outcome import Outcome

if TYPE_CHECKING:
    from steelyard.accounts.models import User


def coverage_lines(covers: Covers, lines: int | None, received_on: date, *, nil: bool = False) -> pl.DataFrame:
    """One row of coverage, as the ledger stores it."""
    row = {
        "report": covers.report, "party": covers.party or None, "date": covers.first_day, "until": covers.last_day,
        "received_on": received_on, "nil": nil, "lines": lines, "source_row": 0,
    }  # fmt: skip
    kept = FACTS["coverage"].schema
    return pl.DataFrame([row], schema={name: kept.get(name, pl.Int64()) for name in row})


@transaction.atomic
def report_nil(*, kind: str, source: str, party: str = "", first_day: date, last_day: date, acting_user: User) -> Outcome:
    """Record that a partner (blank: every partner of the source) had nothing to report for these days."""
    if kind not in FACTS:
        raise Refused(Problem("unknown_kind", "no such kind of fact", "kind", f"`{kind}`", did_you_mean(kind, FACTS)))
    if last_day < first_day:
        raise Refused(Problem("period", "the last day is before the first", "until", f"{first_day} until {last_day}", "swap the days"))
    name = f"nil report of {kind}, {party or 'all partners'}, {first_day} until {last_day}"
    now = timezone.now()
    batch = Batch.objects.create(kind="coverage", source=source, name=name, reading="", created_at=now, actor=acting_user.username)
    lines = coverage_lines(Covers(kind, first_day, last_day, party), 0, timezone.localdate(), nil=True)
    posted = ledger.post("coverage", lines, source=source, batch=batch.pk, acting_user=acting_user, note=name)
    added = posted.new + posted.restated
    if not added:
        batch.delete()
    else:
        batch.rows_in = batch.accepted = 1
        batch.restated, batch.status, batch.finished_at, batch.cut = posted.restated, Batch.COMMITTED, now, posted.commit_seq
        batch.covers = {"report": kind, "from": str(first_day), "until": str(last_day), "party": party}
        batch.save()
        record(action="nil report", subject=f"batch:{batch.pk}", after=batch.covers, acting_user=acting_user)
    cut = posted.commit_seq or ledger_queries.head()
    number = batch.pk if added else None
    return Outcome(name, "coverage", source, number, 1, added, posted.restated, 0, 1 - added, 0, 0, 0, {}, cut)
