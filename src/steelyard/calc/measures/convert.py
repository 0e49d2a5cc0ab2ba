"""Conversion in phase 2: sums per currency turned into the framework's at the month average or the period's end.

A new rate table then costs no pass over the facts; rows do not add up to the figure digit by digit, which is why the
default policy converts each line in phase 1 instead.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from fractions import Fraction

import polars as pl

from ..resolve import Resolver
from ..units import divide
from .cells import cell_of, first_day
from .pipeline import NO_RATE
from .plan import Plan, Scan

Span = tuple[date, date]
Ratios = dict[tuple[str, int], tuple[int, int]]


def converted(plan: Plan, resolver: Resolver, scan: Scan, grouped: pl.DataFrame, limits: Sequence[Span]) -> pl.DataFrame:
    """The grouped sums with every money column in the framework's currency, rounded half-even per group."""
    money = [f"+{measure.name}" for measure in scan.measures if measure.type.kind == "money" and f"+{measure.name}" in grouped.columns]
    if grouped.is_empty() or not money:
        return grouped
    by_month = plan.framework.convert.policy == "month average"
    place = "#cell" if by_month else "#span"
    currencies = sorted(name for name in grouped["#currency"].unique().to_list() if name)
    ratios = _month_averages(plan, resolver, scan, grouped, currencies) if by_month else _period_ends(plan, resolver, currencies, limits)
    measures = [name.removeprefix("+") for name in money]
    counts = [f"n:{measure}" if f"n:{measure}" in grouped.columns else "n:" for measure in measures]
    columns: dict[str, list[int]] = {name: [] for name in money}
    rated: list[bool] = []
    for currency, at, *amounts in grouped.select("#currency", place, *money).iter_rows():
        ratio = ratios.get((currency, at))
        rated.append(ratio is not None)
        for name, amount in zip(money, amounts, strict=True):
            columns[name].append(divide(amount * ratio[0], ratio[1]) if ratio else 0)
    table = grouped.with_columns(pl.Series(name, values, dtype=pl.Int64) for name, values in columns.items())
    if all(rated):
        return table
    # rows without a rate wait: they count for nothing, and the explanation says how many and why
    known = pl.lit(pl.Series(rated))
    waiting = {
        f"x:{measure}:{NO_RATE}": pl.when(known).then(0).otherwise(pl.col(count)) for measure, count in zip(measures, counts, strict=True)
    }
    counted = {f"n:{measure}": pl.when(known).then(pl.col(count)).otherwise(0) for measure, count in zip(measures, counts, strict=True)}
    return table.with_columns(**waiting, **counted)


def _period_ends(plan: Plan, resolver: Resolver, currencies: list[str], limits: Sequence[Span]) -> Ratios:
    result: Ratios = {}
    for span, (_, end) in enumerate(limits):
        day = end - timedelta(days=1)
        table = resolver.ratios(plan.framework.convert.rates, plan.framework.currency, tuple(currencies), day, day)
        result |= {(currency, span): (up, down) for currency, _, up, down in table.drop_nulls().iter_rows()}
    return result


def _month_averages(plan: Plan, resolver: Resolver, scan: Scan, grouped: pl.DataFrame, currencies: list[str]) -> Ratios:
    """The mean of a fiscal month's daily ratios, weekends carrying the last rate."""
    cells = grouped["#cell"].unique().to_list()
    months = plan.calendar.cells(first_day(plan, scan, min(cells)), first_day(plan, scan, max(cells)))
    table = resolver.ratios(
        plan.framework.convert.rates, plan.framework.currency, tuple(currencies), months[0].start, months[-1].end - timedelta(days=1)
    )
    daily = {(currency, day): Fraction(up, down) for currency, day, up, down in table.drop_nulls().iter_rows()}
    result: Ratios = {}
    for currency in currencies:
        for month in months:
            days = [month.start + timedelta(days=offset) for offset in range((month.end - month.start).days)]
            values = [daily[(currency, day)] for day in days if (currency, day) in daily]
            if values:
                mean = sum(values, Fraction(0)) / len(values)
                for day in days if scan.by_day else days[:1]:
                    result[(currency, cell_of(plan, scan, day))] = (mean.numerator, mean.denominator)
    return result
