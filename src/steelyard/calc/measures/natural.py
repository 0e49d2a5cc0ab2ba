"""Stored whole numbers as exact natural values, column by column."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import polars as pl

from ..errors import Problem, Refused
from ..framework.model import Measure
from ..units import DECIMALS, Blank, Exact


def unit_of(measure: Measure) -> str:
    """The unit whose grain a measure's values are stored in; rows and keys are counted."""
    return "count" if measure.aggregate in ("count", "count_distinct") else measure.type.kind


def natural(stored: pl.Series, rows: list[int], measure: Measure, empty: Exact | Blank) -> list[Any]:
    """Exact values of a column: ints and Fractions for numbers, text and dates as they are, ``empty`` where nothing is."""
    if rows and min(rows) < 0:
        raise Refused(Problem("ledger-broken", f"measure `{measure.name}` counts fewer than no rows", hint="run `steelyard verify`"))
    unit = unit_of(measure)
    values = stored.to_list()
    if unit not in DECIMALS:
        return [empty if value is None else value for value in values]
    scale = 10 ** DECIMALS[unit]
    if measure.aggregate == "mean":
        return [Fraction(value, number * scale) if number else empty for value, number in zip(values, rows, strict=True)]
    if measure.aggregate == "median":  # kept as twice the value, because the middle of two may be a half
        scale *= 2
    known: dict[int | None, Exact | Blank] = {None: empty}
    result: list[Exact | Blank] = []
    for value in values:
        exact = known.get(value)
        if exact is None:
            exact = value // scale if value % scale == 0 else Fraction(value, scale)
            known[value] = exact
        result.append(exact)
    return result
