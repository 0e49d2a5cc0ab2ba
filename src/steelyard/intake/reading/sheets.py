"""Spreadsheets: typed cells become texts that mean the same, and remember how they were typed."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from typing import Any

import polars as pl
from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

from steelyard.calc.errors import Problem, Refused, did_you_mean

from .. import limits
from .headers import check_headers
from .sheet_marks import Marks, read_marks
from .table import Cell, Dialect, RawTable, Traits, Unreadable, column_names

_FIRST_SAFE_DAY = date(1900, 3, 1)  # before it, Excel's calendar has a 29 February that never was


def read_sheet(data: bytes, name: str, dialect: Dialect) -> RawTable:
    """The chosen sheet of a workbook; without a choice the only visible sheet that holds anything."""
    try:
        workbook = CalamineWorkbook.from_filelike(io.BytesIO(data))
    except CalamineError as error:
        raise Refused(Problem("truncated", "the spreadsheet cannot be opened", name, str(error), "save it again as XLSX")) from error
    with workbook:
        sheet, notes = _choose(workbook, name, dialect)
        rows = sheet.to_python(skip_empty_area=False)
        merged = sheet.merged_cell_ranges or []
    marks = read_marks(data, sheet.name)
    return _table(rows, name, replace(dialect, sheet=sheet.name), marks, [*notes, *_merged_note(merged, name, dialect)])


def _choose(workbook: CalamineWorkbook, name: str, dialect: Dialect) -> tuple[CalamineSheet, list[Problem]]:
    names = [meta.name for meta in workbook.sheets_metadata if meta.typ == SheetTypeEnum.WorkSheet]
    if dialect.sheet is not None:
        if dialect.sheet not in names:
            hint = did_you_mean(dialect.sheet, names)
            raise Refused(Problem("no_such_sheet", "the workbook has no such sheet", name, f"`{dialect.sheet}`", hint))
        return workbook.get_sheet_by_name(dialect.sheet), []
    visible = [
        meta.name for meta in workbook.sheets_metadata
        if meta.typ == SheetTypeEnum.WorkSheet and meta.visible == SheetVisibleEnum.Visible
    ]  # fmt: skip
    filled = [sheet for sheet in map(workbook.get_sheet_by_name, visible) if sheet.end is not None]
    if not filled:
        raise Refused(Problem("empty", "the workbook has no visible sheet that holds anything", name, ", ".join(names)))
    if len(filled) > 1:
        found = ", ".join(sheet.name for sheet in filled)
        raise Refused(Problem("several_sheets", "the workbook has several sheets", name, found, "write `sheet: NAME` into the mapping"))
    left = [other for other in names if other != filled[0].name]
    note = Problem("sheets_left_out", "sheets that were not read", name, ", ".join(left), "", "warning")
    return filled[0], [note] if left else []


def _merged_note(merged: Sequence[Any], name: str, dialect: Dialect) -> list[Problem]:
    below = [area for area in merged if area[1][0] >= dialect.header]
    if not below:
        return []
    hint = "only their first cell has a value; the others are read as blank"
    return [Problem("merged_cells", f"{len(below)} merged areas below the header", name, "", hint, "warning")]


def _table(rows: list[list[Any]], name: str, dialect: Dialect, marks: Marks, notes: list[Problem]) -> RawTable:
    head = _header(rows, name, dialect)
    width = max((index + 1 for index, cell in enumerate(head) if cell), default=0)
    body = rows[dialect.header :]
    width = max(width, max((_width(row) for row in body[:1000]), default=0))
    headers = check_headers([*head, *[""] * width][:width], name)
    while body and not _width(body[-1]):
        body.pop()
    if not body:
        raise Refused(Problem("empty", "the sheet has a header and no rows", name, hint="a nil report is sent with `--nil`"))
    if len(body) > limits.MOST_ROWS:
        raise Refused(
            Problem("too_many_rows", f"at most {limits.MOST_ROWS:,} rows are read", name, f"{len(body):,} rows", "split the file")
        )
    names = column_names(len(headers))
    texts: dict[str, pl.Series] = {}
    types: dict[str, pl.Series] = {}
    for index, (column, cells) in enumerate(zip(names, zip(*body, strict=True), strict=False)):
        texts[column] = pl.Series(column, [to_text(cell) for cell in cells], pl.String)
        codes = [_code(cell) for cell in cells]
        for row in marks.errors.get(index, ()):
            if 0 <= row - dialect.header < len(codes):
                codes[row - dialect.header] = Cell.ERROR
        if any(codes):
            types[column] = pl.Series(column, codes, pl.UInt8)
    frame = pl.DataFrame(texts)
    numbers = pl.int_range(dialect.header + 1, dialect.header + 1 + frame.height, dtype=pl.Int64, eager=True).alias("source_row")
    if hidden := [row for row in marks.hidden if row > dialect.header]:
        found = f"{len(hidden)} of {frame.height} rows"
        notes = [
            *notes,
            Problem("hidden_rows", "rows that are hidden or filtered away in the sheet were read too", name, found, "", "warning"),
        ]
    unreadable: tuple[Unreadable, ...] = ()
    return RawTable(headers, frame, numbers, unreadable, types, dialect.sheet or "", tuple(notes), dialect, Traits(quotes=False))


def _header(rows: list[list[Any]], name: str, dialect: Dialect) -> list[str]:
    if dialect.header == 0:
        return list(dialect.names) or [f"column {index}" for index in range(1, 1 + max(map(_width, rows), default=0))]
    head = [to_text(cell) for cell in rows[dialect.header - 1]] if dialect.header <= len(rows) else []
    if not any(cell.strip() for cell in head):
        raise Refused(Problem("no_header", f"row {dialect.header} is blank; the header is expected there", name,
                              hint="write `header: N` with the row of the header into the mapping"))  # fmt: skip
    return head


def _width(row: Sequence[Any]) -> int:
    return next((index for index in range(len(row), 0, -1) if row[index - 1] != ""), 0)


def _code(cell: Any) -> Cell:
    if isinstance(cell, str):
        return Cell.TEXT
    if isinstance(cell, bool):
        return Cell.YES_NO
    if isinstance(cell, int | float):
        return Cell.NUMBER
    return Cell.DATE


def to_text(cell: Any) -> str:
    """A cell as text: numbers with the 15 digits that Excel keeps, days as YYYY-MM-DD."""
    if isinstance(cell, str):
        return cell
    if isinstance(cell, bool):
        return "yes" if cell else "no"
    if isinstance(cell, float):
        return number_text(cell)
    if isinstance(cell, datetime):
        return cell.date().isoformat() if cell.time() == time() else cell.isoformat(" ")
    if isinstance(cell, date | time):
        return cell.isoformat()
    if isinstance(cell, timedelta):
        return str(cell)
    return str(cell)


def number_text(value: float) -> str:
    """A spreadsheet's number in plain digits: ``1234.5``, never ``1234.5000000001``; huge ones stay visibly scientific."""
    text = f"{value:.15g}"
    if "e" not in text:
        return text
    if value == int(value) and abs(value) < 1e21:
        return str(int(value)) if abs(value) < 1e15 else text.replace("e", "E")
    return f"{value:.20f}".rstrip("0") if abs(value) < 1 else text.replace("e", "E")


def is_safe_day(day: date) -> bool:
    """Whether Excel's serial numbers and the calendar agree on a day."""
    return day >= _FIRST_SAFE_DAY
