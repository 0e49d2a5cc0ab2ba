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


@dataclass(frozen=True, slots=True)
class Undone:
    """What an undo did. ``superseded`` lines were corrected by a later batch, whose word stands."""

    commit_seq: int
    reversed: int
    restored: int
    superseded: int


def reverse_batch(batch: int, *, acting_user: Any, note: str = "") -> Undone:
    """Reverse every live row of a batch, and restore the rows that it had reversed."""
    commits = models.Commit.objects.filter(batch=batch)
    if batch <= 0 or not commits.exists():
        raise Refused(Problem("unknown_batch", "no commit belongs to this batch", found=str(batch)))
    if commits.filter(cause="undone").exists():
        raise Refused(Problem("already_undone", "this batch is already undone", found=str(batch)))
    first = commits.earliest("seq").seq
    kinds = sorted({name for commit in commits for name in commit.facts})
    _refuse_rewritten(kinds, first, batch)
    with committing(cause="undone", acting_user=acting_user, note=note, batch=batch) as commit:
        commit.kept = True  # even where later batches superseded every line, this one must never be restored
        counts = [_reverse_kind(schema.kind_named(name), batch, commit) for name in kinds]
        totals = [sum(column) for column in zip(*counts, strict=True)] or [0, 0, 0]
        return Undone(commit.seq, *totals)


def _refuse_rewritten(kinds: list[str], since: int, batch: int) -> None:
    if models.Segment.objects.filter(kind__in=kinds, retired_seq__gt=since).exists():
        message = "the facts of this batch were rewritten as a whole since; it can no longer be undone"
        raise Refused(Problem("rewritten_since", message, found=str(batch)))


def _reverse_kind(kind: Kind, batch: int, commit: Committing) -> tuple[int, int, int]:
    """Reversals and restorations of one kind as one segment: rows reversed, restored, superseded."""
    cut = commit.seq - 1
    rows = pl.concat([part.scan(_COLUMNS).collect() for part in queries.parts(kind.name, cut)])
    live = lookup.live_only(rows)
    own = live.filter(pl.col("batch") == batch)
    remaining = live.filter(pl.col("batch") != batch).select(_IDENTITY)
    causes = _reversals_by_batch(rows)
    taken = causes.filter(pl.col("by") == batch)
    back = taken.join(own.select(_IDENTITY), on=_IDENTITY, how="semi").vstack(
        taken.join(live.select(_IDENTITY), on=_IDENTITY, how="anti")
    )
    restored = _skip_undone(back, causes, batch).join(remaining, on=_IDENTITY, how="anti")
    restored = restored.sort("row_id").unique(_IDENTITY, keep="last", maintain_order=True)
    frames = []
    if own.height:
        frames.append(reversals(kind, own.get_column("row_id"), cut))
    if restored.height:
        full = lookup.by_row_id(kind, restored.get_column("reverses_row_id"), cut, list(schema.stored(kind)))
        pairs = restored.select(pl.col("reverses_row_id").alias("row_id"), pl.col("row_id").alias("undoes"))
        full = full.join(pairs, on="row_id").with_columns(pl.col("undoes").alias("reverses_row_id")).drop("undoes")
        frames.append(full.with_columns(pl.lit(1, dtype=pl.Int8).alias("sign")))
    added = rows.filter(pl.col(schema.COMMIT_SEQ).is_in(_commits_of(batch)) & (pl.col("sign") > 0)).height
    if frames:
        written, seals = write(kind, pl.concat(frames))
        commit.add_segment(written, seals, {"new": 0, "restated": 0, "reversed": own.height, "restored": restored.height})
    return own.height, restored.height, max(added - own.height, 0)


def _commits_of(batch: int) -> list[int]:
    return list(models.Commit.objects.filter(batch=batch).exclude(cause="undone").values_list("seq", flat=True))


def _reversals_by_batch(rows: pl.DataFrame) -> pl.DataFrame:
    """Every reversal row with the batch that caused it (``by``): its own batch is that of the row it repeats."""
    commits = models.Commit.objects.exclude(cause="undone").exclude(batch=0).values_list("seq", "batch")
    causes = pl.DataFrame(list(commits), schema={schema.COMMIT_SEQ: pl.Int64(), "by": pl.Int64()}, orient="row")
    return rows.filter(pl.col("sign") < 0).join(causes, on=schema.COMMIT_SEQ)


def _skip_undone(back: pl.DataFrame, causes: pl.DataFrame, batch: int) -> pl.DataFrame:
    """Where the row to restore belongs to a batch that was itself undone, restore what that one had reversed."""
    undone = set(models.Commit.objects.filter(cause="undone").exclude(batch=batch).values_list("batch", flat=True))
    for _ in range(len(undone)):
        withdrawn = pl.col("batch").is_in(list(undone))
        stale = back.filter(withdrawn)
        if not stale.height:
            break
        earlier = causes.join(stale.select(*_IDENTITY, pl.col("batch").alias("by")), on=[*_IDENTITY, "by"], how="semi")
        back = back.filter(~withdrawn).vstack(earlier.select(back.columns))
    return back.filter(~pl.col("batch").is_in(list(undone)))
