"""What a workbook seems to hold, before anybody said so: which sheet is what, where its header stands, which column is which.

A first guess for people to look at and correct; a comparison is only ever made by the mapping that they send.
"""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

import yaml
from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook

from steelyard.calc.errors import Problem, Refused
from steelyard.calc.facts import Kind
from steelyard.calc.framework.model import Framework
from steelyard.calc.money import is_currency
from steelyard.intake.reading import Dialect, read
from steelyard.intake.reading.headers import plain
from steelyard.intake.reading.sheets import filled_sheets, to_text
from steelyard.intake.reading.signature import what_is

from .kinds import PARTS, POINTS, WEIGHT, totals_kind

LOOKED = 15  # rows from the top in which a header is looked for
EXAMPLES = 5
ROLES = ("totals", "lines", "targets", "rates")
_ASKED = {"lines": ({"document"}, {"amount", "value"}), "targets": ({"amount"},), "rates": ({"currency"}, {"rate"})}


@dataclass(frozen=True, slots=True)
class SheetSeen:
    """The first rows of a sheet as texts."""

    name: str
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class RoleSeen:
    """What a sheet is taken for: its header's row, and which header fills which of our columns."""

    role: str
    sheet: str = ""
    header: int = 1
    columns: Mapping[str, str] = field(default_factory=dict)


def look(data: bytes, name: str) -> list[SheetSeen]:
    """The sheets of a workbook with their first rows; a text file is one sheet without a name."""
    if what_is(data, name) != "sheet":
        table = read(data, name, Dialect())
        rows = [table.headers, *table.frame.head(LOOKED + EXAMPLES).iter_rows()]
        return [SheetSeen("", tuple(tuple(row) for row in rows))]
    try:
        with CalamineWorkbook.from_filelike(io.BytesIO(data)) as workbook:
            return [SheetSeen(sheet.name, tuple(_first_rows(sheet))) for sheet in filled_sheets(workbook)]
    except CalamineError as error:
        raise Refused(Problem("truncated", "the spreadsheet cannot be opened", name, str(error), "save it again as XLSX")) from error


def _first_rows(sheet: CalamineSheet) -> Iterator[tuple[str, ...]]:
    margin = ("",) * (sheet.start[1] if sheet.start else 0)
    for row in islice(sheet.iter_rows(), LOOKED + EXAMPLES):
        yield (*margin, *(to_text(cell).strip() for cell in row))


def kinds_of(framework: Framework) -> dict[str, Kind]:
    """What each role's sheet holds."""
    return {"totals": totals_kind(framework), **PARTS}


def guess(sheets: Sequence[SheetSeen], framework: Framework) -> dict[str, RoleSeen]:
    """For each role the sheet and columns that fit best; each sheet has one role."""
    kinds = kinds_of(framework)
    found: dict[str, RoleSeen] = {}
    for role in ("lines", "rates", "totals", "targets"):
        free = [sheet for sheet in sheets if sheet.name not in {one.sheet for one in found.values()}]
        seen = [one for sheet in free if (one := _as_role(role, sheet, kinds[role])) is not None]
        if seen:
            found[role] = max(seen, key=lambda one: len(one.columns))
    return found


def _as_role(role: str, sheet: SheetSeen, kind: Kind) -> RoleSeen | None:
    best = max(
        (understood(role, sheet, place, kind) for place in range(1, min(len(sheet.rows), LOOKED) + 1)),
        key=lambda one: len(one.columns),
        default=None,
    )
    if best is None or (role != "rates" and "subject" not in best.columns):
        return None
    if role == "totals":
        return best if set(best.columns) - {"subject", "level"} else None
    return best if all(needed & set(best.columns) for needed in _ASKED[role]) else None


def understood(role: str, sheet: SheetSeen, header: int, kind: Kind) -> RoleSeen:
    """Which header of a row fills which column: by name, by synonym, by either without the currency behind it."""
    headers = [text for text in sheet.rows[header - 1] if text] if header <= len(sheet.rows) else []
    free = {plain(text): text for text in headers}
    columns: dict[str, str] = {}
    for simpler in (False, True):
        for column in kind.columns:
            if column.name in columns:
                continue
            names = [plain(name) for name in (column.name, *column.synonyms)]
            hit = next((key for key in free if (_bare(key) if simpler else key) in names), None)
            if hit is not None:
                columns[column.name] = free.pop(hit)
    lone = next((key for key in free if is_currency(key.upper())), None)
    if role == "lines" and lone is not None and "value" not in columns:
        columns["value"] = free[lone]  # a column that is called by a currency holds what was counted in it
    return RoleSeen(role, sheet.name, header, columns)


def _bare(text: str) -> str:
    """A header without a currency, or the unit before it."""
    return " ".join(word for word in text.split() if not is_currency(word.upper()) and word != "in")


def examples(sheet: SheetSeen, header: int, text: str) -> list[str]:
    """The first values below a header."""
    row = sheet.rows[header - 1] if header <= len(sheet.rows) else ()
    if text not in row:
        return []
    place = row.index(text)
    return [one[place] for one in sheet.rows[header : header + EXAMPLES] if place < len(one) and one[place]]


def offered(kind: Kind) -> list[str]:
    """The columns that people are asked about: without points and weights of each KPI, which a mapping may name."""
    long = () if kind.name == "lines" else ("kpi", "value")
    return [column.name for column in kind.columns if not column.name.endswith((POINTS, WEIGHT)) and column.name not in long]


def to_yaml(roles: Mapping[str, RoleSeen], common: Mapping[str, str]) -> str:
    """The mapping as a person would write it, and as `steelyard compare` reads it."""
    document: dict[str, Any] = {key: value for key, value in common.items() if value and key != "measure"}
    for role in ROLES:
        seen = roles.get(role)
        if seen is None or not seen.columns:
            continue
        part: dict[str, Any] = {"sheet": seen.sheet} if seen.sheet else {}
        part |= {"header": seen.header} if seen.header != 1 else {}
        document[role] = part | {"columns": dict(seen.columns)}
    return yaml.safe_dump(document, sort_keys=False, allow_unicode=True, width=120)
