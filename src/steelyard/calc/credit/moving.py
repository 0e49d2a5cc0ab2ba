"""How revenue moves under another rule: partner by partner, and line by line with the reason."""

from __future__ import annotations

import polars as pl

from .rule import Rule
from .shares import allot, share_out
from .touches import Evidence, cases_of, touches


def credited(evidence: Evidence, rule: Rule, only: pl.Series | None = None) -> pl.DataFrame:
    """Every share of every line under a rule: the line's columns, partner, role, day, via, by, part (in ten-thousandths).

    ``only``: the row numbers of the lines wanted, where originals of returns lie in the evidence beside them.
    """
    lines, cases = cases_of(evidence.lines)
    wanted = lines if only is None else lines.filter(pl.col("row_id").is_in(only.implode()))
    used = cases.filter(pl.col("case").is_in(wanted["case"].unique().implode()))
    shares = share_out(touches(used, evidence, rule), evidence.affiliations, rule)
    plain = wanted.rename({"partner": "ordered_by"}).select("row_id", "case", "ordered_by", "amount", "currency")
    return allot(plain, shares)


def by_partner(parts: pl.DataFrame, name: str) -> pl.DataFrame:
    """partner, currency -> what the partner is credited with, and over how many lines."""
    return parts.group_by("partner", "currency").agg(pl.col("part").sum().alias(name), pl.col("row_id").n_unique().alias(f"{name}_lines"))


def compared(now: pl.DataFrame, other: pl.DataFrame) -> pl.DataFrame:
    """partner, currency, now, other, difference and lines of both; the sums of now and other are equal in each currency."""
    both = by_partner(now, "now").join(by_partner(other, "other"), on=["partner", "currency"], how="full", coalesce=True, nulls_equal=True)
    counts = pl.col("now", "other", "now_lines", "other_lines").fill_null(0).cast(pl.Int64)
    told = both.with_columns(counts).with_columns((pl.col("other") - pl.col("now")).alias("difference"))
    return told.sort(pl.col("difference").abs(), "partner", "currency", descending=[True, False, False], nulls_last=True)
