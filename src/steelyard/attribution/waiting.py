"""The queue as columns: every key that means no partner yet, what hangs on it, most value first; a page of it at a time.

Facts are added up once for each part that never changes; a decision changes no fact, so after one only the keys that are
known by now are taken out anew. A hundred thousand waiting keys are columns here and never a list of objects.
"""

from __future__ import annotations

from dataclasses import dataclass
from threading import Lock

import polars as pl
from django.utils import timezone

from steelyard.calc.conversion import daily_ratios
from steelyard.calc.errors import Refused
from steelyard.calc.facts import FACTS
from steelyard.calc.matching.letters import same_letters as normalised
from steelyard.company.queries import rates, settings
from steelyard.ledger import queries as ledger
from steelyard.ledger.queries import Part
from steelyard.partners.queries import codes, decided_keys
from steelyard.ui.unchanged import unchanged

from .known import match_names

KEY = ["source", "party"]
_SUMS = {
    "source": pl.String(), "party": pl.String(), "party_name": pl.String(), "currency": pl.String(), "kind": pl.String(),
    "rows": pl.Int64(), "sum": pl.Int64(), "first": pl.Date(), "last": pl.Date(),
}  # fmt: skip
ORDERS = {"value": ["value", "rows"], "rows": ["rows", "value"]}


@dataclass(frozen=True)
class _Told:
    """What was so at a tip: the sums of all parties, every key with what hangs on it, and of these the ones that wait."""

    tip: tuple[int, str]
    parties: pl.DataFrame
    every: pl.DataFrame
    keys: pl.DataFrame


_parts: dict[str, pl.DataFrame] = {}  # hash of a segment -> its sums
_kept: list[_Told] = []
_lock = Lock()


def parties() -> pl.DataFrame:
    """Every party of every source as facts name it: name, currency, kind, net rows and sum, first and last day."""
    return _told().parties


def keys() -> pl.DataFrame:
    """The keys that wait: source, party, names, title, rows, first, last, kinds, amounts (currency, sum), value, called.

    ``value``: roughly, in the company's currency, to order by; ``called``: the name as it is compared, to find its like.
    """
    return _told().keys


def every() -> pl.DataFrame:
    """The same of every key there is, whether it waits or not."""
    return _told().every


def ordered(by: str = "value", words: str = "") -> pl.DataFrame:
    """The keys with the one that matters most first; ``words`` must all stand in its names or key."""
    return unchanged(("the queue", ledger.tip(), by, words), lambda: _ordered(by, words))


def _ordered(by: str, words: str) -> pl.DataFrame:
    found = keys()
    for word in normalised(words).split():
        found = found.filter(pl.col("sought").str.contains(word, literal=True))
    columns = ORDERS.get(by, ORDERS["value"])
    return found.sort([*columns, *KEY], descending=[True] * len(columns) + [False, False])


def sure() -> pl.DataFrame:
    """source, party, partner, rows of the waiting keys whose key or every name means exactly one partner, and the same one."""
    waits = keys()
    meant = match_names([*waits["party"], *waits["names"].explode().drop_nulls()])
    partner = [_agreed(party, names or [], meant) for party, names in waits.select("party", "names").iter_rows()]
    found = waits.select(*KEY, "rows").with_columns(partner=pl.Series(partner, dtype=pl.String))
    return found.drop_nulls("partner").select(*KEY, "partner", "rows").sort(KEY)


def _agreed(party: str, names: list[str], meant: dict[str, str]) -> str | None:
    told = {meant.get(name) for name in names}
    return meant.get(party) or (told.pop() if len(told) == 1 else None)


def _told() -> _Told:
    now = ledger.tip()
    with _lock:
        if not _kept or _kept[0].tip != now:
            last = _kept[0] if _kept else None
            if last is not None and _same_facts(last.tip, now):
                sums, every = last.parties, last.every
            else:
                sums = _summed()
                every = _keyed(sums)
            _kept[:] = [_Told(now, sums, every, _waiting(every))]
        return _kept[0]


def _same_facts(before: tuple[int, str], now: tuple[int, str]) -> bool:
    """Whether only histories were added between two tips of one chain, as decisions do."""
    if before[0] > now[0] or ledger.chain_hash(before[0]) != before[1]:
        return False
    return not ledger.facts_changed(before[0], now[0])


def _summed() -> pl.DataFrame:
    found, listed = [pl.DataFrame(schema=_SUMS)], set()
    for kind in map(FACTS.__getitem__, ledger.kinds_held()):
        if "party" not in kind.by_name or kind.name == "coverage":
            continue
        for part in ledger.parts(kind.name):
            name = part.segment.sha256 if part.fixed and part.segment is not None else ""
            listed.add(name)
            sums = _parts.get(name)
            if sums is None:
                sums = _of_part(part)
                if name:
                    _parts[name] = sums
            found.append(sums)
    for gone in _parts.keys() - listed:
        del _parts[gone]
    names = ["source", "party", "party_name", "currency", "kind"]
    every = pl.concat(found).group_by(names).agg(pl.col("rows", "sum").sum(), pl.col("first").min(), pl.col("last").max())
    return every.filter(pl.col("rows") > 0)


def _of_part(part: Part) -> pl.DataFrame:
    kind = FACTS[part.kind]
    amount = kind.by_name[kind.money_column] if kind.money_column else None
    money = amount.name if amount and amount.currency else None
    named = "party_name" if "party_name" in kind.by_name else None
    wanted = ["source", "party", "sign", named, kind.date, money, amount.currency if amount and money else None]
    rows = part.scan([name for name in wanted if name]).filter(pl.col("party").is_not_null())
    sign, nothing = pl.col("sign").cast(pl.Int64), pl.lit(None, dtype=pl.String)
    name = pl.col(named) if named else nothing
    currency = pl.col(amount.currency) if amount and money and amount.currency else nothing
    day = pl.col(kind.date) if kind.date else pl.lit(None, dtype=pl.Date)
    sums = rows.group_by("source", "party", name.alias("party_name"), currency.alias("currency")).agg(
        rows=sign.sum(), sum=(sign * pl.col(money)).sum() if money else pl.lit(0, dtype=pl.Int64).first(), first=day.min(), last=day.max()
    )
    return sums.with_columns(kind=pl.lit(part.kind)).select(pl.col(name).cast(kind_of) for name, kind_of in _SUMS.items()).collect()


def _waiting(every: pl.DataFrame) -> pl.DataFrame:
    decided = pl.DataFrame(decided_keys(), schema={"source": pl.String, "party": pl.String}, orient="row")
    everywhere = pl.concat([decided.filter(pl.col("source") == "")["party"], pl.Series("party", codes(), dtype=pl.String)])
    return every.join(decided, on=KEY, how="anti").join(everywhere.to_frame(), on="party", how="anti")


def _keyed(sums: pl.DataFrame) -> pl.DataFrame:
    money = sums.filter(pl.col("currency").is_not_null() & (pl.col("sum") != 0)).group_by(*KEY, "currency").agg(pl.col("sum").sum())
    worth = money.join(_ratios(money["currency"].unique().to_list()), on="currency", how="left").with_columns(
        (pl.col("sum") // 10_000 * pl.col("ratio").fill_null(0) // _FINE).alias("value")
    )
    amounts = worth.sort("currency").group_by(KEY, maintain_order=True).agg(
        pl.struct("currency", "sum").alias("amounts"), pl.col("value").sum()
    )  # fmt: skip
    told = sums.group_by(KEY).agg(
        pl.col("party_name").drop_nulls().unique().sort().alias("names"), pl.col("rows").sum(), pl.col("first").min(), pl.col("last").max(),
        pl.col("kind").unique().sort().alias("kinds"),
    )  # fmt: skip
    whole = told.join(amounts, on=KEY, how="left").with_columns(
        pl.col("value").fill_null(0), title=pl.coalesce(pl.col("names").list.first(), "party")
    )
    spoken = pl.concat_str(pl.col("names").list.join(" "), "party", separator=" ")
    texts = {"called": whole["title"], "sought": whole.select(spoken).to_series()}
    return whole.with_columns(**{name: _compared(series) for name, series in texts.items()})


def _compared(texts: pl.Series) -> pl.Series:
    return pl.Series([normalised(text) for text in texts], dtype=pl.String)


_FINE = 10**6


def _ratios(currencies: list[str]) -> pl.DataFrame:
    """What one unit of each currency is worth in the company's, in millionths, by the newest rate; null without one."""
    schema = {"currency": pl.String(), "ratio": pl.Int64()}
    try:
        target = settings()["reporting_currency"]
    except Refused:  # a company that was not set up orders by rows alone
        return pl.DataFrame(schema=schema)
    known, today = rates(), timezone.localdate()
    found = daily_ratios(known, None, target, currencies, today, today)
    rows = [
        (currency, None if top is None or not bottom else int(top) * _FINE // int(bottom))
        for currency, top, bottom in found.select("currency", "numerator", "denominator").iter_rows()
    ]
    return pl.DataFrame(rows, schema=schema, orient="row")
