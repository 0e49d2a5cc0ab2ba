"""Joining the rows of a fact with a lookup: each row finds the one that holds on its day."""

from __future__ import annotations

from typing import Any

import narwhals as nw
import polars as pl

from ..lookups import is_timeless

Rows = nw.LazyFrame[Any]


def look_up(frame: Rows, lookup: pl.DataFrame, key: list[str], wanted: list[str], day: str | None) -> Rows:
    """The rows with the wanted columns of a lookup, as they hold on each row's day; a lookup that never changes asks no day."""
    small = narrow(lookup, key, wanted)
    timeless = day is None or is_timeless(small)
    if timeless:
        return frame.join(nw.from_native(small.select(*key, *wanted).unique(key).lazy()), on=key, how="left")
    assert day is not None
    small = small.rename({"valid_from": "#from", "valid_to": "#until"})
    joined = frame.join(nw.from_native(small.lazy()), on=key, how="left")
    inside = nw.col("#from").is_null() | ((nw.col(day) >= nw.col("#from")) & (nw.col(day) < nw.col("#until")))
    return joined.filter(inside).drop("#from", "#until")


def narrow(lookup: pl.DataFrame, key: list[str], wanted: list[str]) -> pl.DataFrame:
    """The lookup with the wanted columns only; neighbouring intervals that no longer differ become one."""
    columns = [*key, *wanted]
    rows = lookup.select(*columns, "valid_from", "valid_to").sort([*key, "valid_from"])
    changed = pl.any_horizontal(pl.col(name).ne_missing(pl.col(name).shift(1)) for name in columns).fill_null(True)
    return (
        rows.with_columns(changed.cum_sum().alias("#run"))
        .group_by("#run", maintain_order=True)
        .agg(*(pl.col(name).first() for name in columns), pl.col("valid_from").min(), pl.col("valid_to").max())
        .drop("#run")
    )
