"""From merged partial results to readings: each measure through each window, at every point.

Windows end with the as-of date. All readings of a scan that share a window are read together: cells are joined with the
windows that hold them (*spans*), then added up once per subject and span. Every value says how many rows it counts and
how many each rule excluded.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import polars as pl

from ..facts.kind import POLARS
from ..framework.model import Measure, Window
from ..lists.building import Builder
from ..lists.lines import Places
from ..lists.measuring import measure_lines
from ..points import Points, Reading, ReadingColumn
from ..units import Blank, Exact
from .convert import converted
from .keyed import read_keyed, valid_at_end
from .known import unknown_months
from .natural import natural, unit_of
from .partial import CELL, key_name
from .plan import Scan, is_plain, window_of
from .reasons import excluded_column, reasons_of, rows_column
from .spans import Cube, cells_of, in_spans, subject_numbers

NO_ROWS = "no rows in the window"
ZERO_WITHOUT_ROWS = ("sum", "count", "count_distinct")
Span = tuple[date, date]


@dataclass(frozen=True)
class Measured:
    """One reading at every point, as columns: ``value`` as stored (or ``value`` and ``rows`` to divide, for a mean)."""

    reading: Reading
    measure: Measure
    frame: pl.DataFrame  # value, rows, then one column per reason
    reasons: tuple[str, ...]
    spans: Mapping[date, Span]  # per as-of date


def evaluate(cube: Cube, points: Points, readings: Iterable[Reading]) -> dict[Reading, ReadingColumn]:
    """A column of exact natural values per reading, aligned to the points."""
    return {measured.reading: column_of(cube, points, measured) for measured in measure_all(cube, points, readings)}


def measure_all(cube: Cube, points: Points, readings: Iterable[Reading]) -> list[Measured]:
    """Every reading at every point, as stored whole numbers in columns."""
    framework = cube.plan.framework
    together: dict[tuple[str, Window], list[Reading]] = defaultdict(list)
    for reading in sorted(readings, key=str):
        measure = framework.measures[reading.measure]
        window = window_of(framework, measure, reading.window)
        together[("" if measure.list else cube.plan.scan_of(measure.name).name, window)].append(reading)
    scans = {scan.name: scan for scan in cube.plan.scans}
    found = []
    builder = Builder(Places(cube, points))
    for (scan_name, window), members in together.items():
        found += _read(cube, scans[scan_name], window, members, points) if scan_name else _read_lists(builder, window, members)
    return sorted(found, key=lambda measured: str(measured.reading))


def _read_lists(builder: Builder, window: Window, readings: list[Reading]) -> list[Measured]:
    plan = builder.places.cube.plan
    spans = plan.windows(window, builder.places.days)
    result = []
    for reading in readings:
        measure = plan.framework.measures[reading.measure]
        frame, reasons = measure_lines(builder, measure, builder.places.spans(window))
        result.append(Measured(reading, measure, frame, reasons, spans))
    return result


def _read(cube: Cube, scan: Scan, window: Window, readings: list[Reading], points: Points) -> list[Measured]:
    spans = cube.plan.windows(window, points.as_of)
    numbers = {day: number for number, day in enumerate(spans)}
    limits = list(spans.values())
    place = subject_numbers(cube, scan, points) * len(limits) + pl.Series([numbers[day] for day in points.as_of], dtype=pl.Int64)
    places = pl.DataFrame({"#at": place})
    measures = [cube.plan.framework.measures[reading.measure] for reading in readings]
    partial = cube.partials.get(scan.name)
    if partial is None:
        empty = [_nothing(len(points), measure) for measure in measures]
        return [Measured(*each, (), spans) for each in zip(readings, measures, empty, strict=True)]
    cells = cells_of(cube.plan, scan, limits)
    sums = places.join(_sums(cube, scan, partial.sums, cells, limits), on="#at", how="left", maintain_order="left")
    keyed: dict[str, dict[str, pl.DataFrame]] = {}
    result = []
    for reading, measure in zip(readings, measures, strict=True):
        reasons = reasons_of(sums, measure)
        if is_plain(measure):
            values = sums.select(value=_value_column(measure, sums), rows=rows_column(measure, sums))
        else:
            name = key_name(measure)
            if name not in keyed:
                sharing = [item for item in measures if not is_plain(item) and key_name(item) == name]
                keyed[name] = read_keyed(in_spans(partial.keyed[name], cells, len(limits)), sharing, limits)
            values = places.join(keyed[name][measure.name], on="#at", how="left", maintain_order="left").select("value", "rows")
        excluded = sums.select(excluded_column(measure, sums, reason).alias(reason) for reason in reasons)
        result.append(Measured(reading, measure, pl.concat([values, excluded], how="horizontal"), reasons, spans))
    return result


def _sums(cube: Cube, scan: Scan, table: pl.DataFrame, cells: pl.DataFrame | pl.Expr, limits: Sequence[Span]) -> pl.DataFrame:
    inside = in_spans(table, cells, len(limits))
    if scan.date is None:
        inside = valid_at_end(inside, limits)
    added = [name for name in table.columns if not name.startswith("#")]
    if "#currency" in table.columns:
        key = ["#at", "#currency", "#span", *(["#cell"] if cube.plan.framework.convert.policy == "month average" else [])]
        grouped = inside.with_columns(CELL.alias("#cell")).group_by(key).agg(pl.col(added).sum()).collect()
        table = converted(cube.plan, cube.resolver, scan, grouped, limits)
        inside, added = table.lazy(), [name for name in table.columns if not name.startswith("#")]
    return inside.group_by("#at").agg(pl.col(added).sum()).collect()


def _value_column(measure: Measure, sums: pl.DataFrame) -> pl.Expr:
    return pl.col(f"+{measure.name}") if measure.value is not None else rows_column(measure, sums)


def _nothing(size: int, measure: Measure) -> pl.DataFrame:
    dtype = POLARS[unit_of(measure)] if unit_of(measure) in ("text", "date") else pl.Int64()
    return pl.DataFrame({"value": [None] * size, "rows": [None] * size}, schema={"value": dtype, "rows": pl.Int64})


def column_of(cube: Cube, points: Points, measured: Measured) -> ReadingColumn:
    """The reading as exact natural values; no rows are 0 for sums and counts of known months, else blank with a reason."""
    measure = measured.measure
    empty: Exact | Blank = 0 if measure.aggregate in ZERO_WITHOUT_ROWS else Blank(NO_ROWS)
    rows: list[int] = measured.frame["rows"].fill_null(0).to_list()
    values: list[Any] = natural(measured.frame["value"], rows, measure, empty)
    if measure.known_when:
        known_when = measure.known_when
        ask = {day: unknown_months(cube.coverage, known_when, cube.plan.calendar, *span) for day, span in measured.spans.items()}
        place = cube.plan.framework.subject.index("partner") if "partner" in cube.plan.framework.subject else None
        for position, (codes, day) in enumerate(zip(points.subjects, points.as_of, strict=True)):
            if reason := ask[day]("" if place is None else codes[place]):  # other subjects: reports that cover everybody
                values[position] = Blank(reason)
    excluded = {reason: measured.frame[reason].fill_null(0).to_list() for reason in measured.reasons}
    return ReadingColumn(values, rows, excluded)


__all__ = ["NO_ROWS", "Cube", "Measured", "column_of", "evaluate", "measure_all", "subject_numbers"]
