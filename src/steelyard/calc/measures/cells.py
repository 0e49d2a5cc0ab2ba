"""The cells of a scan: days or fiscal months, as whole numbers."""

from __future__ import annotations

from datetime import date, timedelta

import narwhals as nw
import polars as pl

from .looking_up import Rows
from .plan import Plan, Scan

NO_CELL = -2_000_000  # of rows without a date; below the number of any day
BEFORE_ALL = -1  # the cell before the first window of a calendar of dates


def with_cell(frame: Rows, plan: Plan, scan: Scan, first: date, last: date) -> Rows:
    """``#cell``: the day or fiscal month that holds the row's date; ``first`` and ``last``: between which all dates lie."""
    if scan.date is None:
        return frame.with_columns(nw.lit(0).cast(nw.Int64()).alias("#cell"))
    day = nw.col(scan.date)
    if scan.by_day:
        return frame.with_columns(day.cast(nw.Int32()).cast(nw.Int64()).fill_null(NO_CELL).alias("#cell"))
    if plan.calendar.pattern == "months":
        # calendar months need no table; fiscal years only group them
        month = day.dt.year().cast(nw.Int64()) * 12 + day.dt.month().cast(nw.Int64()) - 1
        return frame.with_columns(month.fill_null(NO_CELL).alias("#cell"))
    cells = plan.calendar.cells(first, last)
    days = pl.DataFrame({scan.date: pl.date_range(first, last, eager=True)})
    starts = pl.DataFrame(
        {scan.date: [cell.start for cell in cells], "#cell": [cell.index for cell in cells]}, schema={scan.date: pl.Date, "#cell": pl.Int64}
    )
    table = days.sort(scan.date).join_asof(starts.sort(scan.date), on=scan.date, strategy="backward")
    joined = frame.join(nw.from_native(table.lazy()), on=scan.date, how="left")
    return joined.with_columns(
        nw.when(day.is_null()).then(nw.lit(NO_CELL, nw.Int64())).otherwise(nw.col("#cell").fill_null(BEFORE_ALL)).alias("#cell")
    )


def with_month(frame: Rows, plan: Plan, scan: Scan, first: date, last: date) -> Rows:
    """``month``: the first day of the fiscal month (of a calendar of dates: of the window) that holds the row's date."""
    name = scan.date or scan.kind.date
    assert name is not None
    if plan.calendar.pattern == "months":
        return frame.with_columns(month=nw.col(name).dt.truncate("1mo"))
    starts = pl.DataFrame({"month": [cell.start for cell in plan.calendar.cells(first, last)]}, schema={"month": pl.Date})
    days = pl.DataFrame({name: pl.date_range(first, last, eager=True)})
    table = days.sort(name).join_asof(starts.sort("month"), left_on=name, right_on="month", strategy="backward", coalesce=False)
    return frame.join(nw.from_native(table.lazy()), on=name, how="left")


def cell_of(plan: Plan, scan: Scan, day: date) -> int:
    """The cell that a day falls in; the same numbering as the rows'."""
    if scan.by_day:
        return (day - date(1970, 1, 1)).days
    if plan.calendar.pattern == "months":
        return day.year * 12 + day.month - 1
    cells = plan.calendar.cells(day, day)
    return cells[0].index if cells else BEFORE_ALL


def first_day(plan: Plan, scan: Scan, cell: int) -> date:
    """The first day of a cell; the reverse of `cell_of`."""
    if scan.by_day:
        return date(1970, 1, 1) + timedelta(days=cell)
    if plan.calendar.pattern == "months":
        return date(cell // 12, cell % 12 + 1, 1)
    return plan.calendar.at("window" if plan.calendar.pattern == "dates" else "month", cell).start
