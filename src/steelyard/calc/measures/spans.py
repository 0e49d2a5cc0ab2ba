"""Which cells lie in which window: partial results joined with the spans that are asked for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

import polars as pl

from ..points import Points
from ..resolve import Resolver
from .cells import NO_CELL, cell_of
from .known import Coverage
from .partial import CELL, SUBJECT, Partial, subject_sizes
from .plan import Plan, Scan

EARLIEST = date(1900, 1, 1)  # facts before are refused by intake
Span = tuple[date, date]


@dataclass(frozen=True)
class Cube:
    """Merged partial results of every scan, with what is needed to read them.

    ``absent``: what peers had who are not among the points, whole numbers by what their lines are compared as (`lists.comparing`).
    """

    plan: Plan
    resolver: Resolver
    partials: Mapping[str, Partial]
    coverage: Coverage | None = None
    absent: Mapping[str, Sequence[str]] = field(default_factory=dict)


def subject_numbers(cube: Cube, scan: Scan, points: Points) -> pl.Series:
    """The packed number of every point's subject; one that no fact can have is below all others."""
    packed = pl.Series([0] * len(points), dtype=pl.Int64)
    for subject, size in zip(scan.subjects, subject_sizes(scan, cube.resolver), strict=True):
        place = cube.plan.framework.subject.index(subject)
        numbers = {code: number for number, code in enumerate(cube.resolver.codes[subject])}
        packed = packed * size + pl.Series([numbers.get(codes[place], -(2**40)) for codes in points.subjects], dtype=pl.Int64)
    return packed


def cells_of(plan: Plan, scan: Scan, limits: Sequence[Span]) -> pl.DataFrame | pl.Expr:
    """Which cells lie in which span: a filter where there is one span only, else a table (#cell, #span)."""
    if scan.date is None:
        return pl.DataFrame({"#cell": [0] * len(limits), "#span": list(range(len(limits)))}, schema={"#cell": pl.Int32, "#span": pl.Int64})
    ranges = []
    for start, end in limits:
        low = cell_of(plan, scan, start) if start > date.min else NO_CELL + 1
        ranges.append((low, cell_of(plan, scan, end - timedelta(days=1))))
    if len(ranges) == 1:
        return (ranges[0][0] <= CELL) & (ranges[0][1] >= CELL)
    lowest = max(min(low for low, _ in ranges), cell_of(plan, scan, EARLIEST))
    pairs = [(cell, span) for span, (low, high) in enumerate(ranges) for cell in range(max(low, lowest), high + 1)]
    return pl.DataFrame(pairs, schema={"#cell": pl.Int32, "#span": pl.Int64}, orient="row")


def in_spans(table: pl.DataFrame, cells: pl.DataFrame | pl.Expr, spans: int) -> pl.LazyFrame:
    """The rows that lie in a span, with ``#at`` (subject and span in one number); a row of several spans comes several times."""
    if isinstance(cells, pl.Expr):
        inside = table.lazy().filter(cells).with_columns(pl.lit(0, dtype=pl.Int64).alias("#span"))
    else:
        inside = table.lazy().with_columns(CELL.alias("#cell")).join(cells.lazy(), on="#cell", how="inner")
    return inside.with_columns((SUBJECT * spans + pl.col("#span")).alias("#at"))
