"""Party keys of live facts that mean no partner yet: their lines count nowhere until somebody says who they are."""

from __future__ import annotations

import polars as pl

from steelyard.calc.facts import FACTS
from steelyard.ledger import queries as ledger
from steelyard.ledger.scope import EVERYTHING
from steelyard.partners.queries import match

_SCHEMA = {
    "source": pl.String(),
    "party": pl.String(),
    "party_name": pl.String(),
    "rows": pl.Int64(),
    "first": pl.Date(),
    "last": pl.Date(),
}


def unmatched(cut: int | None = None) -> pl.DataFrame:
    """source, party, party_name, rows, first and last date of the lines that wait; one row for each name of a key."""
    frames = [_parties(name, cut) for name, kind in FACTS.items() if "party" in kind.by_name and name != "coverage"]
    every = pl.concat([pl.DataFrame(schema=_SCHEMA), *frames])
    keys = ["source", "party", "party_name"]
    summed = every.group_by(keys).agg(pl.col("rows").sum(), pl.col("first").min(), pl.col("last").max())
    waiting = []
    for (source,), parties in summed.partition_by("source", as_dict=True).items():
        found = match(parties["party"].unique().to_list(), source=str(source))
        exact = [party for party, one in found.items() if one.method != "name"]
        waiting.append(parties.filter(~pl.col("party").is_in(exact)))
    return pl.concat([pl.DataFrame(schema=_SCHEMA), *waiting]).sort(keys, nulls_last=True)


def _parties(kind_name: str, cut: int | None) -> pl.DataFrame:
    kind = FACTS[kind_name]
    named = [name for name in ("party_name",) if name in kind.by_name]
    columns = ["source", "party", *named, *([kind.date] if kind.date else []), "sign"]
    facts = ledger.facts(kind_name, cut=cut, scope=EVERYTHING, columns=columns).filter(pl.col("party").is_not_null())
    day = pl.col(kind.date) if kind.date else pl.lit(None, dtype=pl.Date)
    name = pl.col("party_name") if named else pl.lit(None, dtype=pl.String)
    net = facts.group_by("source", "party", name.alias("party_name"), day.alias("day")).agg(
        pl.col("sign").cast(pl.Int64).sum().alias("rows")
    )
    parties = net.filter(pl.col("rows") > 0).group_by("source", "party", "party_name")
    return parties.agg(pl.col("rows").sum(), pl.col("day").min().alias("first"), pl.col("day").max().alias("last")).collect()
