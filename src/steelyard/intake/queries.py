"""Every read of intake: batches, quarantine, mappings."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from typing import Any

from django.db.models import Count, Q, QuerySet

from steelyard.calc.errors import Problem, Refused
from steelyard.ui.escaping import protected

from . import mappings
from .checking.columns import OWN_HEADERS
from .models import Batch, MappingVersion, QuarantinedRow


def latest_mapping(kind: str, source: str) -> MappingVersion | None:
    """The newest mapping remembered for a source and kind."""
    return MappingVersion.objects.filter(kind=kind, source=source).order_by("-number").first()


def mapping_for(kind: str, source: str) -> mappings.Mapping:
    """The mapping remembered for a source and kind, or an empty one: columns are then found by their headers."""
    latest = latest_mapping(kind, source)
    if latest is None:
        return mappings.Mapping(kind=kind, source=source)
    mapping, problems = mappings.read_mapping(latest.text)
    if mapping is None:
        raise Refused(problems)
    return mapping


def batches(*, kind: str | None = None, source: str | None = None, status: str | None = None) -> QuerySet[Batch]:
    """Batches, newest first, with the number of quarantined rows that still wait (``open``)."""
    wanted = {name: value for name, value in (("kind", kind), ("source", source), ("status", status)) if value}
    waiting = Count("quarantine", filter=Q(quarantine__state=QuarantinedRow.OPEN))
    return Batch.objects.filter(**wanted).annotate(waiting=waiting)


def sources(kind: str) -> list[str]:
    """The systems that sent files of a kind."""
    return list(Batch.objects.filter(kind=kind).order_by("source").values_list("source", flat=True).distinct())


def batch(number: int) -> Batch:
    """One batch; refused if there is none with this number."""
    found = batches().filter(pk=number).first()
    if found is None:
        raise Refused(Problem("unknown_batch", "there is no such batch", "batch", str(number), "`steelyard batches list` shows them"))
    return found


def quarantine(*, batch: int | None = None, state: str | None = QuarantinedRow.OPEN) -> QuerySet[QuarantinedRow]:
    """Quarantined rows, in the order of their files."""
    rows = QuarantinedRow.objects.select_related("batch")
    if batch is not None:
        rows = rows.filter(batch_id=batch)
    return rows.filter(state=state) if state else rows


def row_as_dict(row: QuarantinedRow) -> dict[str, Any]:
    """A row as plain values: where it stood, its raw cells, every problem."""
    first = {name: getattr(row, name) for name in ("column", "found", "code", "message", "hint")}
    place = {"batch": row.batch_id, "file": row.batch.name, "sheet": row.batch.sheet, "row": row.source_row}
    return {**place, "state": row.state, "cells": row.cells, "problems": [first, *row.others]}


def problems_of(row: QuarantinedRow) -> list[Problem]:
    """Every problem of a row, where it stands in its file."""
    place = f"{row.batch.name}, row {row.source_row}"
    return [
        Problem(each["code"], each["message"], f"{place}, column `{each['column']}`" if each["column"] else place,
                f"`{each['found']}`" if each["found"] else "", each["hint"])
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
