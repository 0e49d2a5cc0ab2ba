"""Delimited text: encoding, separator, header; then the fast way if it is proved safe, else the strict one."""

from __future__ import annotations

import itertools
from dataclasses import replace

import polars as pl

from steelyard.calc.errors import Problem, Refused

from .. import limits
from .encoding import decode
from .headers import check_headers, joined
from .quick import Quick, read_quickly
from .separators import find_separator, sep_line
from .strict import damaged_place, odd_row, read_strictly, rows_of, visible
from .table import Dialect, RawTable, Unreadable
from .tally import Tally


def read_delimited(data: bytes, name: str, dialect: Dialect, *, quick: bool = True) -> RawTable:
    """The one table of a delimited text file. ``quick=False`` forces the strict way (tests compare both)."""
    decoded = decode(data, dialect.encoding, name)
    utf8 = decoded.utf8
    named, skipped = sep_line(utf8)
    if skipped:
        utf8 = utf8[skipped:]
    separator = dialect.separator or named or find_separator(utf8, dialect)
    dialect = replace(dialect, encoding=decoded.encoding, separator=separator)
    head, offset = _header(utf8, dialect, name, bool(decoded.damaged))
    headers = check_headers(head, name)
    first_row = dialect.header + 1
    fast = None
    if quick and offset is not None and not _visible(dialect.line_end):
        shift = skipped + offset
        damaged = [place - shift for place in decoded.damaged]
        if not damaged or damaged[0] >= 0:
            fast = read_quickly(memoryview(utf8)[offset:], separator, dialect.quote, len(headers), damaged)
    if fast is not None:
        frame, numbers, unreadable = _merged(fast, dialect, len(headers), first_row, decoded.damaged, name)
    else:
        errors = "surrogateescape" if decoded.damaged else "strict"
        rows = rows_of(utf8.decode("utf-8", errors), separator, dialect.quote, dialect.line_end, name)
        below = itertools.islice(rows, dialect.header, None)
        frame, numbers, unreadable = read_strictly(below, len(headers), first_row, decoded.damaged)
    traits = Tally(utf8).traits()
    table = RawTable(
        headers, frame, numbers, tuple(unreadable), notes=decoded.notes, dialect=dialect, traits=traits
    )  # fmt: skip
    if table.rows == 0:
        raise Refused(Problem("empty", "the file has a header and no rows", name, hint="a nil report is sent with `--nil`"))
    if table.rows > limits.MOST_ROWS:
        raise Refused(
            Problem("too_many_rows", f"at most {limits.MOST_ROWS:,} rows are read", name, f"{table.rows:,} rows", "split the file")
        )
    return table


def _merged(
    fast: Quick, dialect: Dialect, columns: int, first_row: int, damaged: tuple[int, ...], name: str
) -> tuple[pl.DataFrame, pl.Series, list[Unreadable]]:
    """The rows read fast, and the odd lines read one by one."""
    offsets = iter(damaged) if damaged else None
    unreadable = []
    for index, line in fast.odd:
        text = line.decode("utf-8", "surrogateescape")
        row = next(rows_of(text, dialect.separator or ",", dialect.quote, None, name), [])
        problem = odd_row(row, columns, offsets)
        if problem is not None:
            unreadable.append(Unreadable(first_row + index, visible(row), problem, damaged_place(row)))
    return fast.frame, (fast.indices + first_row).alias("source_row"), unreadable


def _visible(line_end: str | None) -> bool:
    return bool(line_end and line_end.strip("\r\n"))


def _header(data: bytes, dialect: Dialect, name: str, damaged: bool) -> tuple[list[str], int | None]:
    """The header row, and where the rows below it begin; no offset where the header stands behind quoted line breaks."""
    if dialect.header == 0:
        return list(dialect.names) or _numbered(data, dialect, name), 0
    if dialect.header_rows > 1:
        above = rows_of(data.decode("utf-8", "replace"), dialect.separator or ",", dialect.quote, dialect.line_end, name)
        rows = itertools.islice(above, dialect.header - dialect.header_rows, dialect.header)
        return _needed(joined(list(rows) or [[]]), dialect, name), None
    offset = _line_offset(data, dialect.header)
    start = _line_offset(data, dialect.header - 1)
    simple = not _visible(dialect.line_end) and b"\r" not in data[:offset].replace(b"\r\n", b"")
    if simple and (not dialect.quote or dialect.quote.encode() not in data[:start]):
        line = data[start:offset].decode("utf-8", "replace")
        if dialect.quote and line.count(dialect.quote) % 2:
            offset = -1  # a header with a line break inside
        else:
            row = next(rows_of(line, dialect.separator or ",", dialect.quote, None, name), [])
            return _needed(row, dialect, name), offset
    rest = rows_of(data.decode("utf-8", "replace"), dialect.separator or ",", dialect.quote, dialect.line_end, name)
    row = next(itertools.islice(rest, dialect.header - 1, None), [])
    return _needed(row, dialect, name), None


def _needed(row: list[str], dialect: Dialect, name: str) -> list[str]:
    if not any(cell.strip() for cell in row):
        raise Refused(Problem("no_header", f"row {dialect.header} is blank; the header is expected there", name,
                              hint="write `header: N` with the row of the header into the mapping"))  # fmt: skip
    return row


def _numbered(data: bytes, dialect: Dialect, name: str) -> list[str]:
    rows = rows_of(data.decode("utf-8", "replace"), dialect.separator or ",", dialect.quote, dialect.line_end, name)
    first = next((row for row in rows if row), [])
    return [f"column {index}" for index in range(1, len(first) + 1)]


def _line_offset(data: bytes, lines: int) -> int:
    """Where the text begins after so many line ends."""
    offset = 0
    for _ in range(lines):
        found = data.find(b"\n", offset)
        if found < 0:
            return len(data)
        offset = found + 1
    return offset
