"""Names that mean no partner yet, one at a time: what hangs on each, and which partners are called alike."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import polars as pl

from steelyard.calc.matching.letters import same_letters as normalised
from steelyard.partners import queries as partners

from . import waiting
from .asking import nearest
from .waiting import KEY

NEAREST = 3  # partners offered for a name
_FOUND = 6  # partners that a search offers
_TOGETHER = 400  # keys of one question; databases limit how many values it may have
Key = tuple[str, str]  # source, party


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
    keys: tuple[str, ...] = ()  # how this source calls it already
    currencies: tuple[str, ...] = ()  # of these lines
    probability: int | None = None  # as the model sees it, in the grain of percents


def of_row(row: dict[str, Any]) -> Name:
    """A row of the queue as a name."""
    amounts = tuple((one["currency"], one["sum"]) for one in row["amounts"] or ())
    return Name(row["source"], row["party"], tuple(row["names"]), row["rows"], row["first"], row["last"], amounts, tuple(row["kinds"]))


def some(frame: pl.DataFrame) -> list[Name]:
    """Rows of the queue as names."""
    return [of_row(row) for row in frame.iter_rows(named=True)]


def find(source: str, party: str, *, also_decided: bool = False) -> Name | None:
    """The name with this key among those that wait, or among all."""
    known = waiting.every() if also_decided else waiting.keys()
    found = known.filter((pl.col("source") == source) & (pl.col("party") == party))
    return some(found)[0] if found.height else None


def called(keys: Iterable[Key]) -> dict[Key, list[str]]:
    """Key -> its names, of those that facts name, decided or not; a key without any is called by itself."""
    wanted = pl.DataFrame(list(keys), schema=dict.fromkeys(KEY, pl.String), orient="row")
    found = waiting.every().join(wanted, on=KEY, how="semi").select(*KEY, "names")
    return {(source, party): list(own) or [party] for source, party, own in found.iter_rows()}


def called_alike(name: Name) -> list[Name]:
    """The other names that wait and are called exactly the same, whatever their key or source."""
    known = waiting.keys()
    same = known.filter(
        (pl.col("called") == normalised(name.title)) & ~((pl.col("source") == name.source) & (pl.col("party") == name.party))
    )
    return some(same.sort(KEY))


def candidates(name: Name, search: str = "") -> list[Candidate]:
    """The partners nearest by name, as the model sees them; with words to search for, those whose name, code or city has them all."""
    likely: dict[str, int] = {}
    if search.split():
        rows = _holding(search, _FOUND)
    else:
        likely = nearest(list(name.names) or [name.party], NEAREST)
        listing = partners.listing("partners").filter(pl.col("code").is_in(list(likely)))
        rows = sorted(listing.iter_rows(named=True), key=lambda row: list(likely).index(row["code"]))
    spoken = [_grams(text) for text in (*name.names, name.party)]
    lines = _lines_of([row["code"] for row in rows], name.source)
    nothing: tuple[int, None, tuple[str, ...], tuple[str, ...]] = (0, None, (), ())
    return [
        Candidate(
            row["code"], row["name"], max(_alike(one, _grams(row["name"])) for one in spoken) if likely else None,
            {key: row[key] or "" for key in ("city", "country", "type", "territory", "status")}, *lines.get(row["code"], nothing),
            probability=likely.get(row["code"]),
        )
        for row in rows
    ]  # fmt: skip


def candidate(name: Name, code: str) -> Candidate:
    """One partner beside a name, whatever the model says of it."""
    row = partners.listing("partners").filter(pl.col("code") == code).row(0, named=True)
    values = {key: row[key] or "" for key in ("city", "country", "type", "territory", "status")}
    return Candidate(code, row["name"], None, values, *_lines_of([code], name.source).get(code, (0, None, (), ())))


def searched(words: str, most: int) -> list[dict[str, Any]]:
    """The partners whose name, code or town hold all the words, by name."""
    return _holding(words, most) if words.split() else []


def nearest_of(frame: pl.DataFrame, most: int) -> list[dict[str, Any]]:
    """The partners nearest to the first of some rows of the queue."""
    near = candidates(some(frame)[0])[:most] if frame.height else []
    return [{"code": one.code, "name": one.name, "city": one.values["city"], "country": one.values["country"]} for one in near]


def _holding(words: str, most: int) -> list[dict[str, Any]]:
    wanted = words.casefold().split()
    rows = [row for row in partners.listing("partners").iter_rows(named=True) if _has(row, wanted)]
    return sorted(rows, key=lambda row: row["name"].casefold())[:most]


def _has(row: dict[str, Any], words: Sequence[str]) -> bool:
    text = " ".join(str(row[key] or "") for key in ("code", "name", "city", "country")).casefold()
    return all(word in text for word in words)


def _grams(text: str) -> frozenset[str]:
    padded = f"  {normalised(text)} "
    return frozenset(padded[place : place + 3] for place in range(len(padded) - 2))


def _alike(one: frozenset[str], other: frozenset[str]) -> int:
    """What two texts share of their groups of three letters, in whole percent."""
    return 200 * len(one & other) // (len(one) + len(other))


def _lines_of(codes: Sequence[str], source: str) -> dict[str, tuple[int, date | None, tuple[str, ...], tuple[str, ...]]]:
    """Partner -> lines of this source that mean it already, since when, under which keys and in which currencies."""
    parties = waiting.parties().filter(pl.col("source") == source)
    keys: dict[str, set[str]] = {code: {code} for code in codes}
    for party, partner in partners.keys_of(codes, source=source):
        keys[partner].add(party)
    found = {}
    for code in codes:
        mine = parties.filter(pl.col("party").is_in(list(keys[code])))
        if mine.height:
            used = tuple(sorted(mine["party"].unique()))
            found[code] = (int(mine["rows"].sum()), mine["first"].min(), used, tuple(sorted(mine["currency"].drop_nulls().unique())))
    return found  # type: ignore[return-value]


def sure() -> dict[tuple[str, str], str]:
    """(source, party) -> partner, for the names that exactly one partner bears."""
    return {(source, party): partner for source, party, partner in waiting.sure().select(*KEY, "partner").iter_rows()}


def certainty(name: Name, code: str) -> tuple[int | None, int | None]:
    """How likely the model holds a partner to be, and how far the next one is behind, in the grain of percents; if it says."""
    near = {one.code: one.probability for one in candidates(name) if one.probability is not None}
    if code not in near:
        return None, None
    others = [likely for other, likely in near.items() if other != code]
    return near[code], near[code] - max(others, default=0)


def together(keys: Iterable[Key]) -> Iterator[list[Key]]:
    """Keys as many at a time as one question asks for."""
    listed = list(keys)
    for start in range(0, len(listed), _TOGETHER):
        yield listed[start : start + _TOGETHER]


def last_words(keys: Iterable[Key]) -> dict[Key, Any]:
    """Key -> the newest row of history about exactly it, of those with any."""
    found: dict[Key, Any] = {}
    for some in together(keys):
        wanted = set(some)
        for row in partners.alias_history().filter(party__in={party for _source, party in some}).order_by("pk"):
            if (row.source, row.party) in wanted:
                found[row.source, row.party] = row
    return found


def total(names: Iterable[Name]) -> tuple[int, list[tuple[str, int]]]:
    """Rows of some names together, and their amounts by currency."""
    rows, money = 0, dict[str, int]()
    for name in names:
        rows += name.rows
        for currency, amount in name.amounts:
            money[currency] = money.get(currency, 0) + amount
    return rows, sorted(money.items())
