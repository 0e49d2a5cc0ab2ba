"""What reading gives: texts as they stand in the file, with row numbers; nothing is interpreted yet."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import IntEnum

import polars as pl

from steelyard.calc.errors import Problem

SHEET_STEP = 10_000_000  # rows of a second sheet are numbered from here, of a third from twice as much: no sheet has so many


class Cell(IntEnum):
    """How a spreadsheet typed a cell. Typed cells ignore the mapping's decimal mark and date order."""

    TEXT = 0
    NUMBER = 1
    DATE = 2
    YES_NO = 3
    ERROR = 4
    COVERED = 5  # by a merged cell that begins elsewhere


@dataclass(frozen=True, slots=True)
class Dialect:
    """How to read a file; None means: find out. ``header`` is the spreadsheet row of the header, 0 for none; of several such
    rows it is the last. ``sheet`` ``*`` is every visible sheet with the headers of the first.
    """

    encoding: str | None = None
    separator: str | None = None
    quote: str | None = '"'
    line_end: str | None = None
    sheet: str | None = None
    header: int = 1
    names: tuple[str, ...] = ()
    header_rows: int = 1  # how many rows the header has; their texts are joined


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A row that could not be read as a row, with what was found; it goes to quarantine."""

    source_row: int
    cells: tuple[str, ...]
    problem: Problem
    place: int | None = None  # of the cell that is at fault, where it is one


@dataclass(frozen=True, slots=True)
class Traits:
    """What is known of all cells after one look at the bytes, so that checks which cannot fail are left out."""

    controls: bool = True  # control characters may occur
    exponents: bool = True  # `E+` or `e+` may occur
    spaces: bool = True  # a cell may begin or end with a space
    quotes: bool = True  # an apostrophe may protect a text of a CSV from being taken for a formula


@dataclass(frozen=True, slots=True)
class Merged:
    """Cells of a sheet that are one to the eye; only the first of them has a value. Rows count from 0 below the header."""

    rows: range
    columns: range


@dataclass(frozen=True, slots=True)
class RawTable:
    """One table of a file. ``frame`` has text columns c0, c1, ... in the order of ``headers``; empty cells are ""."""

    headers: tuple[str, ...]
    frame: pl.DataFrame
    source_rows: pl.Series  # int64, aligned to the frame
    unreadable: tuple[Unreadable, ...] = ()
    types: Mapping[str, pl.Series] = field(default_factory=dict)  # column -> Cell codes; a column not named is all text
    sheet: str = ""
    notes: tuple[Problem, ...] = ()  # warnings: what was found out, what was left aside
    dialect: Dialect = field(default_factory=Dialect)
    traits: Traits = field(default_factory=Traits)
    merged: tuple[Merged, ...] = ()
    hidden: pl.Series | None = None  # rows that nobody sees in the sheet; None where all are seen

    def column_of(self, row: Unreadable) -> str:
        """The header above the cell that made a row unreadable; blank where that is no single cell."""
        return self.headers[row.place] if row.place is not None and row.place < len(self.headers) else ""

    @property
    def rows(self) -> int:
        """All rows below the header, blank and unreadable ones included."""
        return self.frame.height + len(self.unreadable)


def column_names(count: int) -> list[str]:
    """The names of the text columns."""
    return [f"c{index}" for index in range(count)]


def shown_row(number: int) -> str:
    """A row as people find it: its number, and which sheet where several were read."""
    sheet, row = divmod(number, SHEET_STEP)
    return f"{row} of sheet {sheet + 1}" if sheet else str(row)
