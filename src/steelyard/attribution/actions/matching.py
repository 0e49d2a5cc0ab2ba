"""Which parties of a file mean a partner exactly; what was found by name is remembered, the rest waits as unmatched."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from steelyard.ledger.actions import committing
from steelyard.partners.actions import remember_matches

from ..exact import match, match_names
from ..unmatched import unmatched

if TYPE_CHECKING:
    from steelyard.accounts.models import User


def match_waiting(*, acting_user: User) -> dict[str, dict[str, str]]:
    """Match what waits by exact unique name, now that masters know more; source -> party key -> partner, in one commit."""
    waiting = unmatched()
    told: dict[str, dict[str, str]] = {}
    with committing(acting_user=acting_user, note="matched by name"):
        for (source,), parties in waiting.partition_by("source", as_dict=True).items():
            _, named = match_parties(parties, source=str(source))
            if named:
                remember_matches(source=str(source), matches=named, method="name", acting_user=acting_user)
                told[str(source)] = named
    return told


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
