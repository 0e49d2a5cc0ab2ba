"""A table that a vector gives: other rows, or one value for every key."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from ..formula.nodes import Value
from ..framework.document import Listed, Log, Scalar
from ..framework.model import Place, Table, TableRow
from ..framework.section import Section, constant, shown
from ..units import Blank
from .kinds import HINTS, WORDS, fits, of_type


def read_table(table: Table, node: object, place: Place, log: Log) -> Table:
    """The table with the rows of a list (`{region: North, value: 3}`), or with one value whatever the key."""
    if isinstance(node, Scalar):
        return replace(table, rows=(), otherwise=_value(table, node, place, log))
    if not isinstance(node, Listed):
        log.add("wrong-type", "a given table is a list of rows, or one value", place)
        return table
    rows = []
    for number, item in enumerate(node.items, start=1):
        row = Section(item, f"{place.path}.{number}", log, "a row of the table", (*table.by, "from", "value"))
        row.require(*table.by, "value")
        scalar = row.scalar("value")
        value = Blank("given as blank") if scalar is None else _value(table, scalar, row.at("value"), log)
        since: date | None = row.day("from")
        rows.append(TableRow(tuple(row.text(name) for name in table.by), value, since))
    return replace(table, rows=tuple(rows))


def _value(table: Table, node: Scalar, place: Place, log: Log) -> Value:
    written = constant(node)
    value: Value = Blank("given as blank") if written is None else written[0]
    kind = of_type(table.type)
    if kind is not None and not fits(value, kind):
        log.add("wrong-type", f"`{table.name}` gives {WORDS[kind]}", place, shown(node), HINTS[kind])
        return Blank("not a value")
    return value
