"""Picking one row, or one line of another list, per key: by what is preferred, then by the lowest natural key."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from ..errors import Problem, Refused
from ..framework.model import FactList, Measure

DOWN = ("yes", "highest", "latest")  # orders in which the greatest comes first


def live(rows: pl.LazyFrame, measure: Measure) -> pl.DataFrame:
    """The rows that stand: those that were added more often than they were reversed, with ``#net``, how often."""
    net = pl.col(f"n:{measure.name}").sum().cast(pl.Int64).alias("#net")
    found = rows.group_by(["#at", *measure.per]).agg(net).collect()
    broken = found.filter(pl.col("#net") < 0).height
    if broken:
        message = f"list `{measure.name.removesuffix('.*')}` meets rows that were reversed more often than added"
        raise Refused(Problem("ledger-broken", message, found=f"{broken} rows", hint="run `steelyard verify`"))
    return found.filter(pl.col("#net") > 0)


def first_of_each(rows: pl.DataFrame, found: FactList, natural_key: Sequence[str]) -> tuple[pl.DataFrame, pl.DataFrame]:
    """The chosen row per point and key, and the others.

    Blanks are preferred least. Ties go to the lowest natural key, then to the lowest of whatever else is known of the rows,
    so that the choice never depends on their order.
    """
    named = pl.any_horizontal(pl.col(name).is_not_null() for name in found.one_per)
    rows = rows.filter(named)
    tie = [name for name in natural_key if name in rows.columns]
    tie += sorted(name for name in rows.columns if not name.startswith(("#", "@")) and name not in tie)
    by = [*(column for column, _ in found.prefer), *tie]
    down = [order in DOWN for _, order in found.prefer] + [False] * len(tie)
    last = [True] * len(found.prefer) + [False] * len(tie)
    ordered = rows.sort(by, descending=down, nulls_last=last)
    first = pl.struct("#at", *found.one_per).is_first_distinct().alias("#first")
    ordered = ordered.with_columns(first)
    chosen = ordered.filter("#first").drop("#first", "#net", strict=False)
    others = ordered.filter(~pl.col("#first")).drop("#first", "#net", strict=False)
    return chosen, others
