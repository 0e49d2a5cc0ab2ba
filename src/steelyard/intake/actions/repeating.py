"""The same bytes again: only rows that the earlier batch did not accept are still to come; all others are repetitions."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace

import polars as pl

from .. import store
from ..checking import Checked, by_currency
from ..models import Batch, QuarantinedRow, Upload
from . import batches


@dataclass(frozen=True, slots=True)
class Earlier:
    """The committed batch that loaded the same bytes in the same way; ``since``: the cut at which they first were known;
    ``open``: number and source row of the rows that still wait; ``taken_back``: batches that were undone since, and may have told
    the rows that were known already when these bytes came."""

    batch: Batch
    since: int
    open: tuple[tuple[int, int], ...]
    taken_back: tuple[int, ...] = ()

    @property
    def all_settled(self) -> bool:
        """Whether every row of these bytes was accepted, or brought right since."""
        return not self.open


def earlier(upload: Upload, *, kind: str, source: str, reading: str) -> Earlier | None:
    """What became of the same bytes before; None if they are new, or were taken back."""
    same = {"upload": upload, "kind": kind, "source": source, "reading": reading}
    standing = Batch.objects.filter(**same, status=Batch.COMMITTED).order_by("id")
    last, first = standing.last(), standing.first()
    if last is None or first is None:
        return None
    undone_since = Batch.objects.filter(**same, status=Batch.UNDONE, pk__lt=last.pk, finished_at__gt=last.finished_at)
    if undone_since.exists():  # what it counted as repetitions stands no more
        return None
    waiting = last.quarantine.filter(state=QuarantinedRow.OPEN).order_by("pk").values_list("pk", "source_row")
    undone = Batch.objects.filter(kind=kind, source=source, status=Batch.UNDONE, finished_at__gt=last.finished_at).order_by("id")
    taken_back = tuple(undone.values_list("pk", flat=True)) if last.duplicates else ()
    return Earlier(last, first.cut or 0, tuple(waiting), taken_back)


def came_before(data: bytes, kind: str, source: str) -> bool:
    """Whether the very same bytes stand in a batch of this kind and source: what was said for them then still holds."""
    same = {"upload__sha256": store.digest(data), "kind": kind, "source": source}
    return Batch.objects.filter(**same, status=Batch.COMMITTED).exists()


def narrowed(checked: Checked, before: Earlier, *, only_waiting_lines: bool) -> tuple[Checked, pl.Series]:
    """The check without problems of rows that are settled: they count as repeated. And which of its lines still wait.

    ``only_waiting_lines``: settled good lines are left out too; else the ledger is to tell them apart.
    """
    waits = _waits(checked, before)
    lines_wait = waits.gather(checked.positions)
    settled = checked.bad.filter(~waits.gather(checked.bad["position"]))
    rows = {row for _, row in before.open}
    unreadable = tuple(one for one in checked.table.unreadable if one.source_row in rows)
    broken = len(checked.table.unreadable) - len(unreadable)
    sums = by_currency(checked.kind, settled)
    problems = checked.problems.filter(waits.gather(checked.problems["position"]))
    quarantined = {currency: value - sums.get(currency, 0) for currency, value in checked.amounts.quarantined.items()}
    done = replace(
        checked, table=replace(checked.table, unreadable=unreadable), problems=problems,
        amounts=replace(checked.amounts, quarantined=quarantined), repeated=settled.height + broken, repeated_unreadable=broken,
        repeated_amounts=sums,
    )  # fmt: skip
    if only_waiting_lines:
        kept = checked.lines.filter(lines_wait)
        left = checked.lines.height - kept.height
        done = replace(done, lines=kept, positions=checked.positions.filter(lines_wait), repeated=done.repeated + left)
    return done, lines_wait


def _waits(checked: Checked, before: Earlier) -> pl.Series:
    """For each row of the table, whether it still waits."""
    numbers = checked.table.source_rows
    waits = numbers.is_in(pl.Series([row for _, row in before.open], dtype=numbers.dtype).implode())
    if not numbers.filter(waits).is_duplicated().any():
        return waits
    # one row of the file became several: they are told apart by what their cells say
    cells = Counter((row.source_row, tuple(row.cells)) for row in QuarantinedRow.objects.filter(pk__in=[pk for pk, _ in before.open]))
    frame, kept = checked.table.frame, []
    for position in waits.arg_true():
        said = (numbers[position], tuple(batches.shown_cells(frame.row(position))))
        if cells[said] > 0:
            cells[said] -= 1
            kept.append(position)
    return pl.int_range(numbers.len(), eager=True).is_in(pl.Series(kept, dtype=pl.Int64).implode())
