"""What a reader of a sheet would see and its cells do not say: merged areas, hidden rows and columns, macros."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import accumulate
from typing import Any

import polars as pl

from steelyard.calc.errors import Problem

from .sheet_marks import Marks
from .table import Cell, Merged, RawTable


def with_merged(table: RawTable, areas: Sequence[Any], name: str) -> RawTable:
    """The table that knows its merged areas below the header; what they cover is marked, for it is blank by accident."""
    header, height, width = table.dialect.header, table.frame.height, len(table.headers)
    merged = []
    for (top, left), (bottom, right) in areas:
        rows, columns = range(top - header, min(bottom - header + 1, height)), range(left, min(right + 1, width))
        if top >= header and rows and columns:
            merged.append(Merged(rows, columns))
    if not merged:
        return table
    types = dict(table.types)
    for area in merged:
        for column in area.columns:
            covered = [row for row in area.rows if (row, column) != (area.rows.start, area.columns.start)]
            known = types.get(f"c{column}", pl.repeat(0, height, dtype=pl.UInt8, eager=True))
            types[f"c{column}"] = known.scatter(covered, int(Cell.COVERED)).alias(f"c{column}") if covered else known
    hint = "rows with covered cells wait; `merged: fill` gives all cells the value of the first, `merged: blank` leaves them blank"
    note = Problem("merged_cells", f"{len(merged):,} merged areas below the header", name, "", hint, "warning")
    return replace(table, types=types, merged=tuple(merged), notes=(*table.notes, note))


def with_hidden(table: RawTable, marks: Marks, name: str) -> RawTable:
    """The table that knows its hidden rows, with both numbers: how many are hidden, how many a reader sees."""
    header, height = table.dialect.header, table.frame.height
    notes = list(table.notes)
    unseen = [table.headers[column] for column in marks.hidden_columns if column < len(table.headers)]
    if unseen:
        found = ", ".join(f"`{one}`" for one in unseen[:20])
        notes.append(Problem("hidden_columns", "columns that are hidden in the sheet were read too", name, found, "", "warning"))
    rows = [row - header for row in marks.hidden if header <= row < header + height]
    hidden = pl.repeat(False, height, dtype=pl.Boolean, eager=True).scatter(rows, True) if rows else None
    if rows:
        message = "rows that are hidden or filtered away in the sheet were read too"
        found = f"{height:,} rows: {height - len(rows):,} are shown, {len(rows):,} are hidden"
        notes.append(Problem("hidden_rows", message, name, found, "`hidden: drop` leaves them out", "warning"))
    return replace(table, notes=tuple(notes), hidden=hidden)


def with_macros(table: RawTable, data: bytes, name: str) -> RawTable:
    """The table with a warning if its workbook brings a program along."""
    if b"vbaProject.bin" not in data:  # the name of an entry is never packed
        return table
    note = Problem("macros_left_out", "the workbook brings macros; only its cells were read", name, "", "save it as XLSX", "warning")
    return replace(table, notes=(*table.notes, note))


def one_below_the_other(tables: Sequence[RawTable]) -> dict[str, Any]:
    """The marks of several sheets as those of one table."""
    starts = [0, *accumulate(table.frame.height for table in tables)]
    merged = [
        Merged(range(area.rows.start + start, area.rows.stop + start), area.columns)
        for table, start in zip(tables, starts, strict=False) for area in table.merged
    ]  # fmt: skip
    if all(table.hidden is None for table in tables):
        return {"merged": tuple(merged), "hidden": None}
    none = [pl.repeat(False, table.frame.height, dtype=pl.Boolean, eager=True) for table in tables]
    return {"merged": tuple(merged), "hidden": pl.concat([pl.Series(table.hidden if table.hidden is not None else seen)
                                                          for table, seen in zip(tables, none, strict=True)])}  # fmt: skip
