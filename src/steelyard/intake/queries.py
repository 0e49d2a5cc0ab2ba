"""Every read of intake: batches, quarantine, mappings."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.db.models import Count, OuterRef, Q, QuerySet, Subquery

from steelyard.calc.errors import Missing, Problem, Refused
from steelyard.ledger.actions import preview_reversal
from steelyard.ui.escaping import protected

from . import mappings
from .checking.columns import OWN_HEADERS
from .models import Batch, Delivery, MappingVersion, QuarantinedRow, Upload
from .outcome import shown_text
from .reading.table import shown_row


def latest_mapping(kind: str, source: str) -> MappingVersion | None:
    """The newest mapping remembered for a source and kind."""
    return MappingVersion.objects.filter(kind=kind, source=source).order_by("-number").first()


def latest_mapping_text(kind: str, source: str) -> str | None:
    """The text of that mapping, in one short question: every order that is sent by itself asks."""
    with connection.cursor() as cursor:
        wanted = "SELECT text FROM intake_mappingversion WHERE kind = %s AND source = %s ORDER BY number DESC LIMIT 1"
        cursor.execute(wanted, [kind, source])
        found = cursor.fetchone()
    return found[0] if found else None


def mapping_for(kind: str, source: str) -> mappings.Mapping:
    """The mapping remembered for a source and kind, or an empty one: columns are then found by their headers."""
    latest = latest_mapping(kind, source)
    if latest is None:
        return mappings.Mapping(kind=kind, source=source)
    mapping, problems = mappings.read_mapping(latest.text)
    if mapping is None:
        raise Refused(problems)
    return mapping


def mapping_of_bytes(sha256: str, kind: str, source: str) -> mappings.Mapping | None:
    """How a batch that stands read these very bytes; None if none did."""
    same = {"upload__sha256": sha256, "kind": kind, "source": source, "status": Batch.COMMITTED, "mapping__isnull": False}
    found = Batch.objects.filter(**same).select_related("mapping").order_by("-pk").first()
    return mappings.read_mapping(found.mapping.text)[0] if found is not None and found.mapping is not None else None


def deliveries(state: str | None = Delivery.OPEN) -> QuerySet[Delivery]:
    """Files handed in through the pages, the newest first; by default those that are not brought in yet."""
    found = Delivery.objects.select_related("upload", "batch").order_by("-pk")
    return found if state is None else found.filter(state=state)


def delivery(number: int) -> Delivery:
    """One file that was handed in, or `Missing`."""
    found = deliveries(None).filter(pk=number).first()
    if found is None:
        raise Missing
    return found


def mapping_versions() -> QuerySet[MappingVersion]:
    """Every version of every mapping, the newest of each kind and source first."""
    return MappingVersion.objects.order_by("kind", "source", "-number")


def mapping_version(number: int) -> MappingVersion:
    """One version of a mapping, or `Missing`."""
    found = MappingVersion.objects.filter(pk=number).first()
    if found is None:
        raise Missing
    return found


def newest_mappings() -> QuerySet[MappingVersion]:
    """The newest version of the mapping of each kind and source."""
    newest = MappingVersion.objects.filter(kind=OuterRef("kind"), source=OuterRef("source")).order_by("-number")
    return MappingVersion.objects.filter(pk=Subquery(newest.values("pk")[:1])).order_by("source", "kind")


def versions_of(kind: str, source: str) -> list[MappingVersion]:
    """Every version of one mapping, newest first."""
    return list(MappingVersion.objects.filter(kind=kind, source=source).order_by("-number"))


def same_mapping(mapping: mappings.Mapping, version: MappingVersion) -> bool:
    """Whether a version says exactly this."""
    return mappings.digest(mapping) == version.digest


def upload(sha256: str) -> Upload | None:
    """A stored file by its hash."""
    return Upload.objects.filter(sha256=sha256).first()


def known_lookups(kind: str, source: str) -> dict[str, str]:
    """The look-up files of the last batch of a kind and source: name -> hash."""
    last = Batch.objects.filter(kind=kind, source=source, status=Batch.COMMITTED).exclude(lookups={}).order_by("-pk").first()
    return dict(last.lookups) if last else {}


def batches(*, kind: str | None = None, source: str | None = None, status: str | None = None) -> QuerySet[Batch]:
    """Batches, newest first, with the number of quarantined rows that still wait (``open``)."""
    wanted = {name: value for name, value in (("kind", kind), ("source", source), ("status", status)) if value}
    waiting = Count("quarantine", filter=Q(quarantine__state=QuarantinedRow.OPEN))
    return Batch.objects.filter(**wanted).annotate(waiting=waiting).order_by("-pk")


def sources(kind: str) -> list[str]:
    """The systems that sent files of a kind."""
    return list(Batch.objects.filter(kind=kind).order_by("source").values_list("source", flat=True).distinct())


def every_source() -> list[str]:
    """The systems that sent any file."""
    return list(Batch.objects.order_by("source").values_list("source", flat=True).distinct())


def kinds_received() -> list[str]:
    """The kinds of data that came in."""
    return list(Batch.objects.order_by("kind").values_list("kind", flat=True).distinct())


def waiting_counts() -> tuple[int, int]:
    """How many rows wait to be put right, and in how many batches."""
    found = quarantine().order_by().aggregate(rows=Count("pk"), batches=Count("batch", distinct=True))
    return found["rows"], found["batches"]


def batch(number: int) -> Batch:
    """One batch; refused if there is none with this number."""
    found = batches().filter(pk=number).first()
    if found is None:
        raise Refused(Problem("unknown_batch", "there is no such batch", "batch", str(number), "`steelyard batches list` shows them"))
    return found


def find(number: int) -> Batch:
    """One batch with its file and mapping, or `Missing`."""
    found = batches().select_related("upload", "mapping").filter(pk=number).first()
    if found is None:
        raise Missing
    return found


def is_fact(kind: str) -> bool:
    """Whether a kind is of facts, which can be taken back, and not a master."""
    known = mappings.KINDS.get(kind)
    return known is not None and known.family == "fact"


def sent_before(one: Batch) -> Batch | None:
    """The committed batch that had brought the same bytes in before this one."""
    if one.upload_id is None:
        return None
    same = Batch.objects.filter(upload=one.upload_id, kind=one.kind, source=one.source, status=Batch.COMMITTED)
    return same.filter(pk__lt=one.pk).order_by("pk").last()


@dataclass(frozen=True)
class Would:
    """What taking a batch back would do: lines reversed and brought back, lines that a later file replaced, rows of quarantine."""

    reversed: int
    restored: int
    superseded: int
    closed: int  # refused rows of it that would no longer wait
    reopened: int  # rows of other batches that it had settled, and that would wait again


def would_undo(one: Batch) -> Would:
    """The dry run of an undo; refused where it would be."""
    undoable(one)
    lines = (0, 0, 0)
    if one.accepted or one.covers or one.reversed:
        found = preview_reversal(one.pk)
        lines = (found.reversed, found.restored, found.superseded)
    closed = one.quarantine.filter(state=QuarantinedRow.OPEN).count()
    return Would(*lines, closed, one.resolved.filter(batch__status=Batch.COMMITTED).count())


def undoable(one: Batch) -> None:
    """Refused if a batch cannot be taken back."""
    if one.status != Batch.COMMITTED:
        hint = "only a committed batch can be undone"
        raise Refused(Problem("not_committed", f"the batch is {one.status}", f"batch {one.pk}", hint=hint))
    if not is_fact(one.kind):
        hint = "import the master as it should be, or change single rows"
        raise Refused(Problem("masters_stay", "a batch of master data cannot be undone", f"batch {one.pk}", one.kind, hint))


def quarantine(*, batch: int | None = None, state: str | None = QuarantinedRow.OPEN) -> QuerySet[QuarantinedRow]:
    """Quarantined rows, in the order of their files."""
    rows = QuarantinedRow.objects.select_related("batch")
    if batch is not None:
        rows = rows.filter(batch_id=batch)
    return rows.filter(state=state) if state else rows


def quarantined_row(number: int) -> QuarantinedRow:
    """One refused row with its batch, or `Missing`."""
    found = QuarantinedRow.objects.select_related("batch__mapping", "resolved_by").filter(pk=number).first()
    if found is None:
        raise Missing
    return found


def next_waiting(row: QuarantinedRow) -> QuarantinedRow | None:
    """The row that waits behind this one: of its batch first, then of any."""
    waiting = quarantine().exclude(pk=row.pk)
    mine = waiting.filter(batch_id=row.batch_id)
    return mine.filter(source_row__gte=row.source_row).first() or mine.first() or waiting.order_by("-batch", "source_row").first()


def batches_refusing(most: int = 200) -> list[tuple[int, str]]:
    """Number and file of the batches that refused rows, newest first."""
    found = Batch.objects.filter(quarantined__gt=0).order_by("-pk").values_list("pk", "name")
    return list(found[:most])


def causes_known() -> list[str]:
    """The codes of why rows were refused."""
    return sorted(QuarantinedRow.objects.order_by().values_list("code", flat=True).distinct())


def row_as_dict(row: QuarantinedRow) -> dict[str, Any]:
    """A row as plain values: where it stood, its raw cells, every problem."""
    first = {name: getattr(row, name) for name in ("column", "found", "code", "message", "hint")}
    place = {"batch": row.batch_id, "file": row.batch.name, "sheet": row.batch.sheet, "row": row.source_row}
    return {**place, "state": row.state, "cells": row.cells, "problems": [first, *row.others]}


def problems_of(row: QuarantinedRow) -> list[Problem]:
    """Every problem of a row, where it stands in its file."""
    place = f"{row.batch.name}, row {shown_row(row.source_row)}"
    return [
        Problem(each["code"], each["message"], f"{place}, column `{each['column']}`" if each["column"] else place,
                f"`{shown_text(each['found'])}`" if each["found"] else "", each["hint"])
        for each in row_as_dict(row)["problems"]
    ]  # fmt: skip


def quarantine_csv(number: int) -> Iterator[str]:
    """The open rows of a batch as CSV: the headers as sent, the raw cells, and why; corrected, it can be imported."""
    one = batch(number)
    yield _line([*one.headers, *OWN_HEADERS])
    for row in quarantine(batch=number).iterator(chunk_size=2000):
        width = len(one.headers)
        cells = [*map(protected, row.cells), *[""] * width]
        beyond = cells[width : len(row.cells)]  # cells beyond the header stand last, so that all others keep their column
        found = problems_of(row)
        told = "; ".join(f"{problem.code}: {problem.message}" + (f" ({problem.found})" if problem.found else "") for problem in found)
        hints = "; ".join(dict.fromkeys(each.hint for each in found if each.hint))
        yield _line([*cells[:width], str(number), str(row.source_row), protected(told), protected(hints), *beyond])


def _line(cells: Sequence[str]) -> str:
    stream = io.StringIO()
    csv.writer(stream, lineterminator="\r\n").writerow(cells)
    return stream.getvalue()
