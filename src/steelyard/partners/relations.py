"""One partner among the others: its territory and representative over time, who is above, below and affiliated with it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta

import polars as pl
from django.utils import timezone

from . import belonging


@dataclass(frozen=True, slots=True)
class Span:
    """From when to when a partner lay in a territory and was looked after by somebody; both ends may be open."""

    since: date | None
    until: date | None  # the first day on which it is no longer so
    territory: str | None
    territory_name: str | None
    representative: str | None
    representative_name: str | None
    status: str | None
    now: bool

    @property
    def last(self) -> date | None:
        """The last day on which it was so."""
        return self.until - timedelta(days=1) if self.until else None


@dataclass(frozen=True, slots=True)
class Related:
    """Another partner and what it is to this one."""

    code: str
    name: str
    role: str
    since: date | None = None
    until: date | None = None


def spans(partner: str) -> list[Span]:
    """Where a partner lay and who looked after it, as scoring credits it, newest first."""
    today = timezone.localdate()
    kept = belonging.on(today)
    names = kept.names
    found: list[Span] = []
    rows = kept.over_time.filter(pl.col("partner") == partner, pl.col("partner.name").is_not_null())
    for row in rows.sort("valid_from", nulls_last=False).iter_rows(named=True):
        since = None if row["valid_from"] in (None, date.min) else row["valid_from"]
        until = None if row["valid_to"] in (None, date.max) or row["valid_to"].year > 9000 else row["valid_to"]
        where, who = row["own_territory"], row["assigned"]
        territory, person = names["territory"].get(where or ""), names["representative"].get(who or "")
        span = Span(since, until, where, territory, who, person, row["partner.status"], _holds(since, until, today))
        if found and (found[-1].territory, found[-1].representative, found[-1].status) == (where, who, span.status):
            former = found.pop()
            span = replace(former, until=until, now=former.now or span.now)
        found.append(span)
    return found[::-1]


def _holds(since: date | None, until: date | None, today: date) -> bool:
    """Whether a day lies between two ends, either of which may be open."""
    return (since is None or since <= today) and (until is None or until > today)


def hierarchy(partner: str) -> tuple[Related | None, list[Related]]:
    """The partner above, and those directly below, as it is today."""
    today = timezone.localdate()
    kept = belonging.on(today)
    held = kept.histories.partners.filter(
        (pl.col("valid_from").is_null() | (pl.col("valid_from") <= today)) & (pl.col("valid_to").is_null() | (pl.col("valid_to") > today))
    )
    above = held.filter(pl.col("code") == partner)["parent"].to_list()
    names = kept.names["partner"]
    parent = Related(above[0], names.get(above[0], above[0]), "above") if above and above[0] else None
    below = held.filter(pl.col("parent") == partner).sort("code")
    return parent, [Related(code, name, "below") for code, name in below.select("code", "name").iter_rows()]


def affiliations(partner: str) -> list[Related]:
    """The people affiliated with an organisation, or the organisations of a person."""
    kept = belonging.on(timezone.localdate())
    names, found = kept.names["partner"], []
    for own, other in (("organisation", "person"), ("person", "organisation")):
        for row in kept.affiliations.filter(pl.col(own) == partner).sort(other, "valid_from", nulls_last=False).iter_rows(named=True):
            found.append(Related(row[other], names.get(row[other], row[other]), row["role"] or "", row["valid_from"], row["valid_to"]))
    return found
