"""A partner's latest facts without reading all of them: the newest pieces of the ledger first, until enough are found."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from functools import lru_cache

import polars as pl
from django.utils import timezone

from steelyard.calc.facts import FACTS
from steelyard.calc.measures.live import live_rows
from steelyard.calc.resolve import Histories
from steelyard.ledger.queries import parts, tip

from . import belonging
from .facts import resolved


def latest(partner: str, kind_name: str = "orders", count: int = 8) -> pl.DataFrame:
    """The newest rows that mean this partner on their own date, newest first; kept until the ledger moves."""
    return _latest(partner, kind_name, count, tip())


@lru_cache(maxsize=1_000)
def _latest(partner: str, kind_name: str, count: int, at: tuple[int, str]) -> pl.DataFrame:
    kind, kept = FACTS[kind_name], belonging.on(timezone.localdate())
    keys = {party for _source, party in kept.scope(frozenset({("partner", partner)})).parties}
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
    histories = _few(kept.histories, keys)
    return (
        resolved(live.lazy(), kind, parties=keys, only={partner}, histories=histories)
        .collect()
        .sort(day, "row_id", descending=True)
        .head(count)
    )


def _few(histories: Histories, keys: set[str]) -> Histories:
    """What is needed to tell whom a few keys mean."""
    aliases = histories.aliases.filter(pl.col("party").is_in(sorted(keys)))
    codes = sorted({*keys, *aliases["partner"].drop_nulls()})
    partners = histories.partners.filter(pl.col("code").is_in(codes))
    return replace(histories, partners=partners, aliases=aliases, assignments=histories.assignments.clear())
