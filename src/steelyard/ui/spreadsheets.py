"""Tables as files: CSV, XLSX and Parquet, typed. The one place where the product writes files for spreadsheets.

Numbers come as whole numbers in the grain of their unit and are written as numbers. A text that a spreadsheet would run as a
formula gets an apostrophe in CSV, and is a text cell in XLSX.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import polars as pl
import xlsxwriter

from steelyard.calc.errors import Problem, Refused, did_you_mean
from steelyard.calc.units import DECIMALS

from .escaping import protect, protected

FORMS = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "parquet": "application/vnd.apache.parquet",
}
_EXCEL_ROWS = 1_048_576
_EXCEL_CELL = 32_767  # characters
_EXCEL_DIGITS = 15  # more than a spreadsheet's numbers keep: written as text
_EXCEL_FIRST_YEAR = 1900


@dataclass(frozen=True)
class Table:
    """Rows to be written. ``units``: the unit of each column of whole grains. ``titles``: heads for people, in column order."""

    title: str
    frame: pl.DataFrame
    units: Mapping[str, str] = field(default_factory=dict)
    titles: Sequence[str] = ()

    def places(self, name: str) -> int | None:
        """Decimals of a column of numbers; None for all others."""
        return DECIMALS.get(self.units.get(name, ""))

    @property
    def heads(self) -> list[str]:
        """What stands above the columns in CSV and XLSX; Parquet keeps their names."""
        return list(self.titles) or self.frame.columns


def write(table: Table, form: str) -> bytes:
    """The file's bytes."""
    if form not in FORMS:
        raise Refused(Problem("unknown_format", "no such format", "format", f"`{form}`", did_you_mean(form, FORMS)))
    writers: dict[str, Callable[[Table], bytes]] = {"csv": _csv, "xlsx": _xlsx, "parquet": _parquet}
    return writers[form](table)


def _csv(table: Table) -> bytes:
    texts = {
        name: _decimal_text(pl.col(name), places) if (places := table.places(name)) is not None
        else protect(pl.col(name)) if dtype == pl.String
        else _yes_no(pl.col(name)) if dtype == pl.Boolean
        else pl.col(name)
        for name, dtype in table.frame.schema.items()
    }  # fmt: skip
    body = table.frame.select(**texts)
    if not table.titles:
        return body.write_csv(line_terminator="\r\n").encode()
    head = ",".join(_quoted(protected(title)) for title in table.titles) + "\r\n"
    return (head + body.write_csv(line_terminator="\r\n", include_header=False)).encode()


def _quoted(text: str) -> str:
    return '"{}"'.format(text.replace('"', '""')) if any(sign in text for sign in ',"\r\n') else text


def _yes_no(column: pl.Expr) -> pl.Expr:
    return pl.when(column).then(pl.lit("yes")).when(~column).then(pl.lit("no"))


def _decimal_text(column: pl.Expr, places: int | None) -> pl.Expr:
    """Whole grains as decimal text without needless zeros."""
    if not places:
        return column.cast(pl.String)
    size = column.abs()
    decimals = (size % 10**places).cast(pl.String).str.zfill(places).str.strip_chars_end("0")
    text = (size // 10**places).cast(pl.String) + pl.when(decimals == "").then(pl.lit("")).otherwise(pl.lit(".") + decimals)
    return pl.when(column < 0).then(pl.lit("-") + text).otherwise(text)


def _parquet(table: Table) -> bytes:
    stream = io.BytesIO()
    natural = table.frame.with_columns(
        _decimal_text(pl.col(name), places).cast(pl.Decimal(38, places)).alias(name)
        for name in table.frame.columns
        if (places := table.places(name))
    )
    natural.write_parquet(stream)
    return stream.getvalue()


def _xlsx(table: Table) -> bytes:
    return write_book([table])


def write_book(tables: Sequence[Table]) -> bytes:
    """An XLSX file with one sheet per table, each typed as a single one would be."""
    for table in tables:
        if table.frame.height >= _EXCEL_ROWS:
            _refuse(f"a sheet holds {_EXCEL_ROWS - 1:,} rows", f"{table.frame.height:,} rows")
    stream = io.BytesIO()
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "default_date_format": "yyyy-mm-dd"}
    book = xlsxwriter.Workbook(stream, options)
    bold, moment = book.add_format({"bold": True}), book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"})
    for table in tables:
        _write_sheet(book.add_worksheet(_sheet_name(table.title)), table, bold, moment)
    book.close()
    return stream.getvalue()


def _write_sheet(sheet: Any, table: Table, bold: Any, moment: Any) -> None:
    frame = table.frame
    for column, head in enumerate(table.heads):
        sheet.write_string(0, column, head, bold)
    numbers = {name: places for name in frame.columns if (places := table.places(name)) is not None}
    shown = frame.with_columns(
        *(_decimal_text(pl.col(name), places).alias(name) for name, places in numbers.items()),
        *(_yes_no(pl.col(name)).alias(name) for name, dtype in frame.schema.items() if dtype == pl.Boolean),
    )
    for row, cells in enumerate(shown.iter_rows(), start=1):
        for column, (name, cell) in enumerate(zip(frame.columns, cells, strict=True)):
            if cell is not None:
                _write_cell(sheet, row, column, cell, number=name in numbers, moment=moment)


def _write_cell(sheet: Any, row: int, column: int, cell: Any, *, number: bool, moment: Any) -> None:
    if number and len(cell.lstrip("-").replace(".", "").lstrip("0")) <= _EXCEL_DIGITS:
        sheet.write_number(row, column, float(cell))  # at most 15 digits: the cell shows exactly these
    elif isinstance(cell, str):
        if len(cell) > _EXCEL_CELL:
            _refuse(f"a cell holds {_EXCEL_CELL:,} characters", f"{len(cell):,} characters")
        sheet.write_string(row, column, cell)
    elif cell.year < _EXCEL_FIRST_YEAR:
        sheet.write_string(row, column, cell.isoformat())
    elif isinstance(cell, datetime):
        sheet.write_datetime(row, column, cell, moment)
    else:
        sheet.write_datetime(row, column, cell)


def _refuse(message: str, found: str) -> None:
    raise Refused(Problem("too_many_rows", message, "format", found, "export CSV or Parquet"))


def _sheet_name(title: str) -> str:
    """A title without the signs that a sheet's name may not have."""
    return "".join(" " if sign in "[]:*?/\\'" else sign for sign in title if sign.isprintable())[:31].strip() or "Rows"
