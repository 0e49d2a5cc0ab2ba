"""Names that mean no partner yet, with what hangs on each: rows, amounts, days; and which partners are called alike."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from threading import Lock
from typing import Any

import polars as pl

from steelyard.audit.queries import entries
from steelyard.calc.facts import FACTS
from steelyard.ledger import queries as ledger
from steelyard.ledger.scope import EVERYTHING
from steelyard.partners import queries as partners

from .actions.matching import match_parties
from .exact import normalised
from .unmatched import unmatched

DECIDED = "name decided"  # in the audit trail
_ALIKE = 25  # percent: less is no candidate
NEAREST = 3  # candidates shown beside a name
_FOUND = 12  # partners that a search offers


@dataclass(frozen=True)
class Name:
    """One party key of a source that means no partner yet."""

    source: str
    party: str
    names: tuple[str, ...]
    rows: int
    first: date | None
    last: date | None
    amounts: tuple[tuple[str, int], ...]  # currency, grains
    kinds: tuple[str, ...]

    @property
    def title(self) -> str:
        """What to call it: its name, else its key."""
        return self.names[0] if self.names else self.party


@dataclass(frozen=True)
class Candidate:
    """A partner that may be meant, and how much its name is alike in whole percent (None: found by a search)."""

    code: str
    name: str
    alike: int | None
    values: dict[str, str]
    rows: int  # lines of this source that mean it already
    since: date | None


@dataclass(frozen=True)
class _Known:
    tip: tuple[int, str]
    unmatched: pl.DataFrame
    parties: pl.DataFrame


_kept: list[_Known] = []
_lock = Lock()


def _known() -> _Known:
    """Read once, and again only after the ledger has moved."""
    now = ledger.tip()
    with _lock:
        if not _kept or _kept[0].tip != now:
            _kept[:] = [_Known(now, unmatched(), _parties())]
        return _kept[0]


def waiting() -> pl.DataFrame:
    """What waits, as `unmatched` tells it."""
    return _known().unmatched


def _parties() -> pl.DataFrame:
    """Every party of every source: kind, currency, rows, sum, first and last day."""
    frames = []
    for kind in FACTS.values():
        if "party" not in kind.by_name or kind.name == "coverage":
            continue
        amount = kind.by_name[kind.money_column] if kind.money_column else None
        currency = amount.currency if amount else None
        wanted = ["source", "party", "sign", *([kind.date] if kind.date else []), *([amount.name, currency] if amount and currency else [])]
        facts = ledger.facts(kind.name, scope=EVERYTHING, columns=wanted)
        sign = pl.col("sign").cast(pl.Int64)
        code = pl.col(currency) if currency else pl.lit(None, dtype=pl.String)
        total = (sign * pl.col(amount.name)).sum() if amount and currency else pl.lit(0, dtype=pl.Int64)
        day = pl.col(kind.date) if kind.date else pl.lit(None, dtype=pl.Date)
        grouped = facts.filter(pl.col("party").is_not_null()).group_by("source", "party", code.alias("currency")).agg(
            sign.sum().alias("rows"), total.alias("sum"), day.min().alias("first"), day.max().alias("last")
        )  # fmt: skip
        frames.append(grouped.filter(pl.col("rows") > 0).with_columns(pl.lit(kind.name).alias("kind")).collect())
    return pl.concat(frames)


def queue() -> list[Name]:
    """Every name that waits, the one with most rows first."""
    known = _known()
    if known.unmatched.is_empty():
        return []
    keys = ["source", "party"]
    spoken = known.unmatched.group_by(keys).agg(
        pl.col("party_name").drop_nulls().unique().sort().alias("names"), pl.col("rows").sum(), pl.col("first").min(), pl.col("last").max()
    )  # fmt: skip
    sums = known.parties.join(spoken.select(keys), on=keys)
    money: dict[tuple[str, str], dict[str, int]] = {}
    kinds: dict[tuple[str, str], set[str]] = {}
    for row in sums.iter_rows(named=True):
        key = (row["source"], row["party"])
        kinds.setdefault(key, set()).add(row["kind"])
        if row["currency"] is not None and row["sum"]:
            own = money.setdefault(key, {})
            own[row["currency"]] = own.get(row["currency"], 0) + row["sum"]
    found = [
        Name(
            row["source"], row["party"], tuple(row["names"]), row["rows"], row["first"], row["last"],
            tuple(sorted(money.get(key, {}).items())), tuple(sorted(kinds.get(key, ()))),
        )
        for row in spoken.iter_rows(named=True)
        if (key := (row["source"], row["party"]))
    ]  # fmt: skip
    return sorted(found, key=lambda name: (-name.rows, name.source, name.party))


def sure() -> dict[tuple[str, str], str]:
    """(source, party) -> partner, for the names that exactly one partner bears."""
    waits = waiting()
    if waits.is_empty():
        return {}
    return {
        (str(source), party): partner
        for (source,), parties in waits.partition_by("source", as_dict=True).items()
        for party, partner in match_parties(parties, source=str(source))[1].items()
    }


def candidates(name: Name, search: str = "") -> list[Candidate]:
    """The partners nearest by name; with words to search for, those whose name, code or city has them all."""
    listing = partners.listing("partners")
    words = search.casefold().split()
    if words:
        rows = [row for row in listing.iter_rows(named=True) if _has(row, words)]
        best: list[tuple[int | None, dict[str, Any]]] = [
            (None, row) for row in sorted(rows, key=lambda row: row["name"].casefold())[:_FOUND]
        ]
    else:
        spoken = [_grams(text) for text in (*name.names, name.party)]
        scored = [(max(_alike(one, _grams(row["name"])) for one in spoken), row) for row in listing.iter_rows(named=True)]
        scored = [pair for pair in scored if pair[0] >= _ALIKE]
        best = [*sorted(scored, key=lambda pair: (-pair[0], pair[1]["name"]))[:NEAREST]]
    lines = _lines_of([row["code"] for _alike_by, row in best], name.source)
    return [
        Candidate(
            row["code"], row["name"], alike, {key: row[key] or "" for key in ("city", "country", "type", "territory", "status")},
            *lines.get(row["code"], (0, None)),
        )
        for alike, row in best
    ]  # fmt: skip


def _has(row: dict[str, Any], words: Sequence[str]) -> bool:
    text = " ".join(str(row[key] or "") for key in ("code", "name", "city", "country")).casefold()
    return all(word in text for word in words)


def _grams(text: str) -> frozenset[str]:
    padded = f"  {normalised(text)} "
    return frozenset(padded[place : place + 3] for place in range(len(padded) - 2))


def _alike(one: frozenset[str], other: frozenset[str]) -> int:
    """What two texts share of their groups of three letters, in whole percent."""
    return 200 * len(one & other) // (len(one) + len(other))


def _lines_of(codes: Sequence[str], source: str) -> dict[str, tuple[int, date | None]]:
    """Partner -> lines of this source that mean it already, and since when."""
    parties = _known().parties.filter(pl.col("source") == source)
    aliases = partners.listing("aliases").filter(pl.col("source").fill_null("").is_in(["", source]) & pl.col("partner").is_in(list(codes)))
    keys: dict[str, set[str]] = {code: {code} for code in codes}
    for party, partner in aliases.select("party", "partner").iter_rows():
        keys[partner].add(party)
    found = {}
    for code in codes:
        mine = parties.filter(pl.col("party").is_in(list(keys[code])))
        if mine.height:
            found[code] = (int(mine["rows"].sum()), mine["first"].min())
    return found  # type: ignore[return-value]


def decided(most: int = 8) -> list[dict[str, Any]]:
    """The last decisions of people about names, newest first: who, when, what; and whether each still stands."""
    newest = list(entries(action=DECIDED).order_by("-pk")[:most])
    names = dict(partners.listing("partners").select("code", "name").iter_rows())
    standing = {
        (source or "", party): partner or ""
        for source, party, partner in partners.listing("aliases").select("source", "party", "partner").iter_rows()
    }
    told = []
    for entry in newest:
        after = entry.after or {}
        key = (after.get("source", ""), after.get("party", ""))
        partner = after.get("partner", "")
        told.append(
            {**after, "name": names.get(partner, partner), "by": entry.actor, "at": entry.made_at, "stands": standing.get(key) == partner}
        )
    return told


def find(names: Iterable[Name], source: str, party: str) -> Name | None:
    """The name with this key among those that wait."""
    return next((name for name in names if (name.source, name.party) == (source, party)), None)
