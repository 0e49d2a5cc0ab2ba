"""What a case is: what comes, by which ways, and what must become of it. Fixtures are code, so that they can be read."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any

WAYS = ("CSV", "XLSX", "REST")
HEADERS = ("document", "line", "date", "party", "product", "quantity", "amount", "currency")
GOOD = {
    "document": "A1", "line": "1", "date": "2025-03-31", "party": "ALP", "product": "ANA-1", "quantity": "1", "amount": "10.50",
    "currency": "EUR",
}  # fmt: skip


@dataclass(frozen=True)
class Row:
    """What is expected of a refused row: its reason, and if they matter the column and the text as they stood."""

    code: str
    column: str | None = None
    found: str | None = None


@dataclass(frozen=True)
class Given:
    """One file, how it is read, and what must become of it. ``refused``: the whole file, for these reasons."""

    data: bytes | Callable[[], bytes]
    name: str = "orders.csv"
    mapping: str = ""
    kind: str = "orders"
    accepted: int = 0
    rows: int | None = None  # below the header, as written
    wrong: Mapping[int, str | Row] = field(default_factory=dict)  # the row that a spreadsheet shows -> why it waits
    refused: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()  # warnings that must be among those given
    silent: tuple[str, ...] = ()  # warnings that must not
    blank: int = 0
    filtered: int = 0
    duplicates: int = 0
    sums: Mapping[str, str] | None = None  # currency -> what was accepted, as decimal text
    stored: Mapping[str, Sequence[Any]] = field(default_factory=dict)  # column -> values of the accepted lines in their order
    told: tuple[str, ...] = ()  # what some message must say
    never: tuple[str, ...] = ()  # what no message may say
    before: tuple[Given, ...] = ()  # what came first, from the same source
    files: Mapping[str, bytes] = field(default_factory=dict)  # look-up files, for the ways that take them
    also: Callable[[Any], None] | None = None  # what else must hold of the arrival
    limited: Mapping[str, int] = field(default_factory=dict)  # limits made small enough to be met
    seconds: float = 0  # it must be done within

    def bytes(self) -> bytes:
        """The file."""
        return self.data() if callable(self.data) else self.data


@dataclass(frozen=True)
class Sent:
    """One request of REST that is not a file: what is sent and how it is answered."""

    body: bytes
    status: int
    code: str = ""
    path: str = "/facts/orders"
    method: str = "POST"
    content_type: str = "application/json"
    headers: Mapping[str, str] = field(default_factory=dict)
    by: str = "anna"
    told: tuple[str, ...] = ()  # what the answer must say
    stored: Mapping[str, Any] = field(default_factory=dict)  # what the fact then says


@dataclass(frozen=True)
class Case:
    """One line of the table: ``does`` is what Steelyard does, ``without`` why a way does not apply."""

    number: int
    title: str
    does: str
    given: Mapping[str, Sequence[Given]] = field(default_factory=dict)
    sent: Sequence[Sent] = ()
    without: Mapping[str, str] = field(default_factory=dict)

    @property
    def cells(self) -> list[str]:
        """The ways by which the case is tried."""
        return [way for way in WAYS if self.given.get(way) or (way == "REST" and self.sent)]


def case(
    number: int, title: str, does: str, *given: Given, xlsx: Given | Sequence[Given] | str = "", sent: Sequence[Sent] = (), csv: str = "",
    rest: Sequence[Given] | str = (),
) -> Case:  # fmt: skip
    """A case whose first file comes through REST too; ``xlsx``: workbooks, or why there are none; likewise ``csv`` and ``rest``."""
    books = () if isinstance(xlsx, str) else (xlsx,) if isinstance(xlsx, Given) else tuple(xlsx)
    uploads: Sequence[Given] = () if isinstance(rest, str) else tuple(rest) or (given or books)[:1]
    ways = {"CSV": given, "XLSX": books, "REST": uploads}
    reasons = {"CSV": csv, "XLSX": xlsx if isinstance(xlsx, str) else "", "REST": rest if isinstance(rest, str) else ""}
    made = Case(number, title, does, ways, sent, {way: reason for way, reason in reasons.items() if reason})
    missing = [way for way in WAYS if way not in made.cells and way not in made.without]
    if missing:
        raise ValueError(f"case {number} says nothing about {', '.join(missing)}")
    return made


def rows_of(*rows: Mapping[str, Any], headers: Sequence[str] | None = None) -> list[list[Any]]:
    """A header and rows, each as a good row with what differs; every row has a line of its own."""
    names = tuple(headers) if headers else tuple(dict.fromkeys([*HEADERS, *(name for row in rows for name in row)]))
    filled = [{**GOOD, "line": str(number), **row} for number, row in enumerate(rows, start=1)]
    return [list(names), *([row.get(name, "") for name in names] for row in filled)]


def text_of(cells: Sequence[Sequence[Any]], separator: str = ",", end: str = "\r\n") -> str:
    """The cells as delimited text."""
    stream = io.StringIO()
    csv.writer(stream, delimiter=separator, lineterminator=end).writerows(cells)
    return stream.getvalue()


def a_csv(*rows: Mapping[str, Any], headers: Sequence[str] | None = None, encoding: str = "utf-8", **expected: Any) -> Given:
    """A text file of rows that differ from a good one."""
    text = text_of(rows_of(*rows, headers=headers))
    return Given(text.encode(encoding), **{"rows": len(rows), **expected})


def a_book(*rows: Mapping[str, Any], headers: Sequence[str] | None = None, typed: bool = True, **expected: Any) -> Given:
    """A workbook of rows that differ from a good one; days and numbers of good rows are typed as a spreadsheet types them."""
    cells = rows_of(*rows, headers=headers)
    if typed:
        told = [{**dict.fromkeys(cells[0]), **row} for row in rows]
        cells = [cells[0], *([_typed(name, cell, name in row and row[name] is not None) for name, cell in zip(cells[0], line, strict=True)]
                             for line, row in zip(cells[1:], told, strict=True))]  # fmt: skip
    return Given(lambda: book(cells), **{"name": "orders.xlsx", "rows": len(rows), **expected})


def _typed(name: str, cell: Any, as_told: bool) -> Any:
    if as_told or cell in ("", None):
        return cell
    if name == "date":
        return date.fromisoformat(cell)
    return float(cell) if name in ("amount", "quantity") else cell


def book(cells: Sequence[Sequence[Any]], sheet: str = "Orders", change: Callable[[Any, Any], None] | None = None, **options: Any) -> bytes:
    """An XLSX file with these cells; ``change`` gets the workbook and the sheet before they are closed."""
    import xlsxwriter

    stream = io.BytesIO()
    made = xlsxwriter.Workbook(stream, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, **options})
    page = made.add_worksheet(sheet)
    day = made.add_format({"num_format": "yyyy-mm-dd"})
    for row, values in enumerate(cells):
        for column, value in enumerate(values):
            if isinstance(value, date | datetime):
                page.write_datetime(row, column, datetime.combine(value, datetime.min.time()) if type(value) is date else value, day)
            elif isinstance(value, str):
                page.write_string(row, column, value) if value else None
            elif value is not None:
                page.write(row, column, value)
    if change is not None:
        change(made, page)
    made.close()
    return stream.getvalue()


def fact(**columns: Any) -> bytes:
    """One good order as JSON, with what differs."""
    import json

    return json.dumps({"source": "erp", "columns": {**GOOD, **columns}}).encode()


def named(given: Given, **changed: Any) -> Given:
    """The same with other words."""
    return replace(given, **changed)
