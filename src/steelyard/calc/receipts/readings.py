"""The readings of a run as the frame that is stored: what every measure said of everybody, in exact text."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date
from fractions import Fraction

import polars as pl

from ..explanation import value_text
from ..formula.nodes import Value
from ..points import Points, Reading, ReadingColumn
from ..units import Blank
from .document import SEPARATOR


def readings_frame(points: Points, readings: Mapping[Reading, ReadingColumn]) -> pl.DataFrame:
    """subject, measure, window, value (exact text), blank (reason), counted, excluded (JSON), sorted."""
    subjects = [SEPARATOR.join(codes) for codes in points.subjects]
    frames = []
    for reading in sorted(readings, key=str):
        column = readings[reading]
        excluded = [_excluded(column, position) for position in range(len(subjects))] if column.excluded else [None] * len(subjects)
        frames.append(
            pl.DataFrame(
                {
                    "subject": subjects,
                    "measure": [reading.measure] * len(subjects),
                    "window": [reading.window] * len(subjects),
                    "value": [None if isinstance(value, Blank) else value_text(value) for value in column.values],
                    "blank": [value.reason if isinstance(value, Blank) else None for value in column.values],
                    "counted": column.counted,
                    "excluded": excluded,
                },
                schema={
                    "subject": pl.String,
                    "measure": pl.String,
                    "window": pl.String,
                    "value": pl.String,
                    "blank": pl.String,
                    "counted": pl.Int64,
                    "excluded": pl.String,
                },
            )
        )
    return pl.concat(frames).sort("subject", "measure", "window", nulls_last=False) if frames else pl.DataFrame()


def _excluded(column: ReadingColumn, position: int) -> str | None:
    rows = {reason: counts[position] for reason, counts in column.excluded.items() if counts[position]}
    return json.dumps(rows, ensure_ascii=False, sort_keys=True) if rows else None


def value_of(text: str, kind: str) -> Value:
    """The value of an exact text, as calculation has it; `ValueError` if it is none."""
    if kind == "text":
        return text
    if kind == "date":
        return date.fromisoformat(text)
    found = exact(text)
    return found.numerator if found.denominator == 1 else found


def exact(text: str) -> Fraction:
    """A number as `value_text` writes it. Powers of ten it never writes, and one could keep a reader busy for ever."""
    if "e" in text or "E" in text:
        raise ValueError(f"{text[:40]!r} is not an exact number")
    return Fraction(text)
