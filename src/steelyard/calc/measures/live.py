"""Live rows: facts less their reversals, for whoever needs rows one by one rather than sums."""

from __future__ import annotations

import polars as pl


def live_rows(facts: pl.LazyFrame) -> pl.LazyFrame:
    """Rows that count at the cut: no reversals, and nothing that one of them reverses."""
    reversed_rows = facts.filter(pl.col("sign") < 0).select(row_id=pl.col("reverses_row_id"))
    return facts.filter(pl.col("sign") > 0).join(reversed_rows, on="row_id", how="anti")
