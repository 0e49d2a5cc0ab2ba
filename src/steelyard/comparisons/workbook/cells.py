"""One sheet of the workbook read by intake's reader: its good rows as stored, which of them are hidden, what could not be read."""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import ROUND_HALF_EVEN, Decimal, InvalidOperation
from pathlib import PurePath

import polars as pl

from steelyard.calc.errors import Problem
from steelyard.calc.facts import Kind
from steelyard.calc.units import DECIMALS
from steelyard.intake.checking import check
from steelyard.intake.checking.columns import rules_found
from steelyard.intake.mappings import Mapping
from steelyard.intake.reading import RawTable, read
from steelyard.intake.reading.sheet_marks import read_marks
from steelyard.intake.reading.table import Cell, shown_row

LEAST = {"percent": 2}  # decimals that a column of percentages is taken to have: whole per cents
COMPUTED = 5  # grains by which a figure that a spreadsheet computed may differ: it rounds nothing on the way, and counts in binary
_TOTAL = r"(?i)^\s*(?:(?:grand|sub|overall)?[\s-]*totals?|(?:gesamt|zwischen)?-?summe|gesamt|somme|suma|totaal|totale)\s*:?\s*$"


@dataclass(frozen=True)
class Part:
    """The rows of one sheet. ``coarse``: for each column of numbers, half a unit of its last decimal, in the grain."""

    kind: Kind
    sheet: str
    rows: pl.DataFrame  # the kind's columns, ``source_row``, ``hidden``
    coarse: dict[str, int]
    headers: dict[str, str]  # our column -> as written in the sheet
    problems: tuple[Problem, ...] = ()
    dropped: int = 0  # rows of totals, and those that the mapping leaves out
    blank: int = 0
    unread: int = 0  # rows that cannot be read: the problems tell why

    def place(self, column: str, row: int) -> str:
        """Where a value stands, as people name it."""
        return f"{self.sheet or 'row'} {row}" if not self.headers.get(column) else f"{self.sheet} {self.headers[column]}, row {row}".strip()


def read_part(data: bytes, name: str, mapping: Mapping, kind: Kind) -> Part:
    """Read a sheet; refuses what concerns it as a whole, notes every row that cannot be read."""
    table = read(data, PurePath(name).name, mapping.dialect)
    rules = rules_found(table.headers, mapping, kind)
    table, inexact = _rounded(table, {name: rule.header for name, rule in rules.items() if rule.header}, kind)
    checked = check(table, mapping, kind)
    hidden = [row + 1 for row in read_marks(data, table.sheet).hidden]
    totals = checked.lines["subject"].str.contains(_TOTAL) if "subject" in checked.lines.columns else None
    good = checked.lines if totals is None else checked.lines.filter(~totals.fill_null(False))
    rows = good.with_columns(hidden=pl.col("source_row").is_in(hidden) if hidden else pl.lit(False))
    missing = [pl.lit(None, dtype=column.dtype).alias(column.name) for column in kind.columns if column.name not in rows.columns]
    numbers = [column for column in kind.columns if column.type in DECIMALS and column.name in rows.columns]
    coarse = {column.name: 1 if column.name in inexact else coarse_of(rows[column.name], column.type) for column in numbers}
    problems = [
        Problem(
            row["code"],
            row["message"],
            f"{table.sheet or name} row {table.source_rows[row['position']]}, {row['column']}",
            row["found"],
            row["hint"],
        )
        for row in checked.problems.iter_rows(named=True)
    ]
    dropped = sum(checked.filtered.values()) + checked.lines.height - good.height
    problems += [
        replace(one.problem, where=f"{table.sheet or name} row {shown_row(one.source_row)}, {table.column_of(one)}")
        for one in table.unreadable
    ]
    headers = {name: rule.header for name, rule in rules.items() if rule.header}
    return Part(
        kind, table.sheet, rows.with_columns(missing), coarse, headers, tuple(problems), dropped, checked.blank, checked.quarantined
    )


def _rounded(table: RawTable, headers: dict[str, str], kind: Kind) -> tuple[RawTable, set[str]]:
    """Numbers that a spreadsheet computed, rounded to the decimals that are kept; and the columns in which that lost any."""
    changed, inexact = {}, set()
    for name, header in headers.items():
        column = kind.by_name.get(name)
        index = f"c{table.headers.index(header)}"
        types = table.types.get(index)
        if column is None or column.type not in DECIMALS or types is None:
            continue
        places = DECIMALS[column.type]
        texts = table.frame[index].to_list()
        long = [
            place for place, (text, code) in enumerate(zip(texts, types, strict=True))
            if code == Cell.NUMBER and len(text.partition(".")[2]) > places
        ]  # fmt: skip
        for place in long:
            texts[place] = plain_text(Decimal(texts[place]).quantize(Decimal(1).scaleb(-places), ROUND_HALF_EVEN))
        if long:
            changed[index] = pl.Series(index, texts, pl.String)
            inexact.add(name)
    return (replace(table, frame=table.frame.with_columns(changed.values())) if changed else table), inexact


def coarse_of(values: pl.Series, unit: str) -> int:
    """Half a unit of the last decimal that any value of a column has, in the grain; nothing where all decimals are kept."""
    known = values.drop_nulls()
    places = DECIMALS[unit]
    for kept in range(LEAST.get(unit, 0), places):
        step = 10 ** (places - kept)
        if not bool((known % step != 0).any()):
            return int(step // 2)
    return 0


def plain_text(number: Decimal) -> str:
    """A decimal number without exponent and needless zeros."""
    text = f"{number:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def exact(text: str | None, mark: str | None) -> Decimal | None:
    """A rate as it is written; None if it is none."""
    if text is None:
        return None
    plain = text.strip().replace(" ", "")
    plain = plain.replace(".", "").replace(",", ".") if mark == "," and "," in plain else plain
    if not plain.isascii() or "_" in plain:  # what Python reads as a number and people do not write as one
        return None
    try:
        found = Decimal(plain)
    except InvalidOperation:
        return None
    return found if found.is_finite() and found > 0 else None
