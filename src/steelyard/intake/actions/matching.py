"""Which parties of a file mean a partner exactly; what was found by name is remembered, the rest waits as unmatched."""

from __future__ import annotations

import polars as pl

from steelyard.partners.queries import match, match_names


def match_parties(parties: pl.DataFrame | None, *, source: str) -> tuple[int, dict[str, str]]:
    """Rows whose party means no partner yet, and party key -> partner for those that a unique name tells."""
    if parties is None or not parties.height:
        return 0, {}
    found = match(parties["party"].unique().to_list(), source=source)
    named = {party: one.partner for party, one in found.items() if one.method == "name" and one.partner}
    open_rows = parties.filter(~pl.col("party").is_in(list(found)))
    if open_rows.height and open_rows["party_name"].null_count() < open_rows.height:
        bearers = match_names(open_rows["party_name"].drop_nulls().unique().to_list())
        meant = open_rows.with_columns(
            pl.col("party_name")
            .replace_strict(list(bearers), list(bearers.values()), default=None, return_dtype=pl.String)
            .alias("partner")
        )
        # a key whose names mean two partners, or mean one here and nobody there, is left to a person
        agreed = meant.group_by("party").agg(pl.col("partner").n_unique().alias("different"), pl.col("partner").first())
        named |= dict(agreed.filter((pl.col("different") == 1) & pl.col("partner").is_not_null()).select("party", "partner").iter_rows())
        open_rows = open_rows.filter(~pl.col("party").is_in(list(named)))
    return int(open_rows["rows"].sum()), named
