"""Sales that two systems tell of: pairs of rows that look like one sale, beside each other, with the money that counts twice.

Which rows these are is said by `calc.same_sale`. A pair is settled, and no longer listed, where one source is declared
authoritative for the kind, partner and day (then the other does not count), or somebody decided that they are two sales.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from threading import Lock
from typing import Any

import narwhals as nw
import polars as pl

from steelyard.calc.facts import FACTS, Kind
from steelyard.calc.masters import TOLD_OF_PARTNERS
from steelyard.calc.measures.authority import with_authority
from steelyard.calc.measures.live import live_rows
from steelyard.calc.resolve import Resolver
from steelyard.calc.same_sale import COMPARED, RULES, same_sales
from steelyard.calc.units import to_text
from steelyard.ledger import queries as ledger
from steelyard.ledger.scope import EVERYTHING
from steelyard.partners import facts as partner_facts
from steelyard.partners import queries as partners

from .checking import by_currency
from .models import DifferentSales

KINDS = tuple(name for name in TOLD_OF_PARTNERS if {"product", "amount"} <= set(FACTS[name].by_name))
_KEY = ["key_hash", "ordinal"]
_READ = ["row_id", "sign", "reverses_row_id", "source", "party", "batch", "source_row", *_KEY]
SIDE = ["source", "document", "line", "party", "product", "quantity", "unit", "amount", "currency", "batch", "source_row", *_KEY]
_PAIR = ["first_key", "first_ordinal", "second_key", "second_ordinal"]


@dataclass(frozen=True)
class Group:
    """What two systems tell alike of one partner. ``at_stake``: currency -> the smaller amounts of the pairs, added up."""

    kind: str
    partner: str
    name: str
    first: str
    second: str
    pairs: int
    sure: int  # of which also product and amount agree
    since: date
    until: date
    at_stake: dict[str, int]

    def as_dict(self) -> dict[str, Any]:
        """Plain values, money as decimal text."""
        same = ("kind", "partner", "name", "first", "second", "pairs", "sure", "since", "until")
        stake = {currency: to_text(amount, "money") for currency, amount in self.at_stake.items()}
        return {name: getattr(self, name) for name in same} | {"at_stake": stake}


@dataclass(frozen=True)
class Pair:
    """Two rows side by side; ``first`` and ``second`` have `SIDE`, numbers as stored."""

    kind: str
    rule: str
    partner: str
    day: date
    first: dict[str, Any]
    second: dict[str, Any]

    @property
    def at_stake(self) -> tuple[str, int] | None:
        """Currency and amount that counts twice if this is one sale: the smaller; None where there is no amount."""
        told = [(side["currency"] or "", side["amount"]) for side in (self.first, self.second) if side["amount"]]
        if not told:
            return None
        return min(told, key=lambda one: abs(one[1])) if len({currency for currency, _ in told}) == 1 else told[-1]

    def as_dict(self) -> dict[str, Any]:
        """Plain values, numbers as decimal text."""
        told = {name: getattr(self, name) for name in ("kind", "partner", "day", "rule")}
        return told | {"first": _plain(self.first), "second": _plain(self.second)}


def _plain(row: dict[str, Any]) -> dict[str, Any]:
    same = ("source", "document", "line", "party", "product", "currency", "batch", "source_row")
    numbers = (("quantity", "number"), ("amount", "money"))
    texts = {name: None if row[name] is None else to_text(row[name], unit) for name, unit in numbers}
    return {"row": row["row_id"], **{name: row[name] for name in same}, **texts}


def sources(kind: str) -> set[str]:
    """The systems that ever told facts of a kind."""
    return set(ledger.facts(kind, scope=EVERYTHING, columns=["source"]).unique().collect()["source"])


_kept: dict[str, tuple[tuple[int, str], pl.DataFrame]] = {}
_lock = Lock()


def groups() -> list[Group]:
    """Partners of whom two systems tell alike; the most pairs first."""
    kinds = [kind for kind in ledger.kinds_held() if kind in KINDS]
    names = dict(partners.names()) if any(_found(kind).height for kind in kinds) else {}
    found: dict[tuple[str, str, str, str], list[Pair]] = {}
    for kind in kinds:
        for pair in _pairs(kind, _open(kind)):
            found.setdefault((kind, pair.partner, pair.first["source"], pair.second["source"]), []).append(pair)
    told = [_group(key, pairs, names) for key, pairs in found.items()]
    return sorted(told, key=lambda group: (-group.pairs, group.kind, group.partner, group.first, group.second))


def group_of(pairs: list[Pair]) -> Group:
    """The pairs of one group as it is listed."""
    one = pairs[0]
    return _group((one.kind, one.partner, one.first["source"], one.second["source"]), pairs, dict(partners.names()))


def pairs(kind: str, partner: str, first: str, second: str) -> list[Pair]:
    """The pairs of one group, by day; none if there is no such group."""
    if kind not in KINDS:
        return []
    wanted = (pl.col("partner") == partner) & (pl.col("first.source") == first) & (pl.col("second.source") == second)
    return _pairs(kind, _open(kind).filter(wanted))


@dataclass(frozen=True)
class Alone:
    """What only one of two systems tells of a partner in the days of their pairs: it too would not count without its source."""

    source: str
    rows: int
    sums: dict[str, int]


def alone(group: list[Pair]) -> list[Alone]:
    """For both systems of a group, what is in none of its pairs."""
    one = group[0]
    kind, sources = FACTS[one.kind], [one.first["source"], one.second["source"]]
    within = pl.col(kind.date or "date").is_between(one.day, group[-1].day)
    rows = _told(kind, live_rows(_facts(kind).filter(within, pl.col("source").is_in(sources))).select(*_names(kind)))
    paired = [side["row_id"] for pair in group for side in (pair.first, pair.second)]
    rest = rows.filter(pl.col("partner") == one.partner, ~pl.col("row_id").is_in(paired))
    return [Alone(source, mine.height, by_currency(kind, mine)) for source in sources for mine in [rest.filter(pl.col("source") == source)]]


def beside_others(kind_name: str, lines: pl.DataFrame, source: str) -> pl.DataFrame:
    """The pairs that new lines of a source would make with rows of other sources that stand; columns source, amount, currency.

    Nothing is read where no other source ever sent this kind.
    """
    kind = FACTS[kind_name]
    if kind_name not in KINDS or not lines.height or kind.date is None or not _others(kind, source):
        return pl.DataFrame()
    days = lines.get_column(kind.date)
    theirs = _facts(kind).filter(pl.col("source") != source, pl.col(kind.date).is_between(days.min(), days.max()))
    ours = lines.select(pl.col(name) for name in COMPARED if name in lines.columns).with_columns(
        (-1 - pl.int_range(pl.len(), dtype=pl.Int64)).alias("row_id"), pl.lit(source).alias("source"), lines.get_column("party")
    )
    rows = pl.concat([live_rows(theirs).select(*_names(kind)).collect(), ours], how="diagonal")
    told = _told(kind, rows.lazy())
    met = same_sales(_compared(told)).filter(pl.min_horizontal("first", "second") < 0)
    other = pl.max_horizontal("first", "second").alias("row_id")
    return met.select(other).join(told.select("row_id", "source", "amount", "currency"), on="row_id")


def _others(kind: Kind, source: str) -> bool:
    return any(part.scan(["source"]).filter(pl.col("source") != source).head(1).collect().height for part in ledger.parts(kind.name))


def _open(kind: str) -> pl.DataFrame:
    """The pairs that nobody settled."""
    found = _found(kind)
    decided = list(DifferentSales.objects.filter(kind=kind).values_list(*_PAIR)) if found.height else []
    if not decided:
        return found
    keys = [name.replace("_key", ".key_hash").replace("_ordinal", ".ordinal") for name in _PAIR]
    schema = {name: found.schema[name] for name in keys}
    return found.join(pl.DataFrame(decided, schema=schema, orient="row"), on=keys, how="anti")


def _found(kind: str) -> pl.DataFrame:
    """Every pair of a kind where no source is authoritative; read once, and again only after the ledger has moved."""
    now = ledger.tip()
    with _lock:
        if kind not in _kept or _kept[kind][0] != now:
            _kept[kind] = (now, _look(FACTS[kind]))
        return _kept[kind][1]


def _look(kind: Kind) -> pl.DataFrame:
    sources = {source for part in ledger.parts(kind.name) for source in part.scan(["source"]).unique().collect().to_series()}
    facts = _facts(kind) if len(sources) > 1 else _facts(kind).limit(0)
    rows = _told(kind, live_rows(facts).select(*_names(kind)))
    met = same_sales(_compared(rows))
    sides = [rows.select(pl.all().name.prefix(f"{side}.")) for side in ("first", "second")]
    both = met.join(sides[0], left_on="first", right_on="first.row_id").join(sides[1], left_on="second", right_on="second.row_id")
    day = pl.col("first.date").alias("date")
    return both.with_columns(pl.col("first.partner").alias("partner"), day).sort("date", "first.document", "first.line", "first")


def _facts(kind: Kind) -> pl.LazyFrame:
    return ledger.facts(kind.name, scope=EVERYTHING)


def _names(kind: Kind) -> list[str]:
    return list(dict.fromkeys([*_READ[:1], *_READ[3:], *(name for name in COMPARED if name in kind.by_name)]))


def _told(kind: Kind, rows: pl.LazyFrame) -> pl.DataFrame:
    """The rows with their partner, as far as their source counts for it on their day; columns that the kind lacks are null."""
    resolver = Resolver(partners.histories())
    told = with_authority(nw.from_native(partner_facts.resolved(rows, kind, resolver)), kind, resolver).to_native()
    if "#told" in told.collect_schema().names():
        told = told.filter(pl.col("#told"))
    frame: pl.DataFrame = told.drop("#told", strict=False).collect()
    numbers = ("quantity", "amount")
    lacking = [name for name in dict.fromkeys((*COMPARED, *SIDE)) if name not in frame.columns]
    return frame.with_columns(pl.lit(None, dtype=pl.Int64 if name in numbers else pl.String).alias(name) for name in lacking)


def _compared(rows: pl.DataFrame) -> pl.DataFrame:
    return rows.select(COMPARED)


def _pairs(kind: str, found: pl.DataFrame) -> list[Pair]:
    return [
        Pair(
            kind, row["rule"], row["partner"], row["date"],
            *({name: row[f"{side}.{name}"] for name in SIDE} | {"row_id": row[side]} for side in ("first", "second")),
        )
        for row in found.iter_rows(named=True)
    ]  # fmt: skip


def _group(key: tuple[str, str, str, str], pairs: list[Pair], names: dict[str, str]) -> Group:
    kind, partner, first, second = key
    stake: dict[str, int] = {}
    for pair in pairs:
        if pair.at_stake is not None:
            currency, amount = pair.at_stake
            stake[currency] = stake.get(currency, 0) + amount
    sure = sum(pair.rule == next(iter(RULES)) for pair in pairs)
    return Group(
        kind,
        partner,
        names.get(partner, partner),
        first,
        second,
        len(pairs),
        sure,
        pairs[0].day,
        pairs[-1].day,
        dict(sorted(stake.items())),
    )
