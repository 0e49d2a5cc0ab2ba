"""The live tail as a frame, kept in the process: rows of the tail never change, so only newer ones are read.

What is kept is true as long as its last commit lies on the chain and nothing was sealed since. Layout changes with every commit and
with every sealing, so their difference tells. Inside a transaction, which may be undone, nothing is kept.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from threading import Lock
from typing import Any

import polars as pl
from django.db import connection

from steelyard.calc.facts import Kind

from . import models, schema


@dataclass(frozen=True, slots=True)
class At:
    """The head as it was read: the newest commit, and the counter of layout changes."""

    seq: int
    hash: str
    layout: int


@dataclass(frozen=True, slots=True)
class Kept:
    """All live rows of a kind up to a commit."""

    at: At
    frame: pl.DataFrame


_kept: dict[tuple[str, str], Kept] = {}
_lock = Lock()


def at_head() -> At:
    """The head now."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT seq, hash, layout FROM ledger_head WHERE id = 1")
        return At(*(cursor.fetchone() or (0, "", 0)))


def read(kind: Kind, at: At) -> Kept:
    """The live rows of a kind up to the head ``at``: those that are kept, and what came since."""
    kept = _kept.get(_place(kind))
    if kept is None or not _stands(kept.at, at):
        return Kept(at, _rows(kind, after=0, until=at.seq))
    if kept.at.seq == at.seq:
        return kept
    return Kept(at, pl.concat([kept.frame, _rows(kind, after=kept.at.seq, until=at.seq)], rechunk=True))


def keep(kind: Kind, kept: Kept) -> None:
    """Keep rows of which the caller knows that nothing was sealed while they were read."""
    if may_be_undone():
        return
    with _lock:
        before = _kept.get(_place(kind))
        if before is None or before.at.seq <= kept.at.seq or not _stands(before.at, kept.at):
            _kept[_place(kind)] = kept


def frame_of(kind: Kind, rows: Iterable[tuple[Any, Any, int | None, int | None]]) -> pl.DataFrame:
    """Rows of the tail (payload, system, row_id, commit_seq) as a typed frame."""
    records = [{**payload, **system, "row_id": row_id, schema.COMMIT_SEQ: seq} for payload, system, row_id, seq in rows]
    return schema.from_json(records, schema.readable(kind))


def may_be_undone() -> bool:
    """Whether what is read now is of a transaction that may never have been."""
    return connection.in_atomic_block


def _place(kind: Kind) -> tuple[str, str]:
    return str(connection.settings_dict["NAME"]), kind.name


def _stands(kept: At, now: At) -> bool:
    if kept.layout - kept.seq != now.layout - now.seq or kept.seq > now.seq:
        return False
    return (kept.seq, kept.hash) == (now.seq, now.hash) or models.Commit.objects.filter(seq=kept.seq, hash=kept.hash).exists()


def _rows(kind: Kind, *, after: int, until: int) -> pl.DataFrame:
    live = models.TailRow.objects.filter(kind=kind.name, state=models.TailRow.LIVE, commit_seq__gt=after, commit_seq__lte=until)
    return frame_of(kind, live.order_by("id").values_list("payload", "system", "row_id", "commit_seq"))
