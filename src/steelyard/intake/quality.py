"""How good a feed is, by source and partner: how quickly it tells, how completely, how rightly, and how often it says otherwise."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

import polars as pl
from django.db.models import Sum

from steelyard.calc.facts import FACTS, Kind
from steelyard.ledger import queries as ledger
from steelyard.ledger.scope import EVERYTHING
from steelyard.partners import facts as partner_facts
from steelyard.partners import queries as partners

from .models import Batch
from .reconciling import KINDS

_SAME = (
    "source", "kind", "partner", "name", "rows", "days", "months", "of_months", "accepted", "refused", "restated", "last",
)  # fmt: skip


@dataclass(frozen=True)
class Feed:
    """What one source tells of one partner. ``days``: the median from a row's day to the day it was known; ``months`` with rows
    ``of_months`` since the source's first; ``accepted`` and ``refused`` rows of the source's files, which have no partner
    before they are right; ``restated``: rows that later lines corrected or took out."""

    source: str
    kind: str
    partner: str
    name: str
    rows: int
    days: int
    months: int
    of_months: int
    accepted: int
    refused: int
    restated: int
    last: date

    @property
    def completeness(self) -> int:
        """Months with rows, in the grain of percent."""
        return _share(self.months, self.of_months)

    @property
    def accuracy(self) -> int:
        """Rows of the source that were right, in the grain of percent."""
        return _share(self.accepted, self.accepted + self.refused)

    @property
    def restatement(self) -> int:
        """Rows corrected or taken out, of all that were told, in the grain of percent."""
        return _share(self.restated, self.rows + self.restated)

    def as_dict(self) -> dict[str, Any]:
        """Plain values."""
        return {name: getattr(self, name) for name in _SAME}


def _share(part: int, whole: int) -> int:
    return part * 10**9 // whole if whole else 0


def feeds() -> list[Feed]:
    """Every source and partner, kind by kind; partners that nobody decided on are left out."""
    names = dict(partners.names())
    kinds = [FACTS[name] for name in ledger.kinds_held() if name in KINDS]
    return [feed for kind in kinds if "party" in kind.by_name for feed in _feeds(kind, names)]


def _feeds(kind: Kind, names: dict[str, str]) -> list[Feed]:
    day = kind.date or "date"
    facts = ledger.facts(kind.name, scope=EVERYTHING, columns=["source", "party", day, "sign", "commit_seq"])
    rows = partner_facts.resolved(facts, kind, partner_facts.known_now()).filter(pl.col("partner").is_not_null())
    frame = rows.with_columns(pl.col("sign").cast(pl.Int64), pl.col(day).dt.month_start().alias("month")).collect()
    if frame.is_empty():
        return []
    known = {seq: commit.made_at.date() for seq, commit in ledger.commits(frame["commit_seq"].unique().to_list()).items()}
    since = pl.col("commit_seq").replace_strict(known, return_dtype=pl.Date)
    told = pl.col("sign") > 0
    first, last = pl.col("month").min().over("source"), pl.col("month").max().over("source")
    frame = frame.with_columns((since - pl.col(day)).dt.total_days().alias("days"), first.alias("first"), last.alias("last_month"))
    found = frame.group_by("source", "partner").agg(
        pl.col("sign").sum().alias("rows"), pl.col("days").filter(told).median().floor().cast(pl.Int64).alias("days"),
        pl.col("month").filter(told).n_unique().alias("months"), (~told).sum().alias("restated"), pl.col(day).max().alias("last"),
        pl.col("first").first(), pl.col("last_month").first(),
    ).sort("source", "partner")  # fmt: skip
    files = Batch.objects.filter(kind=kind.name, status=Batch.COMMITTED).values("source")
    counts = {one["source"]: (one["good"], one["bad"]) for one in files.annotate(good=Sum("accepted"), bad=Sum("quarantined"))}
    return [
        Feed(
            row["source"], kind.name, row["partner"], names.get(row["partner"], row["partner"]), row["rows"], row["days"] or 0,
            row["months"], _between(row["first"], row["last_month"]), *counts.get(row["source"], (0, 0)), row["restated"], row["last"],
        )
        for row in found.iter_rows(named=True)
    ]  # fmt: skip


def _between(first: date, last: date) -> int:
    return (last.year - first.year) * 12 + last.month - first.month + 1
