"""A partner's latest orders: the last days of the ledger are kept in memory, and all of it is read for who has too few of them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from itertools import islice
from threading import Lock
from typing import Any

import polars as pl
from django.utils import timezone

from steelyard.calc.measures.live import live_rows
from steelyard.ledger.queries import Part, facts, parts, tip
from steelyard.ledger.scope import EVERYTHING, NOTHING

from . import belonging

KIND = "orders"
COLUMNS = ("row_id", "sign", "reverses_row_id", "source", "party", "date", "document", "line", "product", "quantity", "amount", "currency")
KEPT = 200_000  # rows of the last days, for all partners together

Row = dict[str, Any]


@dataclass(frozen=True)
class _Days:
    """All rows of the segments from a day on, sorted by party. A reversal has the day of what it takes back, so nothing before
    that day changes what counts after it."""

    at: tuple[int, str]
    since: date
    segments: frozenset[int]
    rows: pl.DataFrame
    places: dict[str, tuple[int, int]]
    tail: pl.DataFrame

    def of(self, parties: Collection[str]) -> pl.DataFrame:
        """The rows of some parties."""
        found = [self.rows.slice(*self.places[party]) for party in parties if party in self.places]
        if self.tail.height:
            found.append(self.tail.filter(pl.col("party").is_in(list(parties))))
        return pl.concat(found) if found else self.rows.clear()


_kept: _Days | None = None
_lock = Lock()


def latest(partner: str, count: int = 8) -> list[Row]:
    """The newest lines that mean this partner on their own date, newest first; kept until the ledger moves."""
    return _latest(partner, count, tip())


@lru_cache(maxsize=2_000)
def _latest(partner: str, count: int, at: tuple[int, str]) -> list[Row]:
    known = belonging.on(timezone.localdate())
    keys = sorted({party for _source, party in known.scope(frozenset({("partner", partner)})).parties})
    meant = known.meant

    def first(rows: Iterable[Row]) -> list[Row]:
        return list(islice((row for row in rows if meant.partner(row["source"], row["party"], row["date"]) == partner), count))

    found = first(_newest_first(_days(at).of(keys)))
    if len(found) == count:
        return found
    whole = facts(KIND, cut=at[0], scope=EVERYTHING, columns=COLUMNS).filter(pl.col("party").is_in(keys))
    return first(live_rows(whole).sort("date", "row_id", descending=True).collect().iter_rows(named=True))


def _newest_first(rows: pl.DataFrame) -> Iterator[Row]:
    """What counts of a few rows."""
    found = rows.rows(named=True)
    gone = {row["reverses_row_id"] for row in found if row["sign"] < 0}
    live = [row for row in found if row["sign"] > 0 and row["row_id"] not in gone]
    yield from sorted(live, key=lambda row: (row["date"], row["row_id"]), reverse=True)


def _days(at: tuple[int, str]) -> _Days:
    """The last days as of now; of what came since they were read only the new segments are read."""
    global _kept
    if _kept is None or _kept.at != at:
        with _lock:
            if _kept is None or _kept.at != at:
                _kept = _read(at, _kept)
    return _kept


def _read(at: tuple[int, str], kept: _Days | None) -> _Days:
    listed = parts(KIND, at[0])
    segments = {part.number: part for part in listed if part.fixed}
    tails = [part.scan(COLUMNS).collect() for part in listed if not part.fixed]
    added = [part for number, part in segments.items() if kept is None or number not in kept.segments]
    if kept is None or not kept.segments <= segments.keys() or kept.rows.height + sum(part.rows for part in added) > 2 * KEPT:
        kept, added = None, list(segments.values())
    since = _since(added) if kept is None else kept.since
    new = [part.scan(COLUMNS).filter(pl.col("date") >= since) for part in added]
    before = facts(KIND, scope=NOTHING, columns=COLUMNS) if kept is None else kept.rows.lazy()
    rows = pl.concat([before, *new]).sort("party").collect()
    counted = rows.group_by("party", maintain_order=True).len().select("party", pl.col("len").cum_sum() - pl.col("len"), size="len")
    places = {party: (start, size) for party, start, size in counted.iter_rows()}
    return _Days(at, since, frozenset(segments), rows, places, pl.concat(tails) if tails else rows.clear())


def _since(segments: Iterable[Part]) -> date:
    """The day from which on about as many rows are there as are kept; the newest day at least."""
    listed = [part.scan(["date"]) for part in segments]
    if not listed:
        return date.min
    days = pl.concat(listed).group_by("date").len().sort("date", descending=True).with_columns(pl.col("len").cum_sum()).collect()
    inside = days.filter(pl.col("len") <= KEPT)
    return date.min if inside.height == days.height else (inside["date"].min() or days["date"].max())  # type: ignore[return-value]
