"""The strict way for delimited text: row by row, so that every odd row gets its number and its reason."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator
from typing import Any

import polars as pl

from steelyard.calc.errors import Problem, Refused

from .table import Unreadable, column_names

CHUNK = 50_000
csv.field_size_limit(2**31 - 1)  # long cells are quarantined by `checking`, not refused by the csv module


def rows_of(text: str, separator: str, quote: str | None, line_end: str | None, name: str) -> Iterator[list[str]]:
    """The rows of the text, blank ones as ``[]``; refuses the file when a quote is never closed."""
    if len(separator) > 1 or (line_end and line_end.strip("\r\n")):
        yield from _split(text, separator, line_end)
        return
    reader = rows_reader(text, separator, quote, strict=True)
    row_number, line_number = 0, 0
    try:
        for row in reader:
            yield row
            row_number += 1
            line_number = reader.line_num
    except csv.Error as error:
        raise Refused(
            Problem(
                "unclosed_quote", "a quote is opened and not closed where the cell ends", f"{name}, row {row_number + 1}",
                f"{_line(text, line_number)} ({error})", f"close the quote that opens in line {line_number + 1}, or write `quote: none`",
            )
        ) from error  # fmt: skip


def rows_reader(text: str, separator: str, quote: str | None, *, strict: bool) -> Any:
    """Python's reader over a text, with a quote character or without any."""
    stream = io.StringIO(text, newline="")
    if quote:
        return csv.reader(stream, delimiter=separator, quotechar=quote, strict=strict)
    return csv.reader(stream, delimiter=separator, quoting=csv.QUOTE_NONE, strict=strict)


def _line(text: str, number: int) -> str:
    for index, line in enumerate(io.StringIO(text)):
        if index == number:
            return f"`{line.strip()[:80]}`"
    return ""


def _split(text: str, separator: str, line_end: str | None) -> Iterator[list[str]]:
    """Separators and line ends of several characters, as database exports use; they know no quotes."""
    if line_end and line_end.strip("\r\n"):
        end = line_end.rstrip("\r\n")
        pieces = text.split(end)
        if not pieces[-1].strip("\r\n"):
            pieces.pop()
        rows: Iterator[str] = (_without_break(piece) for piece in pieces)
    else:
        rows = iter(text.replace("\r\n", "\n").replace("\r", "\n").removesuffix("\n").split("\n"))
    for row in rows:
        yield row.split(separator) if row else []


def _without_break(piece: str) -> str:
    """The line break after a visible line end belongs to it."""
    return piece.removeprefix("\r\n") if piece.startswith("\r\n") else piece.removeprefix("\n")


def read_strictly(
    rows: Iterable[list[str]], columns: int, first_row: int, damaged: Iterable[int] = ()
) -> tuple[pl.DataFrame, pl.Series, list[Unreadable]]:
    """Rows of the header's width as text columns with their numbers, and the rows that are not; ``damaged`` are byte offsets."""
    names = column_names(columns)
    frames: list[pl.DataFrame] = []
    numbers: list[int] = []
    chunk: list[list[str]] = []
    unreadable: list[Unreadable] = []
    offsets = list(damaged)
    remaining = iter(offsets)
    empty = [""] * columns
    for number, row in enumerate(rows, start=first_row):
        problem = odd_row(row, columns, remaining if offsets else None)
        if problem is not None:
            unreadable.append(Unreadable(number, visible(row), problem, damaged_place(row)))
            continue
        chunk.append(row if len(row) == columns else empty)
        numbers.append(number)
        if len(chunk) == CHUNK:
            frames.append(_frame(chunk, names))
            chunk = []
    frames.append(_frame(chunk, names))
    return pl.concat(frames), pl.Series("source_row", numbers, pl.Int64), unreadable


def damaged_place(row: list[str]) -> int | None:
    """Which cell of a row holds bytes that are not in the file's encoding."""
    return next((index for index, cell in enumerate(row) if any("\udc80" <= character <= "\udcff" for character in cell)), None)


def odd_row(row: list[str], columns: int, damaged: Iterator[int] | None) -> Problem | None:
    """Why a row cannot be read as a row of so many columns, if so; a blank row can."""
    if damaged is not None and (problem := _damage(row, damaged)):
        return problem
    return _width(row, columns) if len(row) != columns and any(cell.strip() for cell in row) else None


def visible(row: list[str]) -> tuple[str, ...]:
    """The row's cells with damaged bytes written as ``\\xff``."""
    return tuple(cell.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace") for cell in row)


def _frame(chunk: list[list[str]], names: list[str]) -> pl.DataFrame:
    return pl.DataFrame(chunk, schema=dict.fromkeys(names, pl.String), orient="row")


def _width(row: list[str], columns: int) -> Problem:
    longer = len(row) > columns
    hint = "a separator inside a text needs quotes around the text" if longer else "the row may be cut off"
    found = f"{len(row)} cells, expected {columns}"
    return Problem("column_count", f"the row has {'more' if longer else 'fewer'} cells than the header", "", found, hint)


def _damage(row: list[str], offsets: Iterator[int]) -> Problem | None:
    """Bytes that are not in the file's encoding come through as lone surrogates."""
    bad = [character for cell in row for character in cell if "\udc80" <= character <= "\udcff"]
    if not bad:
        return None
    first, *_ = [next(offsets, None) for _ in bad]
    place = f"byte {first:,} (0x{ord(bad[0]) - 0xDC00:02x})" if first is not None else "a byte"
    found = next(cell for cell in visible(row) if "\\x" in cell)
    hint = "if the file is not UTF-8, write `encoding:` into the mapping"
    return Problem("bad_byte", f"{place} of the file is not in its encoding", "", found, hint)
