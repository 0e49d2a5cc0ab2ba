"""Spreadsheets: typed cells become texts that mean the same, and remember how they were typed."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from itertools import chain, islice
from typing import Any

import polars as pl
from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

from steelyard.calc.errors import Problem, Refused, did_you_mean

from .. import limits
from .headers import check_headers, joined, plain
from .sheet_marks import Marks, read_marks, refuse_sparse
from .sheet_notes import one_below_the_other, with_hidden, with_macros, with_merged
from .table import SHEET_STEP, Cell, Dialect, RawTable, Traits, column_names

CHUNK = 50_000
EVERY = "*"  # as the name of a sheet


def read_sheet(data: bytes, name: str, dialect: Dialect) -> RawTable:
    """The chosen sheet of a workbook; without a choice the only visible sheet that holds anything."""
    try:
        workbook = CalamineWorkbook.from_filelike(io.BytesIO(data))
        for meta in workbook.sheets_metadata:
            refuse_sparse(data, meta.name, name)
        with workbook:
            if dialect.sheet == EVERY:
                return _every(data, workbook, name, dialect)
            sheet, notes = _choose(workbook, name, dialect)
            return _one(data, sheet, name, dialect, notes)
    except CalamineError as error:
        raise Refused(Problem("truncated", "the spreadsheet cannot be opened", name, str(error), "save it again as XLSX")) from error


def _one(data: bytes, sheet: CalamineSheet, name: str, dialect: Dialect, notes: list[Problem]) -> RawTable:
    table = _table(sheet, name, replace(dialect, sheet=sheet.name), read_marks(data, sheet.name), notes)
    return with_macros(with_merged(table, sheet.merged_cell_ranges or [], name), data, name)


def _every(data: bytes, workbook: CalamineWorkbook, name: str, dialect: Dialect) -> RawTable:
    """The visible sheets that have the headers of the first, one below the other; the others are named."""
    filled = filled_sheets(workbook)
    read: list[RawTable] = []
    left = []
    for sheet in filled:
        try:
            table = _one(data, sheet, name, dialect, [])
        except Refused:
            if not read:
                raise
            left.append(sheet.name)
            continue
        if read and [plain(header) for header in table.headers] != [plain(header) for header in read[0].headers]:
            left.append(sheet.name)
        else:
            read.append(table)
    if not read:
        raise Refused(Problem("empty", "the workbook has no visible sheet that holds anything", name))
    return _stacked(read, left, name, dialect)


def _stacked(tables: list[RawTable], left: list[str], name: str, dialect: Dialect) -> RawTable:
    """Tables of one shape as one; the rows of each further sheet keep the number that its sheet shows, behind a step."""
    first = tables[0]
    numbers = pl.concat([table.source_rows + at * SHEET_STEP for at, table in enumerate(tables)])
    typed = {column for table in tables for column in table.types}
    plain_text = [pl.repeat(0, table.frame.height, dtype=pl.UInt8, eager=True) for table in tables]
    types = {
        column: pl.concat([table.types.get(column, text) for table, text in zip(tables, plain_text, strict=True)]).alias(column)
        for column in sorted(typed)
    }
    notes = [note for table in tables for note in table.notes]
    found = ", ".join(f"{at}: {table.sheet}" for at, table in enumerate(tables, start=1))
    notes.append(Problem("sheets_read", f"{len(tables)} sheets were read, one below the other", name, found, "", "warning"))
    if left:
        notes.append(Problem("sheets_left_out", "sheets that were not read", name, ", ".join(left), "", "warning"))
    return replace(
        first, frame=pl.concat([table.frame for table in tables]), source_rows=numbers, types=types, notes=tuple(notes),
        sheet=", ".join(table.sheet for table in tables), dialect=dialect, **one_below_the_other(tables),
    )  # fmt: skip


def filled_sheets(workbook: CalamineWorkbook) -> list[CalamineSheet]:
    """The visible sheets that hold anything."""
    seen = [meta for meta in workbook.sheets_metadata if meta.typ == SheetTypeEnum.WorkSheet and meta.visible == SheetVisibleEnum.Visible]
    return [sheet for meta in seen if (sheet := workbook.get_sheet_by_name(meta.name)).end is not None]


def _choose(workbook: CalamineWorkbook, name: str, dialect: Dialect) -> tuple[CalamineSheet, list[Problem]]:
    sheets = [meta for meta in workbook.sheets_metadata if meta.typ == SheetTypeEnum.WorkSheet]
    names = [meta.name for meta in sheets]
    if dialect.sheet is not None:
        if dialect.sheet not in names:
            hint = did_you_mean(dialect.sheet, names)
            raise Refused(Problem("no_such_sheet", "the workbook has no such sheet", name, f"`{dialect.sheet}`", hint))
        return workbook.get_sheet_by_name(dialect.sheet), []
    filled = filled_sheets(workbook)
    if not filled:
        raise Refused(Problem("empty", "the workbook has no visible sheet that holds anything", name, ", ".join(names)))
    if len(filled) > 1:
        found = ", ".join(sheet.name for sheet in filled)
        raise Refused(Problem("several_sheets", "the workbook has several sheets", name, found, "write `sheet: NAME` into the mapping"))
    left = [other for other in names if other != filled[0].name]
    note = Problem("sheets_left_out", "sheets that were not read", name, ", ".join(left), "", "warning")
    return filled[0], [note] if left else []


def _table(sheet: CalamineSheet, name: str, dialect: Dialect, marks: Marks, notes: list[Problem]) -> RawTable:
    margin = [""] * (sheet.start[1] if sheet.start else 0)  # the reader leaves out empty columns at the left, never rows
    rows = ([*margin, *row] for row in sheet.iter_rows())
    above = list(islice(rows, max(dialect.header, 1)))
    head = _header(above, name, dialect)
    first = above if dialect.header == 0 else []
    width = max((len(margin) + sheet.width, *(index + 1 for index, cell in enumerate(head) if cell)), default=0)
    headers = check_headers([*head, *[""] * width][:width], name)
    pieces, codes = _pieces(chain(first, rows), column_names(len(headers)))
    if not pieces:
        raise Refused(Problem("empty", "the sheet has a header and no rows", name, hint="a nil report is sent with `--nil`"))
    frame = pl.concat(pieces)
    filled = frame.select(pl.any_horizontal(pl.all() != "")).to_series().arg_true()
    height = int(filled[-1]) + 1 if filled.len() else 0
    if not height:
        raise Refused(Problem("empty", "the sheet has a header and no rows", name, hint="a nil report is sent with `--nil`"))
    if height > limits.MOST_ROWS:
        raise Refused(Problem("too_many_rows", f"at most {limits.MOST_ROWS:,} rows are read", name, f"{height:,} rows", "split the file"))
    types = _types(codes, marks, dialect.header, height)
    numbers = pl.int_range(dialect.header + 1, dialect.header + 1 + height, dtype=pl.Int64, eager=True).alias("source_row")
    table = RawTable(headers, frame.head(height), numbers, (), types, dialect.sheet or "", tuple(notes), dialect, Traits(quotes=False))
    return with_hidden(table, marks, name)


def _pieces(rows: Iterator[Sequence[Any]], names: list[str]) -> tuple[list[pl.DataFrame], dict[str, list[pl.Series]]]:
    """The rows as text columns and their cells' types, a piece at a time, so that a long sheet stays small in memory."""
    pieces, codes = [], {name: [] for name in names}  # type: tuple[list[pl.DataFrame], dict[str, list[pl.Series]]]
    while piece := list(islice(rows, CHUNK)):
        texts = {}
        for name, cells in zip(names, zip(*piece, strict=True), strict=True):
            kinds = set(map(type, cells))
            texts[name] = pl.Series(name, cells if kinds == {str} else [_TEXT[type(cell)](cell) for cell in cells], pl.String)
            told = [_CODE[type(cell)] for cell in cells] if kinds != {str} else None
            codes[name].append(pl.Series(told, dtype=pl.UInt8) if told else pl.repeat(0, len(cells), dtype=pl.UInt8, eager=True))
        pieces.append(pl.DataFrame(texts))
    return pieces, codes


def _types(codes: dict[str, list[pl.Series]], marks: Marks, header: int, height: int) -> dict[str, pl.Series]:
    """The types of the columns that are not all text; cells with an error are marked as such."""
    types = {}
    for index, (name, pieces) in enumerate(codes.items()):
        series = pl.concat(pieces).head(height)
        broken = [row - header for row in marks.errors.get(index, ()) if header <= row < header + height]
        if broken:
            series = series.scatter(broken, int(Cell.ERROR))
        if (series != 0).any():
            types[name] = series.alias(name)
    return types


def _header(rows: Sequence[Sequence[Any]], name: str, dialect: Dialect) -> list[str]:
    if dialect.header == 0:
        return list(dialect.names) or [f"column {index}" for index in range(1, 1 + max(map(_width, rows), default=0))]
    head = joined([[to_text(cell) for cell in row] for row in rows[dialect.header - dialect.header_rows : dialect.header]] or [[]])
    if not any(cell.strip() for cell in head):
        raise Refused(Problem("no_header", f"row {dialect.header} is blank; the header is expected there", name,
                              hint="write `header: N` with the row of the header into the mapping"))  # fmt: skip
    return head


def _width(row: Sequence[Any]) -> int:
    return next((index for index in range(len(row), 0, -1) if row[index - 1] != ""), 0)


def _moment(cell: datetime) -> str:
    return cell.date().isoformat() if cell.time() == time() else cell.isoformat(" ")


def number_text(value: float) -> str:
    """A spreadsheet's number in plain digits: ``1234.5``, never ``1234.5000000001``; huge ones stay visibly scientific."""
    text = f"{value:.15g}"
    if "e" not in text:
        return text
    if value == int(value) and abs(value) < 1e21:
        return str(int(value)) if abs(value) < 1e15 else text.replace("e", "E")
    return f"{value:.20f}".rstrip("0") if abs(value) < 1 else text.replace("e", "E")


# how a cell becomes text: numbers with the 15 digits that Excel keeps, days as YYYY-MM-DD
_TEXT: dict[type, Callable[[Any], str]] = {
    str: str, bool: lambda cell: "yes" if cell else "no", int: str, float: number_text, datetime: _moment, date: date.isoformat,
    time: time.isoformat, timedelta: str,
}  # fmt: skip
_CODE: dict[type, int] = {
    str: Cell.TEXT, bool: Cell.YES_NO, int: Cell.NUMBER, float: Cell.NUMBER, datetime: Cell.DATE, date: Cell.DATE, time: Cell.DATE,
    timedelta: Cell.DATE,
}  # fmt: skip


def to_text(cell: Any) -> str:
    """One cell as text."""
    return _TEXT[type(cell)](cell)


def cell_code(cell: Any) -> int:
    """How the spreadsheet typed one cell."""
    return _CODE[type(cell)]
