"""A run's files: its items (one row per subject and node) and its readings (one row per subject and measure read).

Written once, durably, under the run's id; the database keeps their hashes.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Mapping
from pathlib import Path

import polars as pl
from django.conf import settings

from steelyard.calc.explanation import value_text
from steelyard.calc.points import Points, Reading, ReadingColumn
from steelyard.calc.units import Blank

SEPARATOR = " x "  # between the codes of a subject made of several


def home() -> Path:
    """The home of the installation."""
    return Path(settings.STEELYARD_HOME)


def write(relative: str, frame: pl.DataFrame) -> str:
    """Write a frame durably under the home; returns the SHA-256 of its bytes."""
    target = home() / relative
    target.parent.mkdir(parents=True, exist_ok=True)
    temporary = target.with_suffix(f".{os.getpid()}.part")
    frame.write_parquet(temporary, compression="zstd", statistics=True)
    with temporary.open("rb") as stream:
        digest = hashlib.file_digest(stream, "sha256").hexdigest()
        os.fsync(stream.fileno())
    temporary.replace(target)
    return digest


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
