"""What a set of statements changes in what is known. Pure: frames in, frames out, all in normal form.

A *statement* says that from ``valid_from`` until before ``valid_to`` a key had these values. What is *known* is the
timeline of every key: the statements of all commits laid over each other, without overlaps.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import polars as pl

BEGIN, END = date.min, date.max

_span = [
    pl.max_horizontal(pl.col("valid_from").fill_null(BEGIN), pl.col("since").fill_null(BEGIN)).alias("a"),
    pl.min_horizontal(pl.col("valid_to").fill_null(END), pl.col("until").fill_null(END)).alias("b"),
]  # fmt: skip


def overlaps(statements: pl.DataFrame, known: pl.DataFrame, on: Sequence[str]) -> pl.DataFrame:
    """Every pair of a statement and a known row that are true on a common day, with that span as [a, b).

    Columns of the known side that both have end in ``_known``; its interval is called since and until.
    """
    right = known.rename({"valid_from": "since", "valid_to": "until"})
    both = statements.join(right, on=list(on), how="inner", suffix="_known")
    return both.with_columns(_span).filter(pl.col("a") < pl.col("b"))


def complete(
    statements: pl.DataFrame, known: pl.DataFrame, key: Sequence[str], values: Sequence[str], blanks: Mapping[str, Any]
) -> pl.DataFrame:
    """Statements with all values: columns they leave out stay as known, piece by piece, or are blank where nothing is."""
    missing = [name for name in values if name not in statements.columns]
    order = ["source_row", *key, *values, "valid_from", "valid_to"]
    if not missing:
        return statements.select(order)
    pieces = overlaps(statements, known.select(*key, *missing, "valid_from", "valid_to"), key)
    pieces = pieces.with_columns(
        valid_from=pl.when(pl.col("a") > BEGIN).then("a"),
        valid_to=pl.when(pl.col("b") < END).then("b"),
    )
    fresh = statements.join(pieces.select("source_row").unique(), on="source_row", how="anti")
    fresh = fresh.with_columns(blanks[name].alias(name) for name in missing)
    return pl.concat([pieces.select(order), fresh.select(order)])


def sort_out(statements: pl.DataFrame, known: pl.DataFrame, key: Sequence[str], values: Sequence[str]) -> pl.DataFrame:
    """Complete statements with a column ``state``: new (the key is unknown), changed, or unchanged (says what is known)."""
    pairs = overlaps(statements.with_row_index("piece"), known, key)
    same = pl.all_horizontal(pl.col(name).eq_missing(pl.col(f"{name}_known")) for name in values) if values else pl.lit(True)
    days = (pl.col("b") - pl.col("a")).dt.total_days()
    confirmed = pairs.filter(same).group_by("piece").agg(confirmed=days.sum())
    asked = (pl.col("valid_to").fill_null(END) - pl.col("valid_from").fill_null(BEGIN)).dt.total_days()
    known_keys = known.select(key).unique().with_columns(is_known=pl.lit(True))
    sorted_out = statements.with_row_index("piece").join(confirmed, on="piece", how="left").join(known_keys, on=list(key), how="left")
    state = (
        pl.when(pl.col("confirmed") == asked).then(pl.lit("unchanged"))
        .when(pl.col("is_known")).then(pl.lit("changed"))
        .otherwise(pl.lit("new"))
    )  # fmt: skip
    return sorted_out.sort("piece").with_columns(state=state).drop("piece", "confirmed", "is_known")


def closed_by(changes: pl.DataFrame, known: pl.DataFrame, stated: pl.DataFrame, key: Sequence[str], place: Sequence[str]) -> pl.DataFrame:
    """The spans in which former holders of a place end because ``changes`` give it to others.

    Holders in ``stated`` (all rows of the same frame) stay: who says in one breath that two hold a place means both.
    """
    others = [name for name in key if name not in place]
    pairs = overlaps(changes.select(*key, "valid_from", "valid_to"), known.select(*key, "valid_from", "valid_to"), place)
    moved = pairs.filter(pl.any_horizontal(pl.col(name) != pl.col(f"{name}_known") for name in others))
    former = moved.select(
        *place, *(pl.col(f"{name}_known").alias(name) for name in others),
        valid_from=pl.when(pl.col("a") > BEGIN).then("a"), valid_to=pl.when(pl.col("b") < END).then("b"),
    )  # fmt: skip
    return former.unique(maintain_order=True).join(stated.select(key).unique(), on=list(key), how="anti")


def contradictions(statements: pl.DataFrame, key: Sequence[str]) -> pl.DataFrame:
    """Rows of one frame that say different things about one key on one day (source_row and the row they contradict)."""
    several = statements.filter(pl.len().over(list(key)) > 1)
    pairs = overlaps(several, several, key).filter(pl.col("source_row") != pl.col("source_row_known"))
    return pairs.group_by("source_row").agg(pl.col("source_row_known").min().alias("other")).sort("source_row")


def without_repetitions(statements: pl.DataFrame) -> pl.DataFrame:
    """The statements without those that repeat an earlier one word for word."""
    said = [name for name in statements.columns if name != "source_row"]
    return statements.unique(subset=said, keep="first", maintain_order=True)
