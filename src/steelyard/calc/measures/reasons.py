"""Why rows were left out: counts per reason, from the sums of phase 1."""

from __future__ import annotations

import polars as pl

from ..framework.model import Measure


def rows_column(measure: Measure, sums: pl.DataFrame) -> pl.Expr:
    """Rows that count for the measure."""
    return pl.col(f"n:{measure.name}" if f"n:{measure.name}" in sums.columns else "n:")


def excluded_column(measure: Measure, sums: pl.DataFrame, reason: str) -> pl.Expr:
    """Rows excluded for a reason; the measure's own last rule excluded what no other reason and no count explains."""
    prefix = f"x:{measure.name}:"
    recorded = [name for name in sums.columns if name.startswith(prefix)]
    own = pl.col(prefix + reason).fill_null(0) if prefix + reason in sums.columns else pl.lit(0)
    if measure.where and measure.where[-1].reason == reason:
        rest = pl.col("n:") - rows_column(measure, sums)
        for name in recorded:
            rest = rest - pl.col(name).fill_null(0)
        own = own + rest
    return own


def reasons_of(sums: pl.DataFrame, measure: Measure) -> tuple[str, ...]:
    """Why rows can be left out: the measure's own rules first, then what the pipeline found (blank values, missing rates)."""
    own = list(dict.fromkeys(rule.reason for rule in measure.where))
    prefix = f"x:{measure.name}:"
    found = {name.removeprefix(prefix) for name in sums.columns if name.startswith(prefix)}
    return (*own, *sorted(found - set(own)))
