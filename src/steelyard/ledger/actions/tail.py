"""The tail: single facts in real time. `receive` acknowledges durably; `settle` makes them live; `seal` moves them to segments."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import polars as pl
from django.db import IntegrityError, transaction
from django.utils import timezone

from steelyard.calc.errors import Problem, Refused, did_you_mean
from steelyard.calc.facts import Kind

from .. import bulk, models, queries, schema, segments
from .. import classify as classifying
from ..failpoints import reach
from ..sealing import seals_of
from .committing import committing, locked_head
from .posting import reversals, stored_rows, write

_PYTHON: dict[pl.DataType, type] = {pl.String(): str, pl.Date(): date, pl.Boolean(): bool, pl.Int64(): int}
_LEAST, _MOST = -(2**63), 2**63 - 1
_INSERTED = ("kind", "source", "delivery", "payload", "state", "outcome", "actor", "received_at", "system")
_SETTLED = ("state", "outcome", "commit_seq", "row_id", "system")
KEEP_FOR = timedelta(days=30)
RECEIVED, LIVE, SEALED, SETTLED = (models.TailRow.RECEIVED, models.TailRow.LIVE, models.TailRow.SEALED, models.TailRow.SETTLED)


@dataclass(frozen=True, slots=True)
class Received:
    """The acknowledgement of a single fact; ``again`` says that this delivery was already known."""

    number: int
    state: str
    again: bool


@dataclass(frozen=True, slots=True)
class Settled:
    """What became of the received rows."""

    new: int = 0
    restated: int = 0
    duplicates: int = 0
    outdated: int = 0
    commit_seq: int | None = None


def receive(kind_name: str, row: Mapping[str, Any], *, source: str, acting_user: Any, delivery: str = "") -> Received:
    """Take one fact: durable when this returns, live when the worker has settled it.

    ``delivery`` is the sender's own id of the message: the same one again is recognised and answered alike; the same
    one with other content is refused.
    """
    payload = _payload(schema.kind_named(kind_name), row)
    actor = str(getattr(acting_user, "username", acting_user))
    values = (kind_name, source, delivery, json.dumps(payload), RECEIVED, "", actor, bulk.moment(timezone.now()), "{}")
    try:
        with transaction.atomic():
            number = bulk.insert_one(models.TailRow, _INSERTED, values)
            reach("tail-received")
    except IntegrityError:
        known = models.TailRow.objects.get(delivery=delivery)
        if (known.kind, known.source, known.payload) != (kind_name, source, payload):
            message = "this delivery was already received with other content"
            raise Refused(Problem("delivery_reused", message, found=delivery)) from None
        return Received(known.pk, known.state, again=True)
    return Received(number, RECEIVED, again=False)


def _payload(kind: Kind, row: Mapping[str, Any]) -> dict[str, Any]:
    """The row as JSON keeps it; every problem with it at once."""
    allowed: dict[str, pl.DataType] = {**kind.schema, "source_version": pl.Int64()}
    problems: list[Problem] = []
    payload: dict[str, Any] = {}
    for name, value in row.items():
        dtype = allowed.get(name)
        if dtype is None:
            problems.append(Problem("unknown_column", f"{kind.name} has no such column", name, hint=did_you_mean(name, allowed)))
        elif value is not None:
            wanted = _PYTHON[dtype]
            fits = type(value) is wanted and not (type(value) is int and not _LEAST <= value <= _MOST)
            if not fits:
                problems.append(Problem("wrong_type", f"expected {wanted.__name__} of 64 bits at most", name, found=repr(value)))
            payload[name] = value.isoformat() if isinstance(value, date) else value
    problems += [
        Problem("required", "a value is required", column.name)
        for column in kind.columns
        if column.required and payload.get(column.name) is None
    ]
    if problems:
        raise Refused(problems)
    return payload


def settle(*, acting_user: Any, limit: int = 10_000) -> Settled:
    """Make received rows live, oldest first; each row is a statement of its own, so a later one corrects an earlier one.

    A commit is of whoever sent its rows, not of the worker that looked what they correct.
    """
    total = Settled()
    note = f"tail, settled by {getattr(acting_user, 'username', acting_user)}"
    pending = list(models.TailRow.objects.filter(state=RECEIVED).order_by("id")[:limit])
    groups: dict[tuple[str, str], list[models.TailRow]] = {}
    for row in pending:
        groups.setdefault((row.kind, row.source), []).append(row)
    for (kind_name, source), rows in groups.items():
        kind = schema.kind_named(kind_name)
        for turn in _turns(kind, rows, source):
            for sender in sorted({row.actor for row in turn}):  # no key is twice in a turn: their order does not matter
                sent = [row for row in turn if row.actor == sender]
                total = _settle_turn(kind, source, sent, sender, note, total)
    return total


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


def _settle_turn(kind: Kind, source: str, rows: list[models.TailRow], sender: str, note: str, total: Settled) -> Settled:
    """One commit for rows of one sender with distinct keys."""
    number = segments.reserve("segment")
    with committing(cause="new", acting_user=sender, note=note) as commit:
        still = set(
            models.TailRow.objects.select_for_update().filter(pk__in=[row.pk for row in rows], state=RECEIVED).values_list("pk", flat=True)
        )
        rows = [row for row in rows if row.pk in still]
        if not rows:
            return total
        found = classifying.classify(kind.name, _lines(kind, rows), source=source, cut=commit.seq - 1)
        added = found.of(classifying.NEW, classifying.RESTATED)
        old = added.get_column("old_row_id").drop_nulls()
        frame = stored_rows(kind, added, source, 0)
        if old.len():
            frame = pl.concat([frame, reversals(kind, old, found.cut)])
        frame = frame.with_columns((pl.int_range(pl.len(), dtype=pl.Int64) + number * 2**32).alias("row_id"))
        _keep(kind, frame, added.height, rows, found, commit.seq)
        counts = {"new": found.count(classifying.NEW), "restated": found.count(classifying.RESTATED), "reversed": 0}
        if frame.height:
            commit.add_rows(kind.name, seals_of(kind, frame), counts)
        reach("tail-settled")
    return Settled(
        total.new + counts["new"], total.restated + counts["restated"],
        total.duplicates + found.count(classifying.DUPLICATE), total.outdated + found.count(classifying.OUTDATED),
        commit.seq if frame.height else total.commit_seq,
    )  # fmt: skip


def _keep(kind: Kind, frame: pl.DataFrame, added: int, rows: list[models.TailRow], found: classifying.Classified, seq: int) -> None:
    """Save what became of each received row, and the reversals beside them."""
    by_number = {row.pk: row for row in rows}
    for number, status in found.lines.select("source_row", "status").iter_rows():
        by_number[number].state, by_number[number].outcome = SETTLED, status
    reversing: list[models.TailRow] = []
    own = [name for name in schema.LEDGER_COLUMNS if name != "row_id"]
    for position, record in enumerate(frame.to_dicts()):
        system = {name: record[name] for name in own if record[name] is not None}
        if position < added:
            row = by_number[record["source_row"]]
        else:
            payload = {n: v.isoformat() if isinstance(v, date) else v for n in kind.schema if (v := record[n]) is not None}
            row = models.TailRow(
                kind=kind.name, source=record["source"], payload=payload, outcome="reversal", actor=rows[0].actor,
                received_at=timezone.now(),
            )  # fmt: skip
            reversing.append(row)
        row.state, row.commit_seq, row.row_id, row.system = LIVE, seq, record["row_id"], system
    changed = ((row.state, row.outcome, row.commit_seq, row.row_id, json.dumps(row.system), row.pk) for row in rows)
    bulk.update(models.TailRow, _SETTLED, ["id"], changed)
    models.TailRow.objects.bulk_create(reversing, batch_size=500)


def seal(kind_name: str | None = None) -> int:
    """Move the live tail into segments that carry ``commit_seq``; returns the rows moved. No read at any cut changes."""
    live = models.TailRow.objects.filter(state=LIVE)
    names = [kind_name] if kind_name else sorted(set(live.values_list("kind", flat=True)))
    return sum(_seal_kind(schema.kind_named(name)) for name in names)


def _seal_kind(kind: Kind) -> int:
    live = models.TailRow.objects.filter(state=LIVE, kind=kind.name, commit_seq__lte=queries.head())
    frame = queries.tail_rows(kind, live.values_list("payload", "system", "row_id", "commit_seq"))
    if not frame.height:
        return 0
    newest = frame.get_column(schema.COMMIT_SEQ).max()
    live = live.filter(commit_seq__lte=newest)
    written = write(kind, frame, keep_row_ids=True)[0]
    with transaction.atomic():
        head = locked_head()
        if live.count() != frame.height:  # somebody else sealed in the meantime; the file is an orphan, and is swept
            return 0
        segments.list_carrying(written, frame)
        live.update(state=SEALED)
        reach("tail-sealed")
        head.layout += 1
        head.save(update_fields=["layout"])
    return frame.height


def forget_sealed(*, keep_for: timedelta = KEEP_FOR) -> int:
    """Delete what lies in segments or added nothing, so long after it came; until then the same delivery is recognised."""
    done = models.TailRow.objects.filter(state__in=(SEALED, SETTLED), received_at__lte=timezone.now() - keep_for)
    return done.delete()[0]
