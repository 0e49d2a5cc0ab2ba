"""A run's files: its items (one row per subject and node) and its readings (one row per subject and measure read).

Written once, durably, under the run's id; the database keeps their hashes.
"""

from __future__ import annotations

import hashlib
import io
import os
from pathlib import Path

import polars as pl
from django.conf import settings

from steelyard.calc.errors import Problem
from steelyard.calc.receipts.document import SEPARATOR
from steelyard.ledger.segments import sync_folder

__all__ = ["SEPARATOR", "check", "digest", "home", "write"]


def home() -> Path:
    """The home of the installation."""
    return Path(settings.STEELYARD_HOME)


def write(relative: str, frame: pl.DataFrame) -> str:
    """Write a frame durably under the home; returns the SHA-256 of its bytes."""
    target = home() / relative
    target.parent.mkdir(parents=True, exist_ok=True)
    temporary = target.with_suffix(f".{os.getpid()}.part")
    _put(frame, temporary)
    with temporary.open("rb") as stream:
        checked = hashlib.file_digest(stream, "sha256").hexdigest()
        os.fsync(stream.fileno())
    temporary.replace(target)
    sync_folder(target.parent)
    return checked


def digest(frame: pl.DataFrame) -> str:
    """The SHA-256 that `write` would return for a frame, without writing it."""
    memory = io.BytesIO()
    _put(frame, memory)
    return hashlib.sha256(memory.getvalue()).hexdigest()


def check(relative: str, sha256: str) -> Problem | None:
    """What is wrong with a written file, or nothing."""
    path = home() / relative
    if not path.exists():
        return Problem(
            "run-file-missing",
            "a scored run has lost a file",
            where=relative,
            hint="score the period again at the same cut: it comes out the same",
        )
    with path.open("rb") as stream:
        found = hashlib.file_digest(stream, "sha256").hexdigest()
    if found != sha256:
        return Problem(
            "run-file-altered",
            "a scored run is not what was written",
            where=relative,
            found=found,
            hint="remove the file and score the period again at the same cut",
        )
    return None


def _put(frame: pl.DataFrame, target: Path | io.BytesIO) -> None:
    frame.write_parquet(target, compression="zstd", statistics=True)
