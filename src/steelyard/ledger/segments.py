"""Segments on disk: write one so that it survives a crash, read many as one frame.

Order of a write: temporary file, fsync, rename, fsync of the folder; only then does a database row make it visible.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import polars as pl
from django.conf import settings
from django.db import transaction

from steelyard.calc.facts import Kind

from . import models, schema
from .failpoints import reach

ROW_GROUP = 65_536


@dataclass(frozen=True, slots=True)
class Written:
    """A file that lies on disk and that nobody lists yet."""

    number: int
    kind: str
    path: str
    rows: int
    size: int
    sha256: str
    first_date: date | None
    last_date: date | None


def root() -> Path:
    """The home of the installation."""
    return Path(settings.STEELYARD_HOME)


def reserve(name: str, count: int = 1) -> int:
    """The first of ``count`` numbers that nobody else will ever get; a transaction of its own."""
    with transaction.atomic():
        models.Counter.objects.get_or_create(name=name)
        counter = models.Counter.objects.select_for_update().get(name=name)
        counter.value += count
        counter.save(update_fields=["value"])
    reach("number-reserved")
    return int(counter.value) - count + 1


def file_digest(path: Path) -> str:
    """SHA-256 of a file's bytes."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def sync_folder(folder: Path) -> None:
    """Make a rename in this folder durable."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def write(kind: Kind, frame: pl.DataFrame, number: int) -> Written:
    """Write a segment durably; ``frame`` is complete and in segment order."""
    relative = f"ledger/{kind.name}/{number:010d}.parquet"
    target = root() / relative
    if not target.parent.is_dir():
        target.parent.mkdir(parents=True, exist_ok=True)
        sync_folder(target.parent.parent)
    temporary = target.with_name(f"{target.name}.writing")
    frame.write_parquet(temporary, compression="zstd", compression_level=1, row_group_size=ROW_GROUP, statistics=True)
    reach("segment-written")
    with temporary.open("rb+") as stream:
        os.fsync(stream.fileno())
    reach("segment-synced")
    temporary.rename(target)
    reach("segment-renamed")
    sync_folder(target.parent)
    reach("folder-synced")
    dates = frame.get_column(kind.date) if kind.date else pl.Series([], dtype=pl.Date)
    return Written(
        number, kind.name, relative, frame.height, target.stat().st_size, file_digest(target), dates.min(), dates.max()  # type: ignore[arg-type]
    )


def scan(kind: Kind, listed: Sequence[models.Segment], cut: int, columns: Sequence[str]) -> pl.LazyFrame:
    """The rows of these segments up to the cut, with these columns; a column a segment lacks reads as null."""
    wanted = schema.readable(kind)
    empty = pl.LazyFrame(schema={name: wanted[name] for name in columns})
    frames = [_scan_one(kind, segment, cut, columns) for segment in listed]
    return pl.concat([empty, *frames]) if frames else empty


def _scan_one(kind: Kind, segment: models.Segment, cut: int, columns: Sequence[str]) -> pl.LazyFrame:
    own = schema.readable(kind) if segment.carries_seq else schema.stored(kind)
    frame = pl.scan_parquet(
        root() / segment.path, schema=own, missing_columns="insert", extra_columns="ignore", glob=False
    )
    if not segment.carries_seq:
        frame = frame.with_columns(pl.lit(segment.added_seq, dtype=pl.Int64).alias(schema.COMMIT_SEQ))
    elif segment.last_seq > cut:
        frame = frame.filter(pl.col(schema.COMMIT_SEQ) <= cut)
    return frame.select(columns)
