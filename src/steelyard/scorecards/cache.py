"""Partial results of phase 1 on disk: a convenience that may be deleted at any time without changing one byte of a score.

A file is named by everything its content depends on: the plan (framework, calendar, engine), the master rows it was
resolved with, and the number of the immutable segment it was computed from.
"""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path

import polars as pl
from django.conf import settings

from steelyard.calc.measures.partial import Partial


def folder() -> Path:
    """Where partial results lie."""
    return Path(settings.STEELYARD_HOME) / "cache" / "partials"


def clear() -> None:
    """Delete every partial result."""
    shutil.rmtree(folder(), ignore_errors=True)


class PartialCache:
    """Partial results of one plan and one state of the masters."""

    def __init__(self, plan_digest: str, masters_digest: str) -> None:
        self.folder = folder() / f"{plan_digest[:24]}-{masters_digest[:24]}"

    def load(self, scan: str, number: int, subjects: pl.DataFrame | None = None) -> Partial | None:
        """The partial result of a segment, of all or some subjects; None if it is not there."""
        place = self.folder / f"{scan}.{number}"
        note = place / "partial.json"
        if not note.exists():
            return None
        described = json.loads(note.read_text(encoding="utf-8"))

        def table(name: str) -> pl.DataFrame:
            frame = pl.scan_parquet(place / f"{name}.parquet")
            if subjects is not None:
                frame = frame.filter(pl.col(subjects.columns[0]).is_in(subjects[subjects.columns[0]].implode()))
            return frame.collect()

        keyed = {key: table(f"keyed-{index}") for index, key in enumerate(described["keyed"])}
        return Partial(table("sums"), keyed, described["bound"])

    def save(self, scan: str, number: int, partial: Partial) -> None:
        """Keep a partial result; the note that makes it visible is written last, by rename."""
        place = self.folder / f"{scan}.{number}"
        place.mkdir(parents=True, exist_ok=True)
        partial.sums.write_parquet(place / "sums.parquet", compression="lz4", row_group_size=16_384)
        for index, frame in enumerate(partial.keyed.values()):
            frame.write_parquet(place / f"keyed-{index}.parquet", compression="lz4", row_group_size=16_384)
        temporary = place / f"partial.{os.getpid()}"
        temporary.write_text(json.dumps({"keyed": list(partial.keyed), "bound": partial.bound}), encoding="utf-8")
        temporary.replace(place / "partial.json")
