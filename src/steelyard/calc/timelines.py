"""Timelines: what a history says at a cut.

A history row says: "since commit N we know that from valid_from until before valid_to the values were these" (or, if
``retracted``, that there were none). Later commits overlay earlier ones on their interval and nowhere else.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from itertools import groupby
from typing import Any

import polars as pl

FIRST, LAST = date.min, date.max
_BOUNDS = ("valid_from", "valid_to")


def timeline(history: pl.DataFrame, key: Sequence[str]) -> pl.DataFrame:
    """Non-overlapping intervals per key, sorted; the columns ``commit_seq`` and ``retracted`` are used up.

    Within one commit the order of rows decides. Keys with one row, which are nearly all, are taken as they are; only the
    others are overlaid one by one.
    """
    names = list(key)
    values = [name for name in history.columns if name not in (*names, *_BOUNDS, "commit_seq", "retracted")]
    if "retracted" not in history.columns:
        history = history.with_columns(retracted=pl.lit(False))
    columns = [*names, *values, *_BOUNDS]
    lasting = pl.col("valid_from").fill_null(FIRST) < pl.col("valid_to").fill_null(LAST)
    told = history.filter(lasting).select(*columns, "retracted", "commit_seq")
    repeated = pl.len().over(names) > 1
    single = told.filter(~repeated & ~pl.col("retracted")).select(columns)
    several = told.filter(repeated).sort([*names, "commit_seq"], maintain_order=True).drop("commit_seq")
    width = len(names)
    rows: list[tuple[Any, ...]] = []
    for group, spans in groupby(several.iter_rows(), key=lambda row: row[:width]):
        rows += [(*group, *kept) for kept in _overlay(span[width:] for span in spans)]
    overlaid = pl.DataFrame(rows, schema={name: history.schema[name] for name in columns}, orient="row")
    return pl.concat([single, overlaid]).sort([*names, "valid_from"], nulls_last=False)


def _overlay(rows: Iterable[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
    """Rows (values…, valid_from, valid_to, retracted) in order of commit -> what holds when, in order of time."""
    kept: list[tuple[date, date, tuple[Any, ...]]] = []
    for *values, valid_from, valid_to, retracted in rows:
        start, end = valid_from or FIRST, valid_to or LAST
        remaining = []
        for other_start, other_end, other in kept:
            if other_start < start:
                remaining.append((other_start, min(other_end, start), other))
            if other_end > end:
                remaining.append((max(other_start, end), other_end, other))
        kept = [piece for piece in remaining if piece[0] < piece[1]]
        if not retracted:
            kept.append((start, end, tuple(values)))
    kept.sort(key=lambda piece: piece[0])
    return [(*values, None if start == FIRST else start, None if end == LAST else end) for start, end, values in _joined(kept)]


def _joined(pieces: Sequence[tuple[date, date, tuple[Any, ...]]]) -> list[tuple[date, date, tuple[Any, ...]]]:
    """Neighbouring pieces with equal values made one."""
    joined: list[tuple[date, date, tuple[Any, ...]]] = []
    for start, end, values in pieces:
        if joined and joined[-1][1] == start and joined[-1][2] == values:
            joined[-1] = (joined[-1][0], end, values)
        else:
            joined.append((start, end, values))
    return joined
