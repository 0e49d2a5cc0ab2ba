"""Correct one refused row: a file of that row alone, with its cells as a person wrote them, read as the batch was read."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from typing import TYPE_CHECKING

from steelyard.calc.errors import Conflict, Problem, Refused
from steelyard.ui.escaping import protected

from .. import mappings, store
from ..checking.columns import OWN_HEADERS
from ..models import Batch, QuarantinedRow
from ..outcome import Outcome
from .importing import commit, preview

if TYPE_CHECKING:
    from steelyard.accounts.models import User


def correctable(row: QuarantinedRow) -> Problem | None:
    """Why a row cannot be corrected in place; None if it can."""
    if row.batch.mapping is None or row.batch.status != Batch.COMMITTED:
        return Problem("not_committed", "the batch of this row is not in force")
    if len(row.cells) > len(row.batch.headers):
        hint = "download the refused rows, correct them, and send the file again"
        return Problem("column_count", "the row has more cells than the file has columns", "", str(len(row.cells)), hint)
    return None


def correct_row(row: QuarantinedRow, *, cells: Sequence[str], acting_user: User, write: bool = True) -> Outcome:
    """Bring the corrected row in; what is still wrong is refused and writes nothing."""
    if problem := correctable(row):
        raise Refused(problem)
    if row.state != QuarantinedRow.OPEN:
        raise Conflict(Problem("settled", "this row is settled already", f"row {row.source_row}"))
    mapping, problems = mappings.read_mapping(row.batch.mapping.text) if row.batch.mapping else (None, [])
    if mapping is None:
        raise Refused(problems)
    data = _file(row, cells)
    given = {
        "name": f"batch-{row.batch_id}-row-{row.source_row}.csv", "kind": row.batch.kind, "source": row.batch.source, "mapping": mapping,
        "files": {name: store.load(sha256) for name, sha256 in row.batch.lookups.items()}, "acting_user": acting_user,
    }  # fmt: skip
    tried = preview(data, **given)  # type: ignore[arg-type]
    if tried.quarantined:
        raise Refused(tried.examples)
    if tried.filtered:
        hint = "correct the cells by which the mapping leaves rows out, or let the row wait"
        raise Refused(Problem("left_out", "so corrected, the row would be left out", "", ", ".join(tried.filters), hint))
    return commit(data, **given) if write else tried  # type: ignore[arg-type]


def _file(row: QuarantinedRow, cells: Sequence[str]) -> bytes:
    headers = row.batch.headers
    kept = [protected(cell) for cell in [*cells, *[""] * len(headers)][: len(headers)]]
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\r\n")
    writer.writerow([*headers, *OWN_HEADERS])
    writer.writerow([*kept, str(row.batch_id), str(row.source_row), "", ""])
    return stream.getvalue().encode()
