"""A table that a vector gives: other rows, or one value for every key."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from ..formula.nodes import Value
from ..framework.document import Listed, Log, Scalar
from ..framework.model import Place, Table, TableRow
from ..framework.section import Section, constant
from ..units import Blank


def read_table(table: Table, node: object, place: Place, log: Log) -> Table:
    """The table with the rows of a list (`{region: North, value: 3}`), or with one value whatever the key."""
    if isinstance(node, Scalar):
        written = constant(node)
        return replace(table, rows=(), otherwise=Blank("given as blank") if written is None else written[0])
    if not isinstance(node, Listed):
        log.add("wrong-type", "a given table is a list of rows, or one value", place)
        return table
    rows = []
    for number, item in enumerate(node.items, start=1):
        row = Section(item, f"{place.path}.{number}", log, "a row of the table", (*table.by, "from", "value"))
        row.require(*table.by, "value")
        value: Value = Blank("given as blank")
        scalar = row.scalar("value")
        written = constant(scalar) if scalar is not None else None
        if written is not None:
            value = written[0]
        since: date | None = row.day("from")
        rows.append(TableRow(tuple(row.text(name) for name in table.by), value, since))
    return replace(table, rows=tuple(rows))
