"""A partner's latest facts without reading all of them: the newest pieces of the ledger first, until enough are found."""

from __future__ import annotations

from datetime import date

import polars as pl
from django.utils import timezone

from steelyard.calc.facts import FACTS
from steelyard.calc.measures.live import live_rows
from steelyard.ledger.queries import parts

from . import belonging
from .facts import resolved


def latest(partner: str, kind_name: str = "orders", count: int = 8) -> pl.DataFrame:
    """The newest rows that mean this partner on their own date, newest first."""
    kind = FACTS[kind_name]
    keys = {party for _source, party in belonging.on(timezone.localdate()).scope(frozenset({("partner", partner)})).parties}
    listed = sorted(parts(kind_name), key=lambda part: part.last_date or date.max, reverse=True)
    found: list[pl.DataFrame] = []
    day = kind.date or ""
    for place, part in enumerate(listed):
        found.append(part.scan().filter(pl.col("party").is_in(sorted(keys))).collect())
        live = live_rows(pl.concat(found).lazy()).sort(day, "row_id", descending=True).head(count * 2).collect()
        older = listed[place + 1].last_date if place + 1 < len(listed) else None
        if live.height >= count and (older is None or older < live[day][count - 1]):
            break
    if not found or live.is_empty():
        return pl.DataFrame()
    return resolved(live.lazy(), kind, parties=keys, only={partner}).collect().sort(day, "row_id", descending=True).head(count)
