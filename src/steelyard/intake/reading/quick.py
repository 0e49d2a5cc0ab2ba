"""The fast way for delimited text: Polars reads it, after the bytes have proved that it reads as the strict way would.

Proof: no NUL and no lone CR; every quote opens at the start of a cell and closes at its end (doubled quotes inside);
the separators outside quotes are exactly as many as rows of full width have, and no row has more cells (Polars
refuses). Where the count is wrong or bytes are damaged, the lines at fault are found, cut out and read strictly, one by
one. `test_reading_paths` checks on generated files that both ways give the same table.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl

from .strict import rows_of
from .table import column_names
from .tally import Tally

Lines = list[tuple[int, bytes]]  # index of the row below the header, its bytes


@dataclass(frozen=True, slots=True)
class Quick:
    """The rows of the header's width with their index below the header, and the lines that must be read strictly."""

    frame: pl.DataFrame
    indices: pl.Series
    odd: Lines


def read_quickly(body: bytes | memoryview, separator: str, quote: str | None, columns: int, damaged: Sequence[int] = ()) -> Quick | None:
    """Read the rows below the header; None when the bytes prove nothing and the strict way must read them all.

    ``damaged`` are offsets in ``body`` of bytes that are not UTF-8.
    """
    mark = quote.encode() if quote else b""
    if columns < 2 or len(separator) != 1 or ord(separator) > 127 or len(mark) > 1 or separator in "\r\n" + (quote or ""):
        return None
    full_row = separator.encode() * (columns - 1) + b"\n"  # a first row of full width, so that Polars knows the width
    end = b"" if body[-1:] == b"\n" or not body else b"\n"
    tally = Tally(b"".join((full_row, body, end)))
    if b"\0" in tally.data or tally.lone_returns():
        return None
    quoted = bool(mark) and mark in tally.data
    places = np.flatnonzero(tally.view == mark[0]) if quoted else np.empty(0, np.int64)
    if quoted and not quotes_are_well_formed(tally.view, places, separator.encode()):
        return None
    used = quote if quoted else None
    if not damaged:
        frame = _polars(tally.data, separator, used, columns)
        if frame is not None and _is_full(frame, tally, separator, quoted, columns):
            return Quick(frame.slice(1), pl.int_range(frame.height - 1, dtype=pl.Int64, eager=True), [])
    return _without_odd_lines(tally, separator, used, columns, places, [offset + len(full_row) for offset in damaged])


def _is_full(frame: pl.DataFrame, tally: Tally, separator: str, quoted: bool, columns: int) -> bool:
    """Whether the separators and line ends outside quotes are those of rows of full width."""
    separators, rows = tally.count(separator.encode()), tally.rows
    if quoted:
        inside = [frame.select(pl.all().str.count_matches(mark, literal=True).sum()).row(0) for mark in (separator, "\n")]
        separators -= sum(inside[0])
        rows -= sum(inside[1])
    return frame.height == rows and separators == rows * (columns - 1)


def _polars(data: bytes, separator: str, quote: str | None, columns: int) -> pl.DataFrame | None:
    try:
        return pl.read_csv(
            data, has_header=False, separator=separator, quote_char=quote, schema=dict.fromkeys(column_names(columns), pl.String),
            empty_string_is_null=False, truncate_ragged_lines=False,
        )  # fmt: skip
    except pl.exceptions.PolarsError:  # a row of another width: the count of separators names it
        return None


def _without_odd_lines(
    tally: Tally, separator: str, quote: str | None, columns: int, quotes: np.ndarray, damaged: Sequence[int]
) -> Quick | None:
    """Cut out the lines of another width or with damaged bytes; Polars reads the rest."""
    ends = np.flatnonzero(tally.view == 10)
    marks = np.flatnonzero(tally.view == ord(separator))
    if quote:  # an odd number of quotes before it: inside a cell
        ends = ends[np.searchsorted(quotes, ends) % 2 == 0]
        marks = marks[np.searchsorted(quotes, marks) % 2 == 0]
    if len(ends) == 0 or ends[-1] != len(tally.data) - 1:
        ends = np.append(ends, len(tally.data))
    starts = np.append(0, ends[:-1] + 1)
    widths = np.diff(np.append(0, np.searchsorted(marks, ends)))
    lengths = ends - starts
    crlf = (lengths == 1) & (tally.view[np.minimum(starts, len(tally.view) - 1)] == 13)
    odd = (widths != columns - 1) & (lengths > 0) & ~crlf
    if len(damaged):
        odd[np.searchsorted(ends, np.asarray(damaged))] = True
    positions = np.flatnonzero(odd)
    if len(positions) > max(1000, len(ends) // 10):
        return None  # not a table of this width: the strict way explains it
    pieces, lines, cursor = [], [], 0
    for position in positions:
        pieces.append(tally.data[cursor : starts[position]])
        line = tally.data[starts[position] : ends[position]]
        if _is_blank(line, separator, quote):
            pieces.append(tally.data[: columns - 1] + b"\n")
            odd[position] = False
        else:
            lines.append((int(position) - 1, line))
        cursor = int(ends[position]) + 1
    pieces.append(tally.data[cursor:])
    frame = _polars(b"".join(pieces), separator, quote, columns)
    if frame is None or frame.height != len(ends) - len(lines):
        return None
    kept = pl.Series(np.flatnonzero(~odd)[1:] - 1, dtype=pl.Int64)
    return Quick(frame.slice(1), kept, lines)


def _is_blank(line: bytes, separator: str, quote: str | None) -> bool:
    """Whether nothing but separators, quotes and spaces stand in a line: a blank row, whatever its width."""
    row = next(rows_of(line.decode("utf-8", "surrogateescape"), separator, quote, None, ""), [])
    return not any(cell.strip() for cell in row)


def quotes_are_well_formed(view: np.ndarray, places: np.ndarray, separator: bytes) -> bool:
    """Whether quotes come in pairs, open only at a cell's start and close only at its end, doubled ones inside."""
    if len(places) % 2:
        return False
    opens, closes = places[::2], places[1::2]
    doubled = np.zeros(len(opens) + 1, dtype=bool)  # close k and open k+1 side by side: one quote character inside a cell
    doubled[1:-1] = opens[1:] == closes[:-1] + 1
    before = np.where(opens > 0, view[np.maximum(opens - 1, 0)], 10)
    starts = (before == separator[0]) | (before == 10)
    next_byte = np.minimum(closes + 1, len(view) - 1)
    after = np.where(closes < len(view) - 1, view[next_byte], 10)
    ends = (after == separator[0]) | (after == 10)
    ends |= (after == 13) & (view[np.minimum(next_byte + 1, len(view) - 1)] == 10)
    return bool(np.all(starts | doubled[:-1]) and np.all(ends | doubled[1:]))
