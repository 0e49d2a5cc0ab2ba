"""How revenue moves under another rule: partner by partner, and line by line with the reason."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import polars as pl

from .allotting import allot
from .rule import Rule
from .shares import share_out
from .touches import Evidence, cases_of, touches

CHUNK = 250_000  # lines shared out at once
_SUMS = {"partner": pl.String(), "currency": pl.String(), "amount": pl.Int64(), "lines": pl.Int64()}


def shared(evidence: Evidence, rule: Rule, only: pl.Series | None = None) -> tuple[pl.DataFrame, pl.DataFrame]:
    """The lines (row_id, case, ordered_by, amount, currency), and the shares of their cases.

    ``only``: the row numbers wanted, where the originals of returns lie in the evidence beside them.
    """
    lines, cases = cases_of(evidence.lines, follow=rule.method != "ordering")
    wanted = lines if only is None else lines.filter(pl.col("row_id").is_in(only.implode()))
    used = cases.filter(pl.col("case").is_in(wanted["case"].unique().implode()))
    shares = share_out(touches(used, evidence, rule), evidence.affiliations, rule)
    return wanted.select("row_id", "case", "amount", "currency", ordered_by="partner"), shares


def credited(evidence: Evidence, rule: Rule, only: pl.Series | None = None) -> pl.DataFrame:
    """Every share of every line that is more than nothing: the line, the touch, partner, part (in ten-thousandths)."""
    lines, shares = shared(evidence, rule, only)
    told = allot(lines["case"].to_numpy(), lines["amount"].to_numpy(), shares)
    whole = pl.concat([lines.drop("case")[told.line], shares[told.share].with_columns(part=pl.Series(told.part))], how="horizontal")
    return whole.filter(pl.col("numerator") > 0)


def summed(evidence: Evidence, rule: Rule, only: pl.Series | None = None) -> pl.DataFrame:
    """partner, currency, amount, lines: what each is credited with under a rule, and over how many lines."""
    if rule.method == "ordering":
        wanted = evidence.lines if only is None else evidence.lines.filter(pl.col("row_id").is_in(only.implode()))
        return wanted.group_by("partner", "currency").agg(pl.col("amount").sum(), lines=pl.len().cast(pl.Int64))
    lines, shares = shared(evidence, rule, only)
    names = shares["partner"].unique()
    codes = shares.select("partner").join(
        names.to_frame().with_row_index("code"), on="partner", how="left", nulls_equal=True, maintain_order="left"
    )
    code, earns = codes["code"].to_numpy(), shares["numerator"].to_numpy() > 0
    found = [pl.DataFrame(schema={"code": pl.UInt32, "currency": pl.String, "amount": pl.Int64, "lines": pl.Int64})]
    for start in range(0, lines.height, CHUNK):
        part = lines.slice(start, CHUNK)
        told = allot(part["case"].to_numpy(), part["amount"].to_numpy(), shares)
        kept = earns[told.share]
        rows = pl.DataFrame({"code": code[told.share[kept]], "line": told.line[kept].astype(np.uint32), "part": told.part[kept]})
        rows = rows.with_columns(currency=part["currency"].gather(rows["line"]))
        found.append(rows.group_by("code", "currency").agg(amount=pl.col("part").sum(), lines=pl.col("line").n_unique().cast(pl.Int64)))
    sums = pl.concat(found).group_by("code", "currency").agg(pl.col("amount", "lines").sum())
    return sums.with_columns(partner=names.gather(sums["code"])).select(list(_SUMS))


def together(sums: Sequence[pl.DataFrame]) -> pl.DataFrame:
    """What `summed` says of lines that were looked at apart, as of all of them."""
    return pl.concat(sums).group_by("partner", "currency").agg(pl.col("amount", "lines").sum())


def compared(now: pl.DataFrame, other: pl.DataFrame) -> pl.DataFrame:
    """Two sums side by side: partner, currency, now, other, difference and lines; both add up alike in each currency."""
    left = now.rename({"amount": "now", "lines": "now_lines"})
    right = other.rename({"amount": "other", "lines": "other_lines"})
    both = left.join(right, on=["partner", "currency"], how="full", coalesce=True, nulls_equal=True)
    told = both.with_columns(pl.col("now", "other", "now_lines", "other_lines").fill_null(0)).with_columns(
        difference=pl.col("other") - pl.col("now")
    )
    return told.sort(pl.col("difference").abs(), "partner", "currency", descending=[True, False, False], nulls_last=True)
