"""Undo: take back a batch, restoring what it had restated or taken out; afterwards the same bytes may come again."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import polars as pl

from steelyard.calc.errors import Problem, Refused
from steelyard.calc.facts import Kind

from .. import lookup, models, queries, schema
from .committing import Committing, committing
from .posting import reversals, write

_COLUMNS = [*lookup.LIVE_COLUMNS, "batch", schema.COMMIT_SEQ]
_IDENTITY = ["key_hash", "ordinal"]
_ROW = ["content_hash", "batch"]  # with its identity, this says which row it is, restored or not


@dataclass(frozen=True, slots=True)
class Undone:
    """What an undo did. ``superseded`` lines were corrected by a later batch, whose word stands."""

    commit_seq: int
    reversed: int
    restored: int
    superseded: int


def reverse_batch(batch: int, *, acting_user: Any, note: str = "") -> Undone:
    """Reverse every live row of a batch, and restore the rows that it had reversed."""
    kinds = _kinds(batch)
    with committing(cause="undone", acting_user=acting_user, note=note, batch=batch) as commit:
        commit.kept = True  # even where later batches superseded every line, this one must never be restored
        counts = [_reverse_kind(schema.kind_named(name), batch, commit) for name in kinds]
        totals = [sum(column) for column in zip(*counts, strict=True)] or [0, 0, 0]
        return Undone(commit.seq, *totals)


def preview_reversal(batch: int) -> Undone:
    """What `reverse_batch` would do now, by the same calculation; refused for the same reasons. Nothing is written."""
    cut = queries.head()
    counts = [_changes(schema.kind_named(name), batch, cut).counts for name in _kinds(batch)]
    totals = [sum(column) for column in zip(*counts, strict=True)] or [0, 0, 0]
    return Undone(cut + 1, *totals)


def _kinds(batch: int) -> list[str]:
    """The kinds that a batch brought facts of; refused where it cannot be undone."""
    commits = models.Commit.objects.filter(batch=batch)
    if batch <= 0 or not commits.exists():
        raise Refused(Problem("unknown_batch", "no commit belongs to this batch", found=str(batch)))
    if commits.filter(cause="undone").exists():
        raise Refused(Problem("already_undone", "this batch is already undone", found=str(batch)))
    kinds = sorted({name for commit in commits for name in commit.facts})
    _refuse_rewritten(kinds, commits.earliest("seq").seq, batch)
    return kinds


def _refuse_rewritten(kinds: list[str], since: int, batch: int) -> None:
    if models.Segment.objects.filter(kind__in=kinds, retired_seq__gt=since).exists():
        message = "the facts of this batch were rewritten as a whole since; it can no longer be undone"
        raise Refused(Problem("rewritten_since", message, found=str(batch)))


@dataclass(frozen=True, slots=True)
class _Changes:
    """What an undo changes of one kind: all rows of the keys touched, the rows to reverse, those that stand again, and counts."""

    rows: pl.DataFrame
    old: pl.Series
    back: pl.DataFrame
    superseded: int

    @property
    def counts(self) -> tuple[int, int, int]:
        """Rows reversed, restored, superseded."""
        return self.old.len(), self.back.height, self.superseded


def _changes(kind: Kind, batch: int, cut: int) -> _Changes:
    """Each commit that touched a key made a statement about it: a row, or that there is none. After the undo the last
    statement of a batch that is not undone stands.
    """
    rows = _rows_of_keys(kind, batch, cut)
    statements = _statements(rows)
    touched = statements.filter(pl.col("by") == batch).select(_IDENTITY).unique()
    withdrawn = [batch, *models.Commit.objects.filter(cause="undone").values_list("batch", flat=True)]
    valid = statements.filter(~pl.col("by").is_in(withdrawn)).sort(schema.COMMIT_SEQ)
    due = valid.unique(_IDENTITY, keep="last", maintain_order=True).filter(pl.col("row_id").is_not_null())
    live = lookup.live_only(rows).select(*_IDENTITY, *_ROW, pl.col("row_id").alias("live"))
    both = touched.join(live, on=_IDENTITY, how="left").join(due, on=_IDENTITY, how="left", suffix="_due")
    same = pl.all_horizontal(pl.col(name).eq_missing(pl.col(f"{name}_due")) for name in _ROW)
    changed = both.filter(~same)
    back = changed.filter(pl.col("row_id").is_not_null()).select(*_IDENTITY, *(pl.col(f"{name}_due").alias(name) for name in _ROW))
    return _Changes(rows, changed.get_column("live").drop_nulls(), back, both.height - changed.height)


def _reverse_kind(kind: Kind, batch: int, commit: Committing) -> tuple[int, int, int]:
    """Reversals and restorations of one kind as one segment: rows reversed, restored, superseded."""
    cut = commit.seq - 1
    found = _changes(kind, batch, cut)
    frames = [reversals(kind, found.old, cut)] if found.old.len() else []
    if found.back.height:
        frames.append(_restorations(kind, found.back, found.rows, cut))
    if frames:
        written, seals = write(kind, pl.concat(frames))
        commit.add_segment(written, seals, {"new": 0, "restated": 0, "reversed": found.old.len(), "restored": found.back.height})
    return found.counts


def _rows_of_keys(kind: Kind, batch: int, cut: int) -> pl.DataFrame:
    """Every row with a key that the batch touched, reversed or not."""
    parts = queries.parts(kind.name, cut)
    touched = pl.col(schema.COMMIT_SEQ).is_in(list(_statements_of(batch=batch)))
    keys = pl.concat([part.scan(["key_hash", schema.COMMIT_SEQ]).filter(touched).select("key_hash").collect() for part in parts])
    wanted = pl.col("key_hash").is_in(keys.get_column("key_hash").unique().implode())
    return pl.concat([part.scan(_COLUMNS).filter(wanted).collect() for part in parts])


def _statements_of(**which: int) -> dict[int, int]:
    """Commits that state something (undoing states nothing) -> their batch."""
    return dict(models.Commit.objects.filter(**which).exclude(cause="undone").values_list("seq", "batch"))


def _statements(rows: pl.DataFrame) -> pl.DataFrame:
    """What each commit said about each key: its row (number, content, batch), or null if it only took the row out."""
    commits = _statements_of()
    made_by = pl.DataFrame({schema.COMMIT_SEQ: list(commits), "by": list(commits.values())}, schema_overrides={"by": pl.Int64})
    said = rows.join(made_by, on=schema.COMMIT_SEQ).group_by(*_IDENTITY, schema.COMMIT_SEQ, "by")
    return said.agg(pl.col("row_id", *_ROW).filter(pl.col("sign") > 0).last())


def _restorations(kind: Kind, back: pl.DataFrame, rows: pl.DataFrame, cut: int) -> pl.DataFrame:
    """Copies of rows that stand again; each points to the reversal that it makes good."""
    stood = rows.filter(pl.col("sign") > 0).sort(schema.COMMIT_SEQ).unique([*_IDENTITY, *_ROW], keep="last", maintain_order=True)
    last = back.join(stood.select("row_id", *_IDENTITY, *_ROW), on=[*_IDENTITY, *_ROW])
    reversed_by = rows.filter(pl.col("sign") < 0).select(pl.col("reverses_row_id").alias("row_id"), pl.col("row_id").alias("undoes"))
    pairs = last.select("row_id").join(reversed_by, on="row_id")
    full = lookup.by_row_id(kind, pairs.get_column("row_id"), cut, list(schema.stored(kind))).join(pairs, on="row_id")
    restored = full.with_columns(pl.col("undoes").alias("reverses_row_id"), pl.lit(1, dtype=pl.Int8).alias("sign"))
    return restored.select(list(schema.stored(kind)))
