"""What the sheet reader passes over in silence: cells with an error, formulas never computed, hidden rows (XLSX only)."""

from __future__ import annotations

import io
import posixpath
import re
import zipfile
from dataclasses import dataclass, field

import polars as pl
from defusedxml.ElementTree import fromstring

from steelyard.calc.errors import Problem, Refused

from .. import limits

_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_ERROR = re.compile(rb'<c\b(?=[^>]*\bt="e")[^>]*\br="([A-Z]+)(\d+)"|<c\b[^>]*\br="([A-Z]+)(\d+)"(?=[^>]*\bt="e")[^>]*>')
_UNCOMPUTED = re.compile(rb'<c\b[^>]*\br="([A-Z]+)(\d+)"[^>]*>\s*<f\b[^>]*?(?:/>|>[^<]*</f>)\s*(?:<v\s*/>|<v></v>)?\s*</c>')
_HIDDEN = re.compile(rb'<row\b(?=[^>]*\bhidden="(?:1|true)")[^>]*\br="(\d+)"')

_HIDDEN_COLUMNS = re.compile(rb'<col\b(?=[^>]*\bhidden="(?:1|true)")(?=[^>]*\bmin="(\d+)")[^>]*\bmax="(\d+)"')

_ROW = re.compile(rb'<row\b[^>]*\br="(\d+)"')
_LETTERS = r'\br="([A-Z]+)[0-9]'
_BEYOND_Z = r'\br="[A-Z]{2,}[0-9]'


@dataclass(frozen=True, slots=True)
class Marks:
    """Column index -> row indices (both from 0) of cells without a usable value; hidden row indices."""

    errors: dict[int, list[int]] = field(default_factory=dict)
    hidden: list[int] = field(default_factory=list)
    hidden_columns: list[int] = field(default_factory=list)


def read_marks(data: bytes, sheet: str) -> Marks:
    """The marks of one sheet; nothing for formats that are not XLSX."""
    markup = _markup(data, sheet)
    errors: dict[int, list[int]] = {}
    for pattern in (_ERROR, _UNCOMPUTED) if (b't="e"' in markup or b"<f" in markup) else ():
        for found in pattern.finditer(markup):
            letters, row = (part for part in found.groups() if part is not None)
            errors.setdefault(column_index(letters.decode()), []).append(int(row) - 1)
    said = _HIDDEN_COLUMNS.finditer(markup, 0, max(markup.find(b"<sheetData"), 0))
    columns = [column for found in said for column in range(int(found[1]) - 1, min(int(found[2]), limits.MOST_COLUMNS))]
    return Marks(errors, [int(found[1]) - 1 for found in _HIDDEN.finditer(markup)], columns)


def refuse_sparse(data: bytes, sheet: str, name: str) -> None:
    """Refuse a sheet whose cells span far more than it can hold: a cell in XFD1048576 would ask for 17 billion cells."""
    markup = _markup(data, sheet)
    last = markup.rfind(b"<row ")
    found = _ROW.match(markup, last) if last >= 0 else None
    height = int(found[1]) if found else markup.count(b"<row")
    text = pl.Series([markup.decode("utf-8", "replace")])  # Polars looks through a hundred megabytes in no time
    if height * 26 <= limits.MOST_CELLS and not text.str.contains(_BEYOND_Z)[0]:
        return
    letters = text.str.extract_all(_LETTERS).explode().str.extract(_LETTERS, 1).drop_nulls().unique()
    width = max(map(column_index, letters), default=0) + 1
    if width * height > limits.MOST_CELLS:
        found_text = f"{height:,} rows by {width:,} columns"
        hint = "delete the stray cells at the far end, or save the table alone"
        raise Refused(Problem("too_sparse", f"a sheet may span {limits.MOST_CELLS:,} cells", name, found_text, hint))


def _markup(data: bytes, sheet: str) -> bytes:
    """The XML of one sheet; nothing for formats that are not XLSX."""
    if not data.startswith(b"PK"):
        return b""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        names = set(archive.namelist())
        if "xl/workbook.xml" not in names or "xl/_rels/workbook.xml.rels" not in names:
            return b""
        path = _path(archive, sheet)
        return archive.read(path) if path in names and path.endswith(".xml") else b""


def _path(archive: zipfile.ZipFile, sheet: str) -> str:
    targets = {node.get("Id"): node.get("Target", "") for node in fromstring(archive.read("xl/_rels/workbook.xml.rels"), forbid_dtd=True)}
    for node in fromstring(archive.read("xl/workbook.xml"), forbid_dtd=True).iter():
        if node.tag.endswith("}sheet") and node.get("name") == sheet:
            target = targets.get(node.get(_RELATION), "")
            return target.lstrip("/") if target.startswith("/") else posixpath.normpath(posixpath.join("xl", target))
    return ""


def column_index(letters: str) -> int:
    """``A`` -> 0, ``AA`` -> 26."""
    index = 0
    for letter in letters:
        index = index * 26 + ord(letter) - 64
    return index - 1
