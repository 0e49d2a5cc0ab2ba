"""Whom a key means on a day, in memory: for looking up a few rows without a join."""

from __future__ import annotations

from collections import defaultdict
from datetime import date

import polars as pl

from steelyard.calc.lookups import FOR_EVER
from steelyard.calc.resolve import Histories, Resolver

OTHER = "\x00"  # stands for every source that has no alias of its own

Span = tuple[date, date, str | None]  # since, until, partner


def sources_of(histories: Histories) -> list[str]:
    """The sources that have aliases of their own."""
    return sorted(source for source in histories.aliases["source"].fill_null("").unique() if source)


class Meant:
    """The keys that have aliases, resolved for all time as scoring resolves them; any other key means the partner with that code."""

    def __init__(self, histories: Histories) -> None:
        self._codes = frozenset(histories.partners["code"])
        self._sources = frozenset(sources_of(histories))
        self._aliased = frozenset(histories.aliases["party"])
        self._spans: dict[tuple[str, str], list[Span]] = defaultdict(list)
        lookup = Resolver(histories).parties([*sources_of(histories), OTHER])
        wanted = lookup.filter(pl.col("party").is_in(sorted(self._aliased)))
        for source, party, *span in wanted.select("source", "party", "valid_from", "valid_to", "partner").iter_rows():
            self._spans[source, party].append((span[0], span[1], span[2]))

    def partner(self, source: str | None, party: str, day: date | None) -> str | None:
        """The partner that the key meant; without a day what it came to mean in the end."""
        if party not in self._aliased:
            return party if party in self._codes else None
        on = day or FOR_EVER
        spans = self._spans[source if source in self._sources else OTHER, party]
        return next((partner for since, until, partner in spans if since <= on and (on < until or until == FOR_EVER)), None)
