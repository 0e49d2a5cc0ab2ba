"""The record of a batch: begun before parsing, finished in the same transaction as its commit, refused with reasons."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from itertools import groupby, islice
from operator import itemgetter
from typing import TYPE_CHECKING

import polars as pl
from django.db import transaction
from django.utils import timezone

from steelyard.audit.actions import record
from steelyard.calc.errors import Problem

from .. import mappings
from ..checking import Checked
from ..models import Batch, QuarantinedRow, Upload
from ..outcome import Outcome, amounts_text

if TYPE_CHECKING:
    from steelyard.accounts.models import User

CHUNK = 2000


def reading_digest(mapping: mappings.Mapping, lookups: Mapping[str, Upload]) -> str:
    """What decides how bytes are read: the mapping, but for control totals, and every look-up file."""
    parts = [mappings.digest(replace(mapping, control=None)), *(f"{name}={upload.sha256}" for name, upload in sorted(lookups.items()))]
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()


@transaction.atomic
def begin(upload: Upload, *, name: str, kind: str, source: str, reading: str, lookups: Mapping[str, Upload], acting_user: User) -> Batch:
    """A batch in status received: a new one, or the one that an interrupted import of the same bytes left behind."""
    Upload.objects.select_for_update().get(pk=upload.pk)
    same = {"upload": upload, "kind": kind, "source": source, "reading": reading, "status": Batch.RECEIVED}
    found = Batch.objects.filter(**same).first()
    if found is not None:
        return found
    return Batch.objects.create(
        **same, name=name, lookups={file: one.sha256 for file, one in lookups.items()}, created_at=timezone.now(),
        actor=acting_user.username,
    )  # fmt: skip


def refuse(batch: Batch, problems: Iterable[Problem]) -> None:
    """The file as a whole cannot be read: nothing was applied, the reasons are kept."""
    batch.status, batch.finished_at = Batch.REFUSED, timezone.now()
    batch.problems = [_without_nul(problem.as_dict()) for problem in problems]
    batch.save()


def forget_refusal(sha256: str, *, kind: str, source: str) -> None:
    """The newest refusal of these bytes: they were read after all, a moment later."""
    found = Batch.objects.filter(upload__sha256=sha256, kind=kind, source=source, status=Batch.REFUSED).order_by("-pk").first()
    if found is not None:
        found.delete()


def finish(
    batch: Batch, outcome: Outcome, checked: Checked, problems: pl.DataFrame, *, mapping: mappings.Mapping, acting_user: User
) -> None:
    """Write what became of every row; the database refuses counts that do not add up."""
    for name in (
        "rows_in",
        "accepted",
        "restated",
        "quarantined",
        "duplicates",
        "blank",
        "filtered",
        "unmatched",
        "reversed",
        "cut",
        "filters",
    ):
        setattr(batch, name, getattr(outcome, name))
    batch.amounts = amounts_text(outcome.amounts)
    batch.notes = [note.as_dict() for note in outcome.notes]
    batch.headers, batch.sheet = [_shown(header) for header in checked.table.headers], checked.table.sheet[:100]
    if covers := mapping.covers:
        batch.covers = {"report": covers.report, "from": str(covers.first_day), "until": str(covers.last_day), "party": covers.party}
    batch.status, batch.finished_at = Batch.COMMITTED, timezone.now()
    batch.save()
    rows = _quarantined(batch, checked, problems)
    while chunk := list(islice(rows, CHUNK)):
        QuarantinedRow.objects.bulk_create(chunk)
    _resolve(batch, checked)
    counts = {name: getattr(outcome, name) for name in ("rows_in", "accepted", "restated", "quarantined", "duplicates", "cut")}
    record(action=f"{batch.kind} imported", subject=f"batch:{batch.pk}", after={"file": batch.name, **counts}, acting_user=acting_user)


def _quarantined(batch: Batch, checked: Checked, problems: pl.DataFrame) -> Iterator[QuarantinedRow]:
    table = checked.table
    for broken in table.unreadable:
        told = broken.problem
        yield QuarantinedRow(
            batch=batch, source_row=broken.source_row, column=_shown(table.column_of(broken)), found=_shown(told.found), code=told.code,
            message=told.message, hint=told.hint, cells=[_shown(cell) for cell in broken.cells],
        )  # fmt: skip
    numbers = table.source_rows
    for position, group in groupby(problems.iter_rows(named=True), key=itemgetter("position")):
        first, *others = ({key: _shown(value or "") for key, value in each.items() if key != "position"} for each in group)
        yield QuarantinedRow(
            batch=batch,
            source_row=numbers[position],
            others=others,
            cells=shown_cells(table.frame.row(position)),
            **first,
        )


def _resolve(batch: Batch, checked: Checked) -> None:
    """Rows of earlier batches that this one brought right: those it names, and those of the same bytes sent before."""
    waiting = QuarantinedRow.objects.filter(state=QuarantinedRow.OPEN, batch__kind=batch.kind, batch__source=batch.source)
    again = waiting.filter(batch__upload=batch.upload_id, batch_id__lt=batch.pk)
    again.update(state=QuarantinedRow.RESOLVED, resolved_by=batch)
    if checked.corrected.height:
        for (number,), rows in checked.corrected.partition_by("batch", as_dict=True).items():
            wanted = rows["row"].to_list()
            for start in range(0, len(wanted), CHUNK):
                named = waiting.filter(batch_id=number, source_row__in=wanted[start : start + CHUNK])
                named.update(state=QuarantinedRow.RESOLVED, resolved_by=batch)


def shown_cells(cells: Iterable[str | None]) -> list[str]:
    """The cells of a row as they are kept in quarantine."""
    return [_shown(cell or "") for cell in cells]


def _shown(text: str) -> str:
    """A text as any database stores it: NUL becomes its picture."""
    return text.replace("\0", "\N{SYMBOL FOR NULL}")


def _without_nul(values: dict[str, str]) -> dict[str, str]:
    return {key: _shown(value) for key, value in values.items()}
