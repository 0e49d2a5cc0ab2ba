"""What a sheet marks beside its cells: areas that are merged, rows that are hidden; the mapping says what becomes of both."""

from __future__ import annotations

from dataclasses import replace

import polars as pl

from ..mappings import Mapping
from ..reading import RawTable
from ..reading.table import Cell

LeftOut = list[tuple[str, pl.Series]]  # reason, rows


def marks_heeded(table: RawTable, mapping: Mapping) -> tuple[RawTable, LeftOut]:
    """The table with merged areas as the mapping wants them, and its hidden rows if it leaves them out."""
    if table.merged and mapping.merged != "refuse":
        table = _spread(table, fill=mapping.merged == "fill")
    if table.hidden is None or mapping.hidden != "drop":
        return table, []
    notes = tuple(note for note in table.notes if note.code != "hidden_rows")
    return replace(table, notes=notes), [("hidden rows", table.hidden)]


def _spread(table: RawTable, *, fill: bool) -> RawTable:
    """Every cell of a merged area with the text and type of its first, or all others blank."""
    texts = {name: table.frame.get_column(name) for name in table.frame.columns}
    types = dict(table.types)
    for area in table.merged:
        first = f"c{area.columns.start}"
        text = texts[first][area.rows.start] if fill else ""
        code = types[first][area.rows.start] if fill and first in types else int(Cell.TEXT)
        for column in area.columns:
            name = f"c{column}"
            places = [row for row in area.rows if (row, column) != (area.rows.start, area.columns.start)]
            texts[name] = texts[name].scatter(places, text) if places else texts[name]
            if name in types or code:
                known = types.get(name, pl.repeat(0, table.frame.height, dtype=pl.UInt8, eager=True))
                types[name] = known.scatter(places, code).alias(name) if places else known
    notes = tuple(note for note in table.notes if note.code != "merged_cells")
    return replace(table, frame=pl.DataFrame(list(texts.values())), types=types, notes=notes)
