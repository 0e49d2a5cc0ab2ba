"""Posting facts: classify, write the segment, commit."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl

from steelyard.calc.facts import Kind

from .. import classify as classifying
from .. import hashing, lookup, ordering, schema, segments
from ..classify import Classified, Repeats, Replaces, classify
from ..sealing import seals_of
from .committing import Committing, committing


@dataclass(frozen=True, slots=True)
class Posted:
    """What a posting did. ``commit_seq`` is None when there was nothing to do."""

    commit_seq: int | None
    new: int
    restated: int
    duplicates: int
    outdated: int
    reversed: int  # rows taken out because a file that replaces its scope no longer holds them
    conflicts: int
    classified: Classified


@dataclass(slots=True)
class Prepared:
    """Lines classified and written to a file that nobody lists yet; `into` makes them part of a commit."""

    classified: Classified
    replaces: Replaces | None
    repeats: Repeats | None
    batch: int
    written: segments.Written | None
    seals: hashing.Hashes

    def into(self, commit: Committing) -> Posted:
        """List the segment. If the head moved since the look-up, only newer commits are looked at: when they touch
        these keys, the lines are classified again under the lock."""
        prepared = self
        before = commit.seq - 1
        commit.claim(self.classified.kind.name, self.classified.lines.get_column("key_hash").to_numpy().view(np.uint64))
        kind, lines = self.classified.kind, self.classified.lines
        if self.classified.cut != before and (
            self.replaces is not None or lookup.touched_since(kind, lines.get_column("key_hash"), self.classified.cut, before)
        ):
            given = lines.select(*kind.schema, "source_row", "source_version")
            prepared = prepare(
                kind.name, given, source=self.classified.source, batch=self.batch, replaces=self.replaces, repeats=self.repeats,
                cut=before,
            )  # fmt: skip
        found = prepared.classified
        counts = {
            "new": found.count(classifying.NEW), "restated": found.count(classifying.RESTATED), "reversed": found.gone.len(),
        }  # fmt: skip
        if prepared.written is not None:
            commit.add_segment(prepared.written, prepared.seals, counts)
        return Posted(
            None if prepared.written is None else commit.seq,
            duplicates=found.count(classifying.DUPLICATE), outdated=found.count(classifying.OUTDATED),
            conflicts=found.count(classifying.CONFLICT), classified=found, **counts,
        )  # fmt: skip


def post(
    kind_name: str,
    lines: pl.DataFrame,
    *,
    source: str,
    batch: int,
    acting_user: Any,
    cause: str = "new",
    replaces: Replaces | None = None,
    note: str = "",
) -> Posted:
    """Add facts: ``lines`` hold the kind's columns as stored and ``source_row``; absent columns are null.

    Duplicates, outdated lines and conflicts are left out and counted; restated lines reverse the row they correct.
    """
    prepared = prepare(kind_name, lines, source=source, batch=batch, replaces=replaces)
    with committing(cause=cause, acting_user=acting_user, note=note, batch=batch) as commit:
        return prepared.into(commit)


def prepare(
    kind_name: str, lines: pl.DataFrame, *, source: str, batch: int, replaces: Replaces | None = None,
    repeats: Repeats | None = None, cut: int | None = None,
) -> Prepared:  # fmt: skip
    """Classify lines and write their segment, outside any lock."""
    found = classify(kind_name, lines, source=source, cut=cut, replaces=replaces, repeats=repeats)
    added = found.of(classifying.NEW, classifying.RESTATED)
    old = pl.concat([added.get_column("old_row_id").drop_nulls(), found.gone.alias("old_row_id")])
    if not added.height and not old.len():
        return Prepared(found, replaces, repeats, batch, None, hashing.NONE)
    frame = stored_rows(found.kind, added, source, batch)
    if old.len():
        frame = pl.concat([frame, reversals(found.kind, old, found.cut)])
    written, seals = write(found.kind, frame)
    return Prepared(found, replaces, repeats, batch, written, seals)


def stored_rows(kind: Kind, added: pl.DataFrame, source: str, batch: int) -> pl.DataFrame:
    """New rows with every stored column."""
    return added.with_columns(
        pl.lit(0, dtype=pl.Int64).alias("row_id"),
        pl.lit(1, dtype=pl.Int8).alias("sign"),
        pl.lit(None, dtype=pl.Int64).alias("reverses_row_id"),
        pl.lit(source).alias("source"),
        pl.lit(batch, dtype=pl.Int64).alias("batch"),
    ).select(list(schema.stored(kind)))


def reversals(kind: Kind, row_ids: pl.Series, cut: int) -> pl.DataFrame:
    """Rows that repeat these in every column, with the opposite sign."""
    rows = lookup.by_row_id(kind, row_ids, cut, list(schema.stored(kind)))
    return rows.with_columns(pl.col("row_id").alias("reverses_row_id"), (-pl.col("sign")).alias("sign"))


def write(kind: Kind, frame: pl.DataFrame, *, keep_row_ids: bool = False) -> tuple[segments.Written, hashing.Hashes]:
    """Sort rows, number them and write them as one segment; their seals for the commit's digest.

    Rows that have their numbers already (``keep_row_ids``) belong to earlier commits: no seals are made.
    """
    number = segments.reserve("segment")
    frame = ordering.ordered(kind, frame)
    if keep_row_ids:
        return segments.write(kind, frame, number), hashing.NONE
    frame = frame.with_columns((pl.int_range(pl.len(), dtype=pl.Int64) + number * 2**32).alias("row_id"))
    return segments.write(kind, frame, number), seals_of(kind, frame)
