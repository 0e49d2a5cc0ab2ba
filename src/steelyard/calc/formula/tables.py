"""Looking a key up in a versioned table."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from datetime import date

from ..framework.model import Table
from ..units import Blank
from .nodes import Value
from .operators import Column


def look_up(table: Table, keys: Sequence[Sequence[Value]], days: Sequence[Value]) -> Column:
    """The value of the newest row at or before each day, per key; the first blank key or day stays blank."""
    versions = _by_key(table)
    known: dict[tuple[object, ...], Value] = {}
    found: Column = []
    for day, *key in zip(days, *keys, strict=True):
        asked = (day, *key)
        value = known.get(asked)
        if value is None:
            value = known[asked] = _one(table, versions, key, day)
        found.append(value)
    return found


def _by_key(table: Table) -> dict[tuple[str, ...], tuple[list[date], list[Value]]]:
    """Key -> first days in order, with their values."""
    versions: dict[tuple[str, ...], tuple[list[date], list[Value]]] = {}
    for row in sorted(table.rows, key=lambda row: row.since or date.min):
        days, values = versions.setdefault(row.keys, ([], []))
        days.append(row.since or date.min)
        values.append(row.value)
    return versions


def _one(table: Table, versions: dict[tuple[str, ...], tuple[list[date], list[Value]]], key: list[Value], day: Value) -> Value:
    for part in (*key, day):
        if isinstance(part, Blank):
            return part
    if not isinstance(day, date):
        raise TypeError(f"a table is read at a date, not at {day!r}")
    names = tuple(str(part) for part in key)
    days, values = versions.get(names, ([], []))
    position = bisect_right(days, day)
    if position:
        return values[position - 1]
    if table.otherwise is not None:
        return table.otherwise
    return Blank(f"no row in {table.name} for ({', '.join(names)})")
