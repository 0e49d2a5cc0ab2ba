"""Party keys of live facts that mean no partner yet: their lines count nowhere until somebody says who they are."""

from __future__ import annotations

import polars as pl

from .waiting import KEY, keys, parties

_NAMES = [*KEY, "party_name"]


def unmatched() -> pl.DataFrame:
    """source, party, party_name, rows, first and last date of the lines that wait; one row for each name of a key."""
    lines = parties().join(keys().select(KEY), on=KEY, how="semi").group_by(_NAMES)
    return lines.agg(pl.col("rows").sum(), pl.col("first").min(), pl.col("last").max()).sort(_NAMES, nulls_last=True)
