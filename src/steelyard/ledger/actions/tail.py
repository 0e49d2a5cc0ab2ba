"""The tail: single facts in real time. `receive` acknowledges durably; `settling` makes them live; `seal` moves them to segments."""

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

from .. import bulk, live_tail, models, queries, schema, segments
from ..failpoints import reach
from .committing import locked_head
from .posting import write

_PYTHON: dict[pl.DataType, type] = {pl.String(): str, pl.Date(): date, pl.Boolean(): bool, pl.Int64(): int}
_LEAST, _MOST = -(2**63), 2**63 - 1
_INSERTED = (
    "kind", "source", "delivery", "place", "cancels", "payload", "state", "outcome", "actor", "received_at", "system",
)  # fmt: skip
KEEP_FOR = timedelta(days=30)
RECEIVED, LIVE, SEALED, SETTLED = (models.TailRow.RECEIVED, models.TailRow.LIVE, models.TailRow.SEALED, models.TailRow.SETTLED)


@dataclass(frozen=True, slots=True)
class Said:
    """One row as its source said it, its values as stored. ``cancels``: they are only a key, and what has it counts no longer."""

    values: Mapping[str, Any]
    place: int = 0  # within its delivery
    cancels: bool = False


@dataclass(frozen=True, slots=True)
class Received:
    """The acknowledgement of a single fact; ``again`` says that this delivery was already known."""

    number: int
    state: str
    again: bool


def receive(kind_name: str, row: Mapping[str, Any], *, source: str, acting_user: Any, delivery: str = "") -> Received:
    """Take one fact: durable when this returns, live when the worker has settled it. The same as a delivery of one row."""
    return receive_all(kind_name, [Said(row)], source=source, acting_user=acting_user, delivery=delivery)[0]


def receive_all(kind_name: str, rows: Sequence[Said], *, source: str, acting_user: Any, delivery: str = "") -> list[Received]:
    """Take rows, all or none, in one transaction; the acknowledgements in their order.

    ``delivery`` is the sender's own id of the message: a place of it that is known is answered as before; the same place
    with other content is refused; places that are new are taken.
    """
    kind = schema.kind_named(kind_name)
    actor, now = str(getattr(acting_user, "username", acting_user)), bulk.moment(timezone.now())
    payloads = _payloads(kind, rows)
    for _ in range(2):
        known = _known(source, delivery)
        _refuse_other_content(kind, rows, payloads, known, delivery)
        fresh = [
            (kind_name, source, delivery, row.place, row.cancels, json.dumps(payload), RECEIVED, "", actor, now, "{}")
            for row, payload in zip(rows, payloads, strict=True)
            if row.place not in known
        ]
        try:
            with transaction.atomic(savepoint=bool(delivery)):  # without a delivery nothing can be there already
                numbers = iter(bulk.insert_numbered(models.TailRow, _INSERTED, fresh))
                reach("tail-received")
        except IntegrityError:  # the same delivery came at the same moment
            continue
        return [
            Received(known[row.place].pk, known[row.place].state, again=True)
            if row.place in known
            else Received(next(numbers), RECEIVED, again=False)
            for row in rows
        ]
    raise Refused(Problem("delivery_reused", "this delivery is being received at the same moment", found=delivery))


def _known(source: str, delivery: str) -> dict[int, models.TailRow]:
    return {row.place: row for row in models.TailRow.objects.filter(source=source, delivery=delivery)} if delivery else {}


def _refuse_other_content(
    kind: Kind, rows: Sequence[Said], payloads: Sequence[dict[str, Any]], known: Mapping[int, models.TailRow], delivery: str
) -> None:
    for row, payload in zip(rows, payloads, strict=True):
        before = known.get(row.place)
        if before is not None and (before.kind, before.cancels, before.payload) != (kind.name, row.cancels, payload):
            raise Refused(Problem("delivery_reused", "this delivery was already received with other content", found=delivery))


def _payloads(kind: Kind, rows: Sequence[Said]) -> list[dict[str, Any]]:
    """The rows as JSON keeps them; every problem with them at once."""
    problems: list[Problem] = []
    payloads = [_payload(kind, row, problems) for row in rows]
    if problems:
        raise Refused(problems)
    return payloads


def _payload(kind: Kind, row: Said, problems: list[Problem]) -> dict[str, Any]:
    allowed: dict[str, pl.DataType] = {**kind.schema, "source_version": pl.Int64()}
    required = [column.name for column in kind.columns if column.required]
    if row.cancels:
        allowed = {name: kind.schema[name] for name in kind.key}
        required = [name for name in kind.key if not (name == "line" and schema.counts_lines(kind))]
    payload: dict[str, Any] = {}
    for name, value in row.values.items():
        dtype = allowed.get(name)
        if dtype is None:
            problems.append(Problem("unknown_column", f"{kind.name} has no such column", name, hint=did_you_mean(name, allowed)))
        elif value is not None:
            wanted = _PYTHON[dtype]
            fits = type(value) is wanted and not (type(value) is int and not _LEAST <= value <= _MOST)
            if not fits:
                problems.append(Problem("wrong_type", f"expected {wanted.__name__} of 64 bits at most", name, found=repr(value)))
            payload[name] = value.isoformat() if isinstance(value, date) else value
    problems += [Problem("required", "a value is required", name) for name in required if payload.get(name) is None]
    return payload


def seal(kind_name: str | None = None) -> int:
    """Move the live tail into segments that carry ``commit_seq``; returns the rows moved. No read at any cut changes."""
    live = models.TailRow.objects.filter(state=LIVE)
    names = [kind_name] if kind_name else sorted(set(live.values_list("kind", flat=True)))
    return sum(_seal_kind(schema.kind_named(name)) for name in names)


def _seal_kind(kind: Kind) -> int:
    live = models.TailRow.objects.filter(state=LIVE, kind=kind.name, commit_seq__lte=queries.head())
    frame = live_tail.frame_of(kind, live.values_list("payload", "system", "row_id", "commit_seq"))
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
