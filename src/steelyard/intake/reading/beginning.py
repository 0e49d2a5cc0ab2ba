"""The first rows of a file as they stand, before anybody knows where its header is: what a person sees who opens it."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass, replace
from itertools import islice
from typing import Any

from python_calamine import CalamineError, CalamineWorkbook

from steelyard.calc.errors import Problem, Refused

from .. import limits
from .encoding import decode
from .separators import find_separator, sep_line
from .sheet_marks import refuse_sparse
from .sheets import cell_code, filled_sheets, to_text
from .signature import OLE, PARQUET, ZIP, what_is
from .strict import rows_reader
from .table import Dialect

ROWS = 300
_WHOLE = (ZIP, PARQUET, OLE, b"\xff\xfe", b"\xfe\xff")  # files that begin so cannot be cut after a line


@dataclass(frozen=True, slots=True)
class Beginning:
    """The first rows of one table. ``codes``: how a spreadsheet typed each cell; ``sheet`` is blank for text."""

    sheet: str
    rows: tuple[tuple[str, ...], ...]
    codes: tuple[tuple[int, ...], ...]


def beginnings(data: bytes, name: str, dialect: Dialect) -> tuple[list[Beginning], Dialect]:
    """The beginning of every visible sheet that holds anything, or of the one text; and the dialect with what was found.

    Parquet has none: it says itself what its columns are called.
    """
    kind = what_is(data, name)
    if kind == "parquet":
        return [], dialect
    if kind == "sheet":
        return _of_workbook(data, name), dialect
    decoded = decode(cut_after_a_line(data), dialect.encoding, name)
    named, skipped = sep_line(decoded.utf8)
    text = decoded.utf8[skipped:]
    found = replace(dialect, encoding=decoded.encoding, separator=dialect.separator or named or find_separator(text, dialect))
    return [_of_text(text.decode("utf-8", "backslashreplace"), found)], found


def cut_after_a_line(data: bytes) -> bytes:
    """Of a large text the first lines; everything else whole."""
    if len(data) <= limits.LOOKED_AT or data.startswith(_WHOLE):
        return data
    return data[: data.rfind(b"\n", 0, limits.LOOKED_AT) + 1] or data


def _of_text(text: str, dialect: Dialect) -> Beginning:
    separator = dialect.separator or ","
    rows: list[tuple[str, ...]] = []
    if len(separator) > 1:
        rows = [tuple(line.split(separator)) for line in text.split("\n")[:ROWS]]
    else:
        reader = rows_reader(text, separator, dialect.quote, strict=False)
        with suppress(csv.Error):  # reading says where and why; what was read until then tells enough
            rows.extend(tuple(row) for row in islice(reader, ROWS))
    return Beginning("", tuple(rows), tuple((0,) * len(row) for row in rows))


def _of_workbook(data: bytes, name: str) -> list[Beginning]:
    try:
        workbook = CalamineWorkbook.from_filelike(io.BytesIO(data))
        for meta in workbook.sheets_metadata:
            refuse_sparse(data, meta.name, name)
        with workbook:
            return [_of_sheet(sheet.name, sheet.start[1] if sheet.start else 0, sheet.iter_rows()) for sheet in filled_sheets(workbook)]
    except CalamineError as error:
        raise Refused(Problem("truncated", "the spreadsheet cannot be opened", name, str(error), "save it again as XLSX")) from error


def _of_sheet(name: str, margin: int, rows: Iterable[list[Any]]) -> Beginning:
    cells = [[*[""] * margin, *row] for row in islice(rows, ROWS)]
    return Beginning(
        name, tuple(tuple(map(to_text, row)) for row in cells), tuple(tuple(map(cell_code, row)) for row in cells)
    )  # fmt: skip
