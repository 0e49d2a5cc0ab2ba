"""Currency conversion: which exact ratio turns an amount of one currency into another on a day.

A rate is kept as a whole number of 10**-15 units, so a conversion is ``amount x numerator / denominator`` in 128-bit
integers, rounded half-even to ten-thousandths per line: rows add up to the figure shown. The rate of a day is the last
one published on or before it. A pair without rates of its own is read backwards, or crossed through a third currency.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from decimal import Decimal

import polars as pl

from .units import DECIMALS

SCALE = 10 ** DECIMALS["rate"]
_SERIES = {"date": pl.Date, "rate": pl.Int128}


def daily_ratios(rates: pl.DataFrame, source: str | None, target: str, currencies: Iterable[str], first: date, last: date) -> pl.DataFrame:
    """One row per currency and day of [first, last]: currency, date, numerator, denominator (Int128, null without a rate)."""
    days = pl.DataFrame({"date": pl.date_range(first, last, eager=True)})
    parts = [
        _ratio(rates, source, currency, target, days).select(pl.lit(currency).alias("currency"), "date", "numerator", "denominator")
        for currency in sorted(set(currencies))
    ]
    empty = pl.DataFrame(schema={"currency": pl.String, "date": pl.Date, "numerator": pl.Int128, "denominator": pl.Int128})
    return pl.concat([empty, *parts])


def _ratio(rates: pl.DataFrame, source: str | None, currency: str, target: str, days: pl.DataFrame) -> pl.DataFrame:
    one = pl.lit(SCALE, dtype=pl.Int128)
    if currency == target:
        return days.with_columns(numerator=one, denominator=one)
    for name in [source] if source else sorted(rates["source"].unique().to_list()):
        published = rates.filter(pl.col("source") == name)
        direct, inverse = _series(published, currency, target), _series(published, target, currency)
        if not direct.is_empty():
            return _as_of(days, direct, "numerator").with_columns(denominator=one)
        if not inverse.is_empty():
            return _as_of(days, inverse, "denominator").with_columns(numerator=one)
        for pivot in sorted(published["base"].unique().to_list()):
            ours, theirs = _series(published, pivot, target), _series(published, pivot, currency)
            if not ours.is_empty() and not theirs.is_empty():
                return _as_of(_as_of(days, ours, "numerator"), theirs, "denominator")
    nothing = pl.lit(None, dtype=pl.Int128)
    return days.with_columns(numerator=nothing, denominator=nothing)


def _series(rates: pl.DataFrame, base: str, quote: str) -> pl.DataFrame:
    pair = rates.filter((pl.col("base") == base) & (pl.col("quote") == quote)).sort("date")
    whole = [int(Decimal(text).scaleb(DECIMALS["rate"])) for text in pair["rate"].to_list()]
    return pl.DataFrame({"date": pair["date"], "rate": pl.Series("rate", whole, dtype=pl.Int128)}, schema=_SERIES)


def _as_of(days: pl.DataFrame, series: pl.DataFrame, name: str) -> pl.DataFrame:
    return days.sort("date").join_asof(series.sort("date"), on="date", strategy="backward").rename({"rate": name})
