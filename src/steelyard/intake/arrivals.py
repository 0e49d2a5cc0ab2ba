"""When files of each source and kind came last, and whether the next one is late by their usual rhythm."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from itertools import pairwise
from typing import Literal

from django.utils import timezone

from .models import Batch

MOST = 2_000  # batches looked at, newest first
GAPS = 12  # distances between days that make a rhythm
LEAST_DAYS = 3  # days with files from which a rhythm is known


@dataclass(frozen=True, slots=True)
class Feed:
    """One source and kind. ``rhythm`` is the usual number of days between files; None while too few came to know it."""

    source: str
    kind: str
    last: datetime
    batch: int
    rows: int
    rhythm: int | None
    age: int  # whole days since the last file

    @property
    def state(self) -> Literal["fresh", "late", "unknown"]:
        """Late: the last file is older than twice the usual distance."""
        if self.rhythm is None:
            return "unknown"
        return "late" if self.age > 2 * self.rhythm else "fresh"


def feeds(now: datetime | None = None) -> list[Feed]:
    """Every source and kind that ever sent a file that landed; the late ones first, then by name."""
    today = timezone.localdate(now or timezone.now())
    rows = Batch.objects.filter(status=Batch.COMMITTED).order_by("-pk").values_list("source", "kind", "created_at", "pk", "rows_in")
    found: dict[tuple[str, str], tuple[datetime, int, int]] = {}
    days: dict[tuple[str, str], set[date]] = {}
    for source, kind, created_at, batch, rows_in in rows[:MOST]:
        found.setdefault((source, kind), (created_at, batch, rows_in))
        days.setdefault((source, kind), set()).add(timezone.localdate(created_at))
    feeds = []
    for (source, kind), (last, batch, rows_in) in found.items():
        age = (today - timezone.localdate(last)).days
        feeds.append(Feed(source, kind, last, batch, rows_in, _rhythm(days[source, kind]), age))
    return sorted(feeds, key=lambda feed: (feed.state != "late", feed.source, feed.kind))


def _rhythm(days: set[date]) -> int | None:
    """The median distance of the last days on which files came."""
    if len(days) < LEAST_DAYS:
        return None
    ordered = sorted(days)[-GAPS - 1 :]
    gaps = sorted((later - earlier).days for earlier, later in pairwise(ordered))
    return gaps[len(gaps) // 2]
