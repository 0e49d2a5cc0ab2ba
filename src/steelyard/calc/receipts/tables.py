"""Rows as text: one JSON value a line, exact, in an order that depends on nothing but the rows.

The first line names the columns with their types. Numbers are whole, in the grain of their unit; days are ISO dates; what
is blank is null.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import polars as pl

from ..errors import Problem, Refused

TYPES: dict[str, Any] = {"text": pl.String(), "date": pl.Date(), "yes/no": pl.Boolean(), "number": pl.Int64()}
_NAMES = {dtype: name for name, dtype in TYPES.items()}


def to_text(frame: pl.DataFrame) -> str:
    """The rows of a frame, sorted by all their columns."""
    plain = frame.with_columns(pl.col(name).cast(pl.Int64) for name, dtype in frame.schema.items() if dtype.is_integer())
    head = {name: _NAMES[dtype] for name, dtype in plain.schema.items()}
    days = [name for name, dtype in plain.schema.items() if dtype == pl.Date]
    rows = plain.with_columns(pl.col(name).cast(pl.String) for name in days).sort(plain.columns, nulls_last=True) if plain.width else plain
    lines = [json.dumps(head, ensure_ascii=False, separators=(",", ":"))]
    lines += [json.dumps(row, ensure_ascii=False, separators=(",", ":")) for row in rows.iter_rows()]
    return "\n".join(lines) + "\n"


def from_text(text: str, where: str) -> pl.DataFrame:
    """The frame of a text that `to_text` wrote; ``where`` names it in problems."""
    try:
        head, *rows = [json.loads(line) for line in text.removesuffix("\n").split("\n")]
        schema: Mapping[str, Any] = {str(name): TYPES[kind] for name, kind in head.items()}
        plain = {name: pl.String() if dtype == pl.Date() else dtype for name, dtype in schema.items()}
        frame = pl.DataFrame(rows, schema=plain, orient="row", strict=True) if rows else pl.DataFrame(schema=plain)
        return frame.with_columns(pl.col(name).str.to_date("%Y-%m-%d") for name, dtype in schema.items() if dtype == pl.Date())
    except (ValueError, KeyError, TypeError, AttributeError, OverflowError, pl.exceptions.PolarsError) as error:
        raise Refused(
            Problem("bundle-unreadable", "the rows cannot be read", where, str(error)[:200], "download the bundle again")
        ) from None
