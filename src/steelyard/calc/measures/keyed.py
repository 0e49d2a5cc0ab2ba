"""Measures over keys: distinct, first, last, median, valid-on, once-per. A key counts while its net is positive.

Tables may hold a key several times, once per part of the facts; its net is the sum. Reversed rows are rare, and the
fastest way relies on it: distinct keys are counted among the added rows, then the keys that a reversal touches are
looked at one by one.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

import polars as pl

from ..errors import Problem, Refused
from ..framework.model import Measure
from .partial import CELL

Span = tuple[date, date]


def read_keyed(rows: pl.LazyFrame, measures: Sequence[Measure], limits: Sequence[Span], per: Sequence[str] = ()) -> dict[str, pl.DataFrame]:
    """Per measure a frame (``#at``, ``per``, value, rows); the measures share one keyed table, already cut to its spans."""
    asked = {
        "#span": any(measure.valid_on for measure in measures),
        "#group": any(measure.aggregate in ("first", "last") for measure in measures),
    }
    inside = rows.drop("#cell", *(name for name, needed in asked.items() if not needed), strict=False).collect()
    group = ["#at", *per]
    distinct = [measure for measure in measures if measure.aggregate == "count_distinct" and not measure.valid_on and not measure.once_per]
    found = _distinct(inside, distinct, group) if distinct else {}
    for measure in measures:
        if measure.name not in found:
            found[measure.name] = aggregate(_live(inside, measure, group, limits), measure, group)
    return found


def _distinct(inside: pl.DataFrame, measures: Sequence[Measure], group: list[str]) -> dict[str, pl.DataFrame]:
    key = pl.col("#value")
    asked = []
    for measure in measures:
        net = pl.col(f"n:{measure.name}")
        asked += [
            key.filter((net > 0) & key.is_not_null()).n_unique().alias(f"value {measure.name}"),
            net.filter(key.is_not_null()).sum().alias(f"rows {measure.name}"),
        ]
    counted = inside.lazy().group_by(group).agg(asked).collect()
    found = {}
    for measure in measures:
        frame = counted.select(
            *group,
            pl.col(f"value {measure.name}").cast(pl.Int64).alias("value"),
            pl.col(f"rows {measure.name}").cast(pl.Int64).alias("rows"),
        )
        found[measure.name] = _without_reversed(inside, measure, group, frame)
    return found


def _without_reversed(inside: pl.DataFrame, measure: Measure, group: list[str], counted: pl.DataFrame) -> pl.DataFrame:
    """Take back the keys that were counted for an added row and are gone for their reversals."""
    net = f"n:{measure.name}"
    touched = inside.filter(pl.col(net) < 0).select(*group, "#value").drop_nulls("#value").unique()
    if touched.is_empty():
        return counted
    # a key counted above has an added row in the span; with a net of nothing it is no longer there
    nets = (
        inside.join(touched, on=[*group, "#value"], how="semi", nulls_equal=True)
        .group_by([*group, "#value"])
        .agg(pl.col(net).sum(), (pl.col(net) > 0).any().alias("added"))
    )
    _refuse_negative(nets, net, measure)
    gone = nets.filter((pl.col(net) == 0) & pl.col("added")).group_by(group).agg(pl.len().cast(pl.Int64).alias("gone"))
    joined = counted.join(gone, on=group, how="left", nulls_equal=True)
    return joined.with_columns(value=pl.col("value") - pl.col("gone").fill_null(0)).drop("gone")


def _live(inside: pl.DataFrame, measure: Measure, group: list[str], limits: Sequence[Span]) -> pl.DataFrame:
    """(group, keys) with a positive ``net`` and, where the measure has one, the ``total`` of its value."""
    net, value = f"n:{measure.name}", f"+{measure.name}"
    table = inside.lazy()
    if measure.valid_on:
        table = valid_at_end(table, limits)
    keys = [column for column in ("#value", *measure.once_per) if column in inside.columns]
    if measure.aggregate in ("first", "last"):
        table, keys = table.with_columns(CELL.alias("#cell")), ["#cell", *keys]
    totals = [pl.col(net).sum().alias("net")] + ([pl.col(value).sum().alias("total")] if value in inside.columns else [])
    live = table.group_by([*group, *keys]).agg(totals).collect()
    _refuse_negative(live, "net", measure)
    return live.filter(pl.col("net") > 0)


def valid_at_end(table: pl.LazyFrame, limits: Sequence[Span]) -> pl.LazyFrame:
    """The rows of a table by validity that are valid on the last day of their span."""
    days = pl.DataFrame(
        {"#span": range(len(limits)), "#day": [end - timedelta(days=1) for _, end in limits]}, schema={"#span": pl.Int64, "#day": pl.Date}
    )
    open_ended = pl.col("#valid_to").is_null() | (pl.col("#valid_to") >= pl.col("#day"))
    return table.join(days.lazy(), on="#span").filter((pl.col("#valid_from") <= pl.col("#day")) & open_ended)


def _refuse_negative(nets: pl.DataFrame, column: str, measure: Measure) -> None:
    broken = nets.filter(pl.col(column) < 0).height
    if broken:
        raise Refused(
            Problem(
                "ledger-broken",
                f"measure `{measure.name}` meets keys that were reversed more often than added",
                found=f"{broken} keys",
                hint="run `steelyard verify`",
            )
        )


def aggregate(live: pl.DataFrame, measure: Measure, group: list[str]) -> pl.DataFrame:
    """(group, value, rows) of live keys: ``net`` how many rows each stands for, ``#value`` or ``total``, ``#cell`` of first and last."""
    rows = pl.col("net").sum().cast(pl.Int64).alias("rows")
    value = pl.col("#value")
    if measure.once_per:
        # two live values for one key: the larger is used
        once = live.group_by([*group, *measure.once_per]).agg(value.max(), pl.col("net").sum())
        if measure.aggregate == "mean":
            rows = pl.len().cast(pl.Int64).alias("rows")
        result = pl.len().cast(pl.Int64) if measure.aggregate == "count" else value.sum()
        return once.group_by(group).agg(result.alias("value"), rows)
    if measure.aggregate == "count_distinct":
        return live.drop_nulls("#value").group_by(group).agg(value.n_unique().cast(pl.Int64).alias("value"), rows)
    if measure.aggregate in ("min", "max"):
        return (
            live.drop_nulls("#value").group_by(group).agg((value.min() if measure.aggregate == "min" else value.max()).alias("value"), rows)
        )
    if measure.aggregate == "median":
        return _medians(live.drop_nulls("#value"), group)
    if measure.aggregate in ("first", "last"):
        day = pl.col("#cell").min() if measure.aggregate == "first" else pl.col("#cell").max()
        chosen = live.filter(pl.col("#cell") == day.over(group))
        result = value.max() if "#value" in live.columns else pl.col("total").sum()
        return chosen.group_by(group).agg(result.alias("value"), rows)
    result = pl.col("net").sum().cast(pl.Int64) if measure.aggregate == "count" else pl.col("total").sum()
    return live.group_by(group).agg(result.alias("value"), rows)


def _medians(live: pl.DataFrame, group: list[str]) -> pl.DataFrame:
    """Twice the median of the multiset: the sum of its two middle values (the same one twice, for an odd number)."""
    ordered = live.sort([*group, "#value"]).with_columns(upto=pl.col("net").cum_sum().over(group), rows=pl.col("net").sum().over(group))
    value = pl.col("#value")
    low = value.filter(pl.col("upto") > (pl.col("rows") - 1) // 2).first()
    high = value.filter(pl.col("upto") > pl.col("rows") // 2).first()
    return ordered.group_by(group, maintain_order=True).agg((low + high).alias("value"), pl.col("rows").first().cast(pl.Int64))
