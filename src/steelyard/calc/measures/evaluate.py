"""From merged partial results to readings: each measure through each window, at every point.

Windows end with the as-of date. Every value says how many rows it counts and how many each rule excluded.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction

import polars as pl

from ..conversion import daily_ratios
from ..errors import Problem, Refused
from ..framework.model import Measure
from ..points import Points, Reading, ReadingColumn
from ..resolve import Resolver
from ..units import DECIMALS, Blank, Exact, divide, from_grain
from .known import Coverage, unknown_months
from .partial import Partial, key_name
from .pipeline import NO_CELL, cell_of
from .plan import Plan, Scan, is_plain, window_of

NO_ROWS = "no rows in the window"


@dataclass(frozen=True)
class Cube:
    """Merged partial results of every scan, with what is needed to read them."""

    plan: Plan
    resolver: Resolver
    partials: Mapping[str, Partial]
    coverage: Coverage | None = None


def evaluate(cube: Cube, points: Points, readings: Iterable[Reading]) -> dict[Reading, ReadingColumn]:
    """A column per reading, aligned to the points."""
    return {reading: _read(cube, points, reading) for reading in sorted(readings, key=str)}


def _read(cube: Cube, points: Points, reading: Reading) -> ReadingColumn:
    measure = cube.plan.framework.measures[reading.measure]
    scan = cube.plan.scan_of(measure.name)
    window = window_of(cube.plan.framework, measure, reading.window)
    spans: dict[tuple[date, date], list[int]] = defaultdict(list)
    cache: dict[date, tuple[date, date]] = {}
    for position, as_of in enumerate(points.as_of):
        if as_of not in cache:
            cache[as_of] = cube.plan.calendar.window(window, as_of, cube.plan.framework.grain)
        spans[cache[as_of]].append(position)
    size = len(points)
    column = ReadingColumn([0] * size, [0] * size)
    for (start, end), positions in spans.items():
        _fill(cube, scan, measure, points, positions, start, end, column)
    return column


def _fill(cube: Cube, scan: Scan, measure: Measure, points: Points, positions: list[int], start: date, end: date, column: ReadingColumn) -> None:
    partial = cube.partials.get(scan.name)
    found: dict[tuple[int, ...], tuple[Exact | str | date | Blank, int]] = {}
    excluded: dict[tuple[int, ...], tuple[int, ...]] = {}
    if partial is not None:
        inside = _inside(cube.plan, scan, start, end)
        subjects = [f"{subject}#" for subject in scan.subjects]
        found = _plain(cube, partial, scan, measure, subjects, inside, end) if is_plain(measure) else _keyed(partial, measure, subjects, inside, end)
        excluded = _excluded(partial, measure, subjects, inside)
    numbers = _numbers(cube.resolver, scan)
    empty = _empty(measure)
    reasons = _reasons(partial, measure)
    tallies = [column.excluded.setdefault(reason, [0] * len(points)) for reason in reasons]
    order = [cube.plan.framework.subject.index(subject) for subject in scan.subjects]
    unknown = unknown_months(cube.coverage, measure.known_when, cube.plan.calendar, start, end) if measure.known_when else None
    for position in positions:
        codes = points.subjects[position]
        key = tuple(numbers[index].get(codes[place], -1) for index, place in enumerate(order))
        value, counted = found.get(key, (empty, 0))
        if unknown is not None and (reason := unknown(codes[0])):
            value = Blank(reason)
        column.values[position], column.counted[position] = value, counted
        for tally, rows in zip(tallies, excluded.get(key, ()), strict=False):
            tally[position] = rows


def _numbers(resolver: Resolver, scan: Scan) -> list[dict[str, int]]:
    return [{code: number for number, code in enumerate(resolver.codes[subject])} for subject in scan.subjects]


def _empty(measure: Measure) -> Exact | Blank:
    return 0 if measure.aggregate in ("sum", "count", "count_distinct") else Blank(NO_ROWS)


def _inside(plan: Plan, scan: Scan, start: date, end: date) -> pl.Expr:
    """Rows of the grouped tables that lie in [start, end)."""
    if scan.date is None:
        return pl.lit(True)
    last = end - timedelta(days=1)
    low = cell_of(plan, scan, start) if start > date.min else NO_CELL + 1
    return (pl.col("#cell") >= low) & (pl.col("#cell") <= cell_of(plan, scan, last)) & (pl.col("#cell") != NO_CELL)


def _plain(cube: Cube, partial: Partial, scan: Scan, measure: Measure, subjects: list[str], inside: pl.Expr, end: date) -> dict[tuple[int, ...], tuple[Exact | str | date | Blank, int]]:
    table = partial.sums.filter(inside)
    counts = f"n:{measure.name}" if f"n:{measure.name}" in table.columns else "n:"
    value = f"+{measure.name}" if measure.value is not None else counts
    if "#currency" in table.columns and measure.type.kind == "money":
        table = _converted(cube, scan, table, value, end)
    rows = table.group_by(subjects).agg(pl.col(value).sum().alias("value"), pl.col(counts).sum().alias("rows"))
    unit = measure.type.kind if measure.value is not None else "count"
    result: dict[tuple[int, ...], tuple[Exact | str | date | Blank, int]] = {}
    for *key, total, number in rows.iter_rows():
        _check_net(number, measure)
        exact: Exact | Blank = from_grain(total, unit)
        if measure.aggregate == "mean":
            exact = Fraction(exact) / number if number else Blank(NO_ROWS)
        result[tuple(key)] = (exact, number)
    return result


def _reasons(partial: Partial | None, measure: Measure) -> list[str]:
    """Why rows were left out: the measure's own rules first, then what the pipeline found (blank values, missing rates)."""
    own = list(dict.fromkeys(rule.reason for rule in measure.where))
    prefix = f"x:{measure.name}:"
    found = [name.removeprefix(prefix) for name in partial.sums.columns if name.startswith(prefix)] if partial else []
    return own + sorted(set(found) - set(own))


def _excluded(partial: Partial, measure: Measure, subjects: list[str], inside: pl.Expr) -> dict[tuple[int, ...], tuple[int, ...]]:
    names = [f"x:{measure.name}:{reason}" for reason in _reasons(partial, measure)]
    if not names:
        return {}
    rows = partial.sums.filter(inside).group_by(subjects).agg(pl.col(names).sum())
    width = len(subjects)
    return {row[:width]: row[width:] for row in rows.iter_rows() if any(row[width:])}


def _keyed(partial: Partial, measure: Measure, subjects: list[str], inside: pl.Expr, end: date) -> dict[tuple[int, ...], tuple[Exact | str | date | Blank, int]]:
    name = key_name(measure)
    if name not in partial.keyed:
        return {}
    counts, value = f"n:{measure.name}", f"+{measure.name}"
    table = partial.keyed[name].filter(inside)
    if measure.valid_on:
        as_of = end - timedelta(days=1)
        open_ended = pl.col("#valid_to").is_null() | (pl.col("#valid_to") >= as_of)
        table = table.filter((pl.col("#valid_from") <= as_of) & open_ended)
    keys = [column for column in ("#value", *measure.once_per) if column in table.columns]
    if measure.aggregate in ("first", "last"):
        keys = ["#cell", *keys]
    totals = [pl.col(counts).sum().alias("net")] + ([pl.col(value).sum().alias("total")] if value in table.columns else [])
    live = table.group_by([*subjects, *keys]).agg(totals)
    if live.filter(pl.col("net") < 0).height:
        _check_net(-1, measure)
    live = live.filter(pl.col("net") > 0)
    unit = measure.type.kind
    return {key: (_natural(found, unit), rows) for key, found, rows in _aggregate(live, measure, subjects)}


def _aggregate(live: pl.DataFrame, measure: Measure, subjects: list[str]) -> list[tuple[tuple[int, ...], object, int]]:
    rows = pl.col("net").sum().alias("rows")
    width = len(subjects)
    if measure.once_per:
        # two live values for one key: the larger is used
        once = live.group_by([*subjects, *measure.once_per]).agg(pl.col("#value").max(), pl.col("net").sum())
        result = pl.len().cast(pl.Int64) if measure.aggregate == "count" else pl.col("#value").sum()
        table = once.group_by(subjects).agg(result.alias("value"), rows)
        if measure.aggregate == "mean":
            table = once.group_by(subjects).agg(pl.col("#value").sum(), pl.len().alias("keys"), rows)
            return [(row[:width], Fraction(row[width], row[width + 1]), row[width + 2]) for row in table.iter_rows()]
    elif measure.aggregate == "count_distinct":
        table = live.filter(pl.col("#value").is_not_null()).group_by(subjects).agg(pl.col("#value").n_unique().cast(pl.Int64).alias("value"), rows)
    elif measure.aggregate in ("min", "max"):
        extreme = pl.col("#value").min() if measure.aggregate == "min" else pl.col("#value").max()
        table = live.drop_nulls("#value").group_by(subjects).agg(extreme.alias("value"), rows)
    elif measure.aggregate == "median":
        return _medians(live.drop_nulls("#value"), subjects)
    elif measure.aggregate in ("first", "last"):
        day = pl.col("#cell").min() if measure.aggregate == "first" else pl.col("#cell").max()
        chosen = live.filter(pl.col("#cell") == day.over(subjects))
        result = pl.col("#value").max() if "#value" in live.columns else pl.col("total").sum()
        table = chosen.group_by(subjects).agg(result.alias("value"), rows)
    elif measure.aggregate == "mean":
        table = live.group_by(subjects).agg(pl.col("total").sum().alias("value"), rows)
        return [(row[:width], Fraction(row[width], row[width + 1]), row[width + 1]) for row in table.iter_rows()]
    else:  # sum or count of rows asked by validity
        result = pl.col("total").sum() if measure.aggregate == "sum" else pl.col("net").sum()
        table = live.group_by(subjects).agg(result.alias("value"), rows)
    return [(row[:width], row[width], row[width + 1]) for row in table.iter_rows()]


def _medians(live: pl.DataFrame, subjects: list[str]) -> list[tuple[tuple[int, ...], object, int]]:
    groups: dict[tuple[int, ...], list[tuple[int, int]]] = defaultdict(list)
    width = len(subjects)
    for row in live.select(*subjects, "#value", "net").sort("#value").iter_rows():
        groups[row[:width]].append((row[width], row[width + 1]))
    result = []
    for key, items in groups.items():
        rows = sum(net for _, net in items)
        low, high = _nth(items, (rows - 1) // 2), _nth(items, rows // 2)
        result.append((key, low if low == high else Fraction(low + high, 2), rows))
    return result


def _nth(items: list[tuple[int, int]], position: int) -> int:
    for value, net in items:
        if position < net:
            return value
        position -= net
    raise AssertionError("position beyond the multiset")


def _natural(found: object, unit: str) -> Exact | str | date | Blank:
    if found is None:
        return Blank(NO_ROWS)
    if isinstance(found, Fraction):
        return found / 10 ** DECIMALS[unit]
    if isinstance(found, int) and not isinstance(found, bool):
        return from_grain(found, unit)
    assert isinstance(found, str | date)
    return found


def _check_net(number: int, measure: Measure) -> None:
    if number < 0:
        raise Refused(Problem("ledger-broken", f"measure `{measure.name}` counts fewer than no rows", found=f"a net of {number}", hint="run `steelyard verify`"))


def _converted(cube: Cube, scan: Scan, table: pl.DataFrame, value: str, end: date) -> pl.DataFrame:
    """Sums per currency turned into the framework's currency at the month average or the period's end."""
    framework = cube.plan.framework
    if table.is_empty():
        return table
    as_of = end - timedelta(days=1)
    currencies = [name for name in table["#currency"].unique().to_list() if name]
    if framework.convert.policy == "period end":
        ratios = daily_ratios(cube.resolver.histories.rates, framework.convert.rates, framework.currency, currencies, as_of, as_of)
        by_currency = {(row[0], None): (row[2], row[3]) for row in ratios.iter_rows()}
    else:
        by_currency = _month_averages(cube, scan, table, currencies)
    converted = []
    for currency, cell, amount in table.select("#currency", "#cell", value).iter_rows():
        ratio = by_currency.get((currency, None)) or by_currency.get((currency, cell))
        if ratio is None or ratio[0] is None or ratio[1] is None:
            raise Refused(Problem("no-rate", f"no rate turns {currency or 'a blank currency'} into {framework.currency}", where=str(as_of), hint="import rates, or convert by line date, which shows the rows without a rate"))  # fmt: skip
        converted.append(divide(amount * ratio[0], ratio[1]))
    return table.with_columns(pl.Series(value, converted, dtype=pl.Int64))


def _month_averages(cube: Cube, scan: Scan, table: pl.DataFrame, currencies: list[str]) -> dict[tuple[str, int | None], tuple[int, int]]:
    framework, calendar = cube.plan.framework, cube.plan.calendar
    low, high = (int(bound) for bound in table.select(pl.col("#cell").min(), pl.col("#cell").max()).row(0))
    first, last = _first_day(cube.plan, scan, low), _first_day(cube.plan, scan, high)
    months = calendar.cells(first, last)
    ratios = daily_ratios(cube.resolver.histories.rates, framework.convert.rates, framework.currency, currencies, months[0].start, months[-1].end - timedelta(days=1))
    result: dict[tuple[str, int | None], tuple[int, int]] = {}
    for currency in currencies:
        own = ratios.filter(pl.col("currency") == currency).drop_nulls()
        daily = dict(zip(own["date"].to_list(), zip(own["numerator"].to_list(), own["denominator"].to_list(), strict=True), strict=True))
        for month in months:
            values = [Fraction(*daily[day]) for day in _days(month.start, month.end) if day in daily]
            if values:
                mean = sum(values, Fraction(0)) / len(values)
                for cell in {cell_of(cube.plan, scan, day) for day in (_days(month.start, month.end) if scan.by_day else [month.start])}:
                    result[(currency, cell)] = (mean.numerator, mean.denominator)
    return result


def _first_day(plan: Plan, scan: Scan, cell: int) -> date:
    if scan.by_day:
        return date(1970, 1, 1) + timedelta(days=cell)
    if plan.calendar.pattern == "months":
        return date(cell // 12, cell % 12 + 1, 1)
    return plan.calendar.cell_start(cell)


def _days(start: date, end: date) -> list[date]:
    return [start + timedelta(days=offset) for offset in range((end - start).days)]
