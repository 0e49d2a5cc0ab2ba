"""What no cell may hold, whatever its column: control characters, errors of a spreadsheet, text without end."""

from __future__ import annotations

from collections.abc import Collection, Iterator

import polars as pl

from .. import limits
from ..reading import RawTable
from ..reading.table import Cell
from .findings import Finding

Found = tuple[str, pl.Series, Finding]  # header, texts as in the file, finding

_CONTROLS = r"[\x00-\x08\x0b\x0c\x0e-\x1b\x7f]"
_ERRORS = ("#REF!", "#N/A", "#VALUE!", "#DIV/0!", "#NAME?", "#NUM!", "#NULL!", "#SPILL!", "#CALC!")


def in_cells(table: RawTable, used: Collection[str]) -> dict[str, list[Found]]:
    """The findings of each column; errors of a spreadsheet only in those that are used."""
    found: dict[str, list[Found]] = {}
    if not table.frame.height:
        return found
    looks = {"length": pl.all().str.len_bytes().max(), "mark": pl.all().str.starts_with("#").any()}
    looks |= {"control": pl.all().str.contains(_CONTROLS).any()} if table.traits.controls else {}
    seen, width = table.frame.select(look.name.suffix(name) for name, look in looks.items()).row(0), len(table.headers)
    longest, marks, controls = seen[:width], seen[width : 2 * width], seen[2 * width :]
    for index, header in enumerate(table.headers):
        texts = table.frame.get_column(f"c{index}")
        own = []
        if controls and controls[index]:
            mask = texts.str.contains(_CONTROLS)
            own.append(Finding(mask, "control_char", "the cell holds a control character", "remove it in the source"))
        if (longest[index] or 0) > limits.LONGEST_CELL:
            own += _too_long(texts)
        if header in used:
            own += _errors(texts, marks[index], table.types.get(f"c{index}"))
        if own:
            found[f"cell {header}"] = [(header, texts, finding) for finding in own]
    return found


def _too_long(texts: pl.Series) -> Iterator[Finding]:
    mask = texts.str.len_chars() > limits.LONGEST_CELL
    if mask.any():
        yield Finding(mask, "cell_too_long", f"a cell holds at most {limits.LONGEST_CELL:,} characters", "shorten it")


def _errors(texts: pl.Series, marked: bool, types: pl.Series | None) -> Iterator[Finding]:
    """Cells that a spreadsheet could not compute: typed as such, or written out as text when it was exported; and covered ones."""
    if not marked and types is None:
        return
    mask = texts.str.strip_chars().is_in(_ERRORS) if marked else pl.repeat(False, texts.len(), dtype=pl.Boolean, eager=True)
    if types is not None:
        mask = mask | (types == int(Cell.ERROR))
        if (covered := types == int(Cell.COVERED)).any():
            hint = "take the cells apart, or write `merged: fill` into the mapping"
            yield Finding(covered, "merged_cell", "the cell is covered by a merged one above or beside it", hint)
    if mask.any():
        hint = "repair the formula, save the workbook again"
        yield Finding(mask, "formula_error", "the cell holds an error or a formula without a value", hint)
