"""The rows behind a figure: every live row of one subject and window, whether it counts, and which rule excluded it.

The same pipeline as phase 1, listed instead of grouped, so that ``contribution`` adds up to the figure to the last digit
(of a mean or median, the rows are those it was taken over).
"""

from __future__ import annotations

from datetime import date, timedelta

import narwhals as nw
import polars as pl

from ..facts import Kind
from ..framework.model import Measure
from ..resolve import Resolver
from .live import live_rows
from .pipeline import look, measure_columns, resolved
from .plan import Plan, Scan

ORIGIN = ("row_id", "source", "batch", "source_row")
ADDED = ("value", "counted", "reason", "contribution")


def listed_as(kind: Kind, column: str) -> str:
    """The name under which a fact's own column is listed: `targets.value`, where the listing adds a column of that name."""
    return f"{kind.name}.{column}" if column in ADDED else column


def list_rows(
    plan: Plan, resolver: Resolver, facts: pl.LazyFrame, measure: Measure, subject: tuple[str, ...], start: date, end: date
) -> pl.DataFrame:
    """The rows of [start, end): origin, the fact's columns, ``value`` (stored), ``counted``, ``reason``, ``contribution``."""
    scan = plan.scan_of(measure.name)
    wanted = [*_of_subject(plan, scan, resolver, subject), *_of_window(scan, start, end)]
    listed = _listed(plan, resolver, facts, measure, wanted, ())
    return _empty(live_rows(facts), scan.kind) if listed is None else with_contribution(listed, measure, scan.date or "date")


def list_everywhere(plan: Plan, resolver: Resolver, facts: pl.LazyFrame, measure: Measure) -> pl.DataFrame:
    """The rows of all subjects and days: origin, the fact's columns, ``value``, ``counted``, ``reason``; whose each row is
    (``credited.partner`` and so on for each subject), and the credited territory.
    """
    scan = plan.scan_of(measure.name)
    names = dict.fromkeys((*scan.subjects, "territory"))
    listed = _listed(plan, resolver, facts, measure, [], tuple(names))
    if listed is None:
        blank = [pl.lit(None, dtype=pl.String).alias(f"credited.{name}") for name in names]
        listed = _empty(live_rows(facts), scan.kind).drop("contribution").with_columns(blank)
    return listed


def _listed(
    plan: Plan, resolver: Resolver, facts: pl.LazyFrame, measure: Measure, wanted: list[nw.Expr], credited: tuple[str, ...]
) -> pl.DataFrame | None:
    scan = plan.scan_of(measure.name)
    live = live_rows(facts)
    own_columns = [column.name for column in scan.kind.columns]
    info = look(live, scan, plan.framework)
    if info is None:
        return None
    originals = [pl.col(name).alias(f"said.{name}") for name in own_columns]  # resolution may overwrite what the source said
    rows = resolved(plan, scan, resolver, nw.from_native(live.with_columns(originals)), info, credited)
    found = measure_columns(plan, scan, resolver, measure, info)
    fail = found.fail if found.fail is not None else nw.lit(0, nw.Int32())
    value = found.value if found.value is not None else nw.lit(1, nw.Int64())
    extra = [name for name in measure.once_per if name not in own_columns]
    listed = (rows.filter(*wanted) if wanted else rows).select(
        *(nw.col(name) for name in ORIGIN),
        *(nw.col(f"said.{name}").alias(listed_as(scan.kind, name)) for name in own_columns),
        *(nw.col(name) for name in extra),
        *(nw.col(name).alias(f"credited.{name}") for name in credited),
        value.alias("value"),
        fail.alias("#fail"),
    )
    table = listed.collect().to_native().sort([*(name for name in (scan.kind.date,) if name), "row_id"])
    reasons = {0: None} | dict(enumerate(found.reasons, start=1))
    return table.with_columns(
        counted=pl.col("#fail") == 0,
        reason=pl.col("#fail").replace_strict(list(reasons), list(reasons.values()), return_dtype=pl.String),
    ).drop("#fail")


def _empty(live: pl.LazyFrame, kind: Kind) -> pl.DataFrame:
    head = live.select(*ORIGIN, *(pl.col(column.name).alias(listed_as(kind, column.name)) for column in kind.columns)).clear().collect()
    added = dict(zip(ADDED, (pl.Int64, pl.Boolean, pl.String, pl.Int64), strict=True))
    return head.with_columns(pl.lit(None, dtype=dtype).alias(name) for name, dtype in added.items())


def _of_subject(plan: Plan, scan: Scan, resolver: Resolver, subject: tuple[str, ...]) -> list[nw.Expr]:
    wanted = []
    for name in scan.subjects:
        code = subject[plan.framework.subject.index(name)]
        number = resolver.codes[name].index(code) if code in resolver.codes[name] else -1
        wanted.append(nw.col(f"{name}#") == number)
    return wanted


def _of_window(scan: Scan, start: date, end: date) -> list[nw.Expr]:
    if scan.date is not None:
        return [nw.col(scan.date) >= nw.lit(start), nw.col(scan.date) < nw.lit(end)]
    as_of = end - timedelta(days=1)
    until = nw.col(scan.kind.valid_to or "valid_to")
    return [nw.col(scan.kind.valid_from or "date") <= nw.lit(as_of), until.is_null() | (until >= nw.lit(as_of))]


def with_contribution(table: pl.DataFrame, measure: Measure, date_column: str) -> pl.DataFrame:
    """What each row adds: its value, 1 for the first row of a distinct key, nothing for the others and the excluded."""
    counts = pl.col("counted")
    if measure.aggregate in ("first", "last"):
        day = pl.col(date_column).filter(counts)
        chosen = counts & (pl.col(date_column) == (day.min() if measure.aggregate == "first" else day.max()))
        table = _exclude(table, counts & ~chosen, f"not of the {measure.aggregate} date")
    if measure.aggregate in ("count_distinct", "median", "min", "max", "first", "last"):
        table = _exclude(table, counts & pl.col("value").is_null(), "the value is blank")
    if measure.once_per:
        first = (pl.col("value") == pl.col("value").max().over(["counted", *measure.once_per])) & pl.struct(
            "counted", *measure.once_per, "value"
        ).is_first_distinct()
        table = _exclude(table, counts & ~first, f"counts once per {', '.join(measure.once_per)}")
    if measure.aggregate == "count_distinct":
        first = pl.struct("counted", "value").is_first_distinct()
        return table.with_columns(contribution=pl.when(counts & first).then(1).otherwise(0))
    if measure.aggregate == "count":
        return table.with_columns(contribution=pl.when(counts).then(1).otherwise(0))
    if table["value"].dtype.is_numeric():
        return table.with_columns(contribution=pl.when(counts).then(pl.col("value")).otherwise(0))
    return table.with_columns(contribution=pl.lit(None, dtype=pl.Int64))


def _exclude(table: pl.DataFrame, rows: pl.Expr, reason: str) -> pl.DataFrame:
    return table.with_columns(
        counted=pl.col("counted") & ~rows.fill_null(False),
        reason=pl.when(rows.fill_null(False)).then(pl.lit(reason)).otherwise(pl.col("reason")),
    )
