"""The keys of a grouped list as whole numbers: grouping and joining by one number takes half the time that texts take.

Each part of a key is numbered (texts in the order of the alphabet, dates as days), and the numbers are packed into one. Lists
whose keys do not fit into 62 bits, or that also read other lists, are grouped by their columns as they are.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import polars as pl

from ..framework.model import FactList, ListColumn
from ..measures.partial import key_name
from .lines import Places
from .planning import column_measure

ROOM = 2**62
KEY = "#key"
BEFORE_1970 = (date(1970, 1, 1) - date.min).days  # a date is stored as days since 1970; numbers of parts are never below 0


@dataclass(frozen=True)
class Coded:
    """``tables``: (scan, key name) -> keyed table of phase 1 with ``KEY`` instead of the columns it is kept apart by.
    ``keys``: ``KEY`` and the key of the list, each once."""

    tables: dict[tuple[str, str], pl.DataFrame]
    keys: pl.DataFrame


def coded(places: Places, found: FactList, columns: Sequence[ListColumn]) -> Coded | None:
    """The tables that a grouped list reads, with numbered keys; None if they are to be read as they are."""
    if any(column.measure is None or column.measure.list for column in columns):
        return None
    read: dict[tuple[str, str], tuple[pl.DataFrame, tuple[str, ...]]] = {}
    for column in columns:
        measure = column_measure(found, column)
        scan = places.cube.plan.scan_of(measure.name)
        partial = places.cube.partials.get(scan.name)
        if partial is not None:
            read[(scan.name, key_name(measure))] = (partial.keyed[key_name(measure)], measure.per)
    types = {table.schema[name] for table, per in read.values() for name in per}
    if not read or not types <= {pl.String(), pl.Date(), pl.Boolean()}:
        return None
    parts = [_words([(table, per[place]) for table, per in read.values()]) for place in range(len(found.one_per))]
    numbers = {
        name: table.select(_numbered(one, parts[place]).alias(str(place)) for place, one in enumerate(per))
        for name, (table, per) in read.items()
    }
    sizes = [size + 1 for size in pl.concat([frame.max() for frame in numbers.values()]).fill_null(0).max().row(0)]
    packed, room = pl.lit(0, dtype=pl.Int64), 1
    for place, size in enumerate(sizes):
        packed, room = packed * size + pl.col(str(place)), room * size
    if room >= ROOM:
        return None
    tables, keys = {}, []
    for name, (table, per) in read.items():
        numbered = table.with_columns(numbers[name].select(packed.alias(KEY)).to_series())
        called = [pl.col(other).alias(own) for own, other in zip(found.one_per, per, strict=True)]
        keys.append(numbered.select(KEY, *called).unique(KEY))
        tables[name] = numbered.drop(per)
    return Coded(tables, pl.concat(keys).unique(KEY))


def _words(columns: Sequence[tuple[pl.DataFrame, str]]) -> pl.Enum | None:
    """The texts that a part of a key has in any table, so that a text has one number; None for other types."""
    if columns[0][0].schema[columns[0][1]] != pl.String:
        return None
    return pl.Enum(pl.concat([table[name].unique().drop_nulls() for table, name in columns]).unique().sort())


def _numbered(name: str, words: pl.Enum | None) -> pl.Expr:
    """A part of a key as a whole number from 1 on, 0 where it is blank."""
    column = pl.col(name).cast(pl.Int32) if words is None else pl.col(name).cast(words).to_physical()
    since = 0 if words is not None else BEFORE_1970
    return (column.cast(pl.Int64) + since + 1).fill_null(0)
