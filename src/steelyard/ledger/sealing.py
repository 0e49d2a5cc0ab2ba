"""A row's seal: one hash over its content and over what the ledger says about it. A commit's digest is made of seals."""

from __future__ import annotations

import polars as pl

from steelyard.calc.facts import Kind

from . import hashing

SEALED_COLUMNS = (
    "row_id", "sign", "reverses_row_id", "source", "batch", "source_row", "ordinal", "source_version", "content_hash",
)  # fmt: skip


def seals_of(kind: Kind, frame: pl.DataFrame) -> hashing.Hashes:
    """One seal per row."""
    return hashing.row_hashes(frame, SEALED_COLUMNS, start=kind.name)
