"""Settling: what was received becomes live, each row a statement of its own, so that a later one corrects an earlier one.

What takes long (what the rows correct or cancel) is looked up before the ledger is locked; under the lock only newer commits are
looked at. Rows that are already settled by somebody else are left alone, so several workers may settle at once.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Any

import polars as pl
from django.db.utils import InterfaceError, OperationalError
from django.utils import timezone

from steelyard.calc.facts import Kind

from .. import bulk, key_index, lookup, models, queries, schema, segments
from .. import classify as classifying
from ..failpoints import reach
from ..sealing import seals_of
from .committing import Committing, committing
from .posting import reversals, stored_rows
from .tail import LIVE, RECEIVED, SETTLED

_SETTLED = ("state", "outcome", "commit_seq", "row_id", "system")
CANCELLED, NOTHING = "cancelled", "nothing to cancel"
Beside = Callable[[str, str, pl.DataFrame], Callable[[], None] | None]


@dataclass(frozen=True, slots=True)
class Settled:
    """What became of the received rows."""

    new: int = 0
    restated: int = 0
    duplicates: int = 0
    outdated: int = 0
    cancelled: int = 0
    commit_seq: int | None = None


@dataclass(frozen=True, slots=True)
class _Turn:
    """Rows of one sender, no key twice, and what they do at a cut: what each of them is, and the rows that it takes."""

    kind: Kind
    source: str
    rows: Sequence[models.TailRow]
    cut: int
    outcomes: dict[int, str]  # number of the tail row -> what it is
    added: pl.DataFrame  # rows that become live, with every stored column
    reversals: pl.DataFrame
    key_hashes: pl.Series  # of everything looked up
    restated: int = 0


def settle(*, acting_user: Any, limit: int = 10_000, beside: Beside | None = None) -> Settled:
    """Make received rows live, of each source the oldest first. A commit is of whoever sent its rows, not of the worker that settles them.

    ``beside`` is given kind, source and the rows that a turn adds, before the lock; what it returns is called in the same commit.
    """
    total = Settled()
    note = f"tail, settled by {getattr(acting_user, 'username', acting_user)}"
    pending = models.TailRow.objects.filter(state=RECEIVED).order_by("id")
    failed: list[Exception] = []
    for kind_name, source in sorted(pending.order_by().values_list("kind", "source").distinct()):
        rows = list(pending.filter(kind=kind_name, source=source)[:limit])
        try:
            for turn in _in_order(schema.kind_named(kind_name), source, rows):
                total = _settle_turn(schema.kind_named(kind_name), source, turn, note, total, beside)
        except (OperationalError, InterfaceError):  # the database is away: nobody's rows can be settled
            raise
        except Exception as error:  # noqa: BLE001 - what holds up one source holds up no other; it is raised at the end
            error.add_note(f"while rows of {kind_name} from {source} were settled, beginning with number {rows[0].pk}")
            failed.append(error)
    if failed:
        raise failed[0] if len(failed) == 1 else ExceptionGroup("several sources could not be settled", failed)
    return total


def _in_order(kind: Kind, source: str, rows: Sequence[models.TailRow]) -> Iterator[list[models.TailRow]]:
    """The rows in turns: in the order of their arrival as far as they speak of the same key, each turn of one sender."""
    for cancels, run in groupby(rows, key=lambda row: row.cancels):
        for turn in [list(run)] if cancels else _turns(kind, list(run), source):
            for sender in sorted({row.actor for row in turn}):  # no key is twice in a turn: their order does not matter
                yield [row for row in turn if row.actor == sender]


def _lines(kind: Kind, rows: Sequence[models.TailRow]) -> pl.DataFrame:
    """The received rows as lines; ``source_row`` is the tail's own number."""
    wanted: dict[str, pl.DataType] = {**kind.schema, "source_row": pl.Int64(), "source_version": pl.Int64()}
    return schema.from_json([{**row.payload, "source_row": row.pk} for row in rows], wanted)


def _turns(kind: Kind, rows: list[models.TailRow], source: str) -> list[list[models.TailRow]]:
    """Rows split so that no key occurs twice in one turn and the order of arrival is kept within a key."""
    hashes = classifying.hashed(kind, _lines(kind, rows), source).get_column("key_hash").to_list()
    seen: dict[int, int] = {}
    turns: list[list[models.TailRow]] = []
    for row, key in zip(rows, hashes, strict=True):
        turn = seen.get(key, 0)
        seen[key] = turn + 1
        if turn == len(turns):
            turns.append([])
        turns[turn].append(row)
    return turns


def _prepared(kind: Kind, source: str, rows: Sequence[models.TailRow], cut: int) -> _Turn:
    """What the rows do at a cut."""
    if rows[0].cancels:
        return _cancelling(kind, source, rows, cut)
    found = classifying.classify(kind.name, _lines(kind, rows), source=source, cut=cut, find=key_index.by_key)
    added = found.of(classifying.NEW, classifying.RESTATED)
    old = added.get_column("old_row_id").drop_nulls()
    frame = stored_rows(kind, added, source, 0)
    back = reversals(kind, old, cut) if old.len() else frame.clear()
    outcomes = dict(found.lines.select("source_row", "status").iter_rows())
    return _Turn(kind, source, rows, cut, outcomes, frame, back, found.lines.get_column("key_hash"), old.len())


def _cancelling(kind: Kind, source: str, rows: Sequence[models.TailRow], cut: int) -> _Turn:
    """Live rows with the keys given; one that two rows cancel is taken out once."""
    live = lookup.by_columns(kind, source, [row.payload for row in rows], cut)
    taken: set[int] = set()
    outcomes = {}
    for row in rows:
        same = pl.all_horizontal(pl.lit(True), *(pl.col(name) == _value(kind, name, value) for name, value in row.payload.items()))
        mine = set(live.filter(same).get_column("row_id")) - taken
        outcomes[row.pk] = CANCELLED if mine else NOTHING
        taken |= mine
    back = reversals(kind, live.filter(pl.col("row_id").is_in(sorted(taken))).get_column("row_id"), cut)
    return _Turn(kind, source, rows, cut, outcomes, back.clear(), back, live.get_column("key_hash"))


def _value(kind: Kind, name: str, value: Any) -> Any:
    return date.fromisoformat(value) if kind.schema[name] == pl.Date() else value


def _settle_turn(
    kind: Kind, source: str, rows: Sequence[models.TailRow], note: str, total: Settled, beside: Beside | None
) -> Settled:  # fmt: skip
    """One commit for rows of one sender with distinct keys."""
    turn = _prepared(kind, source, rows, queries.head())
    then = beside(kind.name, source, turn.added) if beside is not None and turn.added.height else None
    with committing(cause="new", acting_user=rows[0].actor, note=note) as commit:
        mine = models.TailRow.objects.select_for_update().filter(pk__in=[row.pk for row in rows], state=RECEIVED)
        still = set(mine.values_list("pk", flat=True))
        rows = [row for row in rows if row.pk in still]
        if not rows:
            return total
        before = commit.seq - 1
        if len(rows) < len(turn.rows) or (turn.cut != before and _overtaken(turn, before)):
            turn = _prepared(kind, source, rows, before)
        _add(turn, commit)
        if then is not None:
            then()
        reach("tail-settled")
    return _counted(total, turn, commit)


def _overtaken(turn: _Turn, before: int) -> bool:
    """Whether newer commits say something about what was looked up; of what is cancelled, anything may have been added."""
    return bool(turn.rows[0].cancels) or lookup.touched_since(turn.kind, turn.key_hashes, turn.cut, before)


def _add(turn: _Turn, commit: Committing) -> None:
    """Give the rows their numbers, save what became of each received row, and make them part of the commit."""
    frame = pl.concat([turn.added, turn.reversals]) if turn.reversals.height else turn.added
    if frame.height:
        number = segments.reserve("segment")
        frame = frame.with_columns((pl.int_range(pl.len(), dtype=pl.Int64) + number * 2**32).alias("row_id"))
    _keep(turn, frame, commit.seq)
    if frame.height:
        counts = {"new": turn.added.height - turn.restated, "restated": turn.restated, "reversed": turn.reversals.height - turn.restated}
        commit.add_rows(turn.kind.name, seals_of(turn.kind, frame), counts)


def _keep(turn: _Turn, frame: pl.DataFrame, seq: int) -> None:
    """Save what became of each received row, and the reversals beside them."""
    by_number = {row.pk: row for row in turn.rows}
    for row in turn.rows:
        row.state, row.outcome = SETTLED, turn.outcomes[row.pk]
    reversing: list[models.TailRow] = []
    own = [name for name in schema.LEDGER_COLUMNS if name != "row_id"]
    for position, record in enumerate(frame.to_dicts()):
        system = {name: record[name] for name in own if record[name] is not None}
        if position < turn.added.height:
            row = by_number[record["source_row"]]
        else:
            payload = {n: v.isoformat() if isinstance(v, date) else v for n in turn.kind.schema if (v := record[n]) is not None}
            row = models.TailRow(
                kind=turn.kind.name, source=record["source"], payload=payload, outcome="reversal", actor=turn.rows[0].actor,
                received_at=timezone.now(),
            )  # fmt: skip
            reversing.append(row)
        row.state, row.commit_seq, row.row_id, row.system = LIVE, seq, record["row_id"], system
    for row in turn.rows:
        if row.outcome == CANCELLED:
            row.commit_seq = seq
    changed = ((row.state, row.outcome, row.commit_seq, row.row_id, json.dumps(row.system), row.pk) for row in turn.rows)
    bulk.update(models.TailRow, _SETTLED, ["id"], changed)
    models.TailRow.objects.bulk_create(reversing, batch_size=500)


def _counted(total: Settled, turn: _Turn, commit: Committing) -> Settled:
    told = list(turn.outcomes.values())
    return Settled(
        total.new + turn.added.height - turn.restated, total.restated + turn.restated,
        total.duplicates + told.count(classifying.DUPLICATE), total.outdated + told.count(classifying.OUTDATED),
        total.cancelled + turn.reversals.height - turn.restated,
        commit.seq if turn.added.height or turn.reversals.height else total.commit_seq,
    )  # fmt: skip
