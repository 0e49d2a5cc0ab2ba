"""Party keys of live facts that mean no partner yet: their lines count nowhere until somebody says who they are."""

from __future__ import annotations

import polars as pl

from steelyard.calc.facts import FACTS
from steelyard.ledger import queries as ledger
from steelyard.ledger.scope import EVERYTHING

from .exact import match

_KEYS = {"source": pl.String(), "party": pl.String()}
_SCHEMA = {
    "source": pl.String(),
    "party": pl.String(),
    "party_name": pl.String(),
    "rows": pl.Int64(),
    "first": pl.Date(),
    "last": pl.Date(),
}


_called: dict[str, dict[str, pl.DataFrame]] = {}  # kind -> the segments that were read last, by their hash -> the keys in each


def unmatched(cut: int | None = None) -> pl.DataFrame:
    """source, party, party_name, rows, first and last date of the lines that wait; one row for each name of a key.

    Nearly every key is known: they are found first, and only the lines of the others are read whole.
    """
    kinds = [name for name, kind in FACTS.items() if "party" in kind.by_name and name != "coverage"]
    called = {name: _keys(name, cut) for name in kinds}
    waiting = pl.concat(
        [
            keys.filter(~pl.col("party").is_in(_exact(keys["party"], str(source))))
            for (source,), keys in pl.concat(list(called.values())).unique().partition_by("source", as_dict=True).items()
        ]
        or [pl.DataFrame(schema=_KEYS)]
    )
    lines = [_lines(name, cut, waiting) for name, keys in called.items() if not keys.join(waiting, on=["source", "party"]).is_empty()]
    names = ["source", "party", "party_name"]
    every = pl.concat([pl.DataFrame(schema=_SCHEMA), *lines]).group_by(names)
    return every.agg(pl.col("rows").sum(), pl.col("first").min(), pl.col("last").max()).sort(names, nulls_last=True)


def _exact(parties: pl.Series, source: str) -> list[str]:
    return [party for party, one in match(parties.to_list(), source=source).items() if one.method != "name"]


def _keys(kind_name: str, cut: int | None) -> pl.DataFrame:
    """source and party of every line; of parts that never change they are read once."""
    known, kept, found = _called.get(kind_name, {}), {}, [pl.DataFrame(schema=_KEYS)]
    for part in ledger.parts(kind_name, cut):
        name = part.segment.sha256 if part.fixed and part.segment is not None else ""
        keys = known[name] if name in known else part.scan(["source", "party"]).unique().drop_nulls("party").collect()
        if name:
            kept[name] = keys
        found.append(keys)
    _called[kind_name] = kept
    return pl.concat(found).unique()


def _lines(kind_name: str, cut: int | None, waiting: pl.DataFrame) -> pl.DataFrame:
    """The lines of the keys that wait, as far as they count."""
    kind = FACTS[kind_name]
    named = [name for name in ("party_name",) if name in kind.by_name]
    columns = ["source", "party", *named, *([kind.date] if kind.date else []), "sign"]
    facts = ledger.facts(kind_name, cut=cut, scope=EVERYTHING, columns=columns).filter(pl.col("party").is_in(waiting["party"].to_list()))
    facts = facts.join(waiting.lazy(), on=["source", "party"], how="semi")
    day = pl.col(kind.date) if kind.date else pl.lit(None, dtype=pl.Date)
    name = pl.col("party_name") if named else pl.lit(None, dtype=pl.String)
    net = facts.group_by("source", "party", name.alias("party_name"), day.alias("day")).agg(
        pl.col("sign").cast(pl.Int64).sum().alias("rows")
    )
    parties = net.filter(pl.col("rows") > 0).group_by("source", "party", "party_name")
    return parties.agg(pl.col("rows").sum(), pl.col("day").min().alias("first"), pl.col("day").max().alias("last")).collect()
