"""Segments on disk: write one so that it survives a crash, read many as one frame.

Order of a write: temporary file, fsync, rename, fsync of the folder; only then does a database row make it visible.
"""

from __future__ import annotations

import fcntl
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
    lock: WriterLock

    def row(self, *, added_seq: int, last_seq: int, carries_seq: bool = False) -> models.Segment:
        """The database row that lists the file; the writer's lock is held until that is committed."""
        transaction.on_commit(self.lock.release)
        return models.Segment(
            number=self.number, kind=self.kind, path=self.path, rows=self.rows, size=self.size, sha256=self.sha256,
            first_date=self.first_date, last_date=self.last_date, schema_version=schema.SCHEMA_VERSION,
            added_seq=added_seq, last_seq=last_seq, carries_seq=carries_seq,
        )  # fmt: skip


class WriterLock:
    """Held from before a file is created until its commit: what a sweep may not delete. Dies with its process.

    Writers share the lock; a sweep wants it alone.
    """

    def __init__(self, *, alone: bool = False) -> None:
        folder = root() / "ledger"
        folder.mkdir(parents=True, exist_ok=True)
        self._handle = os.open(folder / ".writers", os.O_RDWR | os.O_CREAT, 0o644)
        self.held = True
        try:
            fcntl.flock(self._handle, fcntl.LOCK_EX | fcntl.LOCK_NB if alone else fcntl.LOCK_SH)
        except BlockingIOError:
            self.release()

    def release(self) -> None:
        """Let go, once."""
        if self.held:
            os.close(self._handle)
        self.held = False

    def __del__(self) -> None:
        self.release()


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
    lock = WriterLock()
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
        number, kind.name, relative, frame.height, target.stat().st_size, file_digest(target),
        dates.min(), dates.max(), lock,  # type: ignore[arg-type]
    )  # fmt: skip


def list_carrying(written: Written, frame: pl.DataFrame) -> models.Segment:
    """List a sealed or compacted segment, whose rows carry the numbers of their commits."""
    seqs = frame.get_column(schema.COMMIT_SEQ)
    segment = written.row(added_seq=int(seqs.min()), last_seq=int(seqs.max()), carries_seq=True)  # type: ignore[arg-type]
    segment.save(force_insert=True)
    reach("segment-listed")
    return segment


def scan(kind: Kind, listed: Sequence[models.Segment], cut: int, columns: Sequence[str]) -> pl.LazyFrame:
    """The rows of these segments up to the cut, with these columns; a column a segment lacks reads as null."""
    wanted = schema.readable(kind)
    empty = pl.LazyFrame(schema={name: wanted[name] for name in columns})
    frames = [_scan_one(kind, segment, cut, columns) for segment in listed]
    return pl.concat([empty, *frames]) if frames else empty


def _scan_one(kind: Kind, segment: models.Segment, cut: int, columns: Sequence[str]) -> pl.LazyFrame:
    own = schema.readable(kind) if segment.carries_seq else schema.stored(kind)
    frame = pl.scan_parquet(root() / segment.path, schema=own, missing_columns="insert", extra_columns="ignore", glob=False)
    if not segment.carries_seq:
        frame = frame.with_columns(pl.lit(segment.added_seq, dtype=pl.Int64).alias(schema.COMMIT_SEQ))
    elif segment.last_seq > cut:
        frame = frame.filter(pl.col(schema.COMMIT_SEQ) <= cut)
    return frame.select(columns)
