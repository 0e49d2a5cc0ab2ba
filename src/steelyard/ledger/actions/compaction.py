"""Housekeeping that changes no read and no digest: merge small segments, remove what nobody lists any more."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from django.db import transaction
from django.utils import timezone

from steelyard.calc.facts import FACTS, Kind

from .. import models, queries, schema, segments
from ..failpoints import reach
from .committing import locked_head
from .posting import write

SMALL = 500_000  # segments with fewer rows are merged
TARGET = 1_000_000  # a merged segment holds about this many rows at most: it is made in memory
KEEP_FOR = timedelta(days=30)  # replaced files outlive readers and the oldest backup


def compact(kind_name: str | None = None, *, small: int = SMALL, target: int = TARGET, at_least: int = 2) -> int:
    """Merge small segments of a kind (or of all) into larger ones that carry ``commit_seq``; returns the number merged."""
    merged = 0
    for kind in [schema.kind_named(kind_name)] if kind_name else FACTS.values():
        for group in _groups(kind, small, target):
            if len(group) >= at_least:
                merged += _merge(kind, group)
    return merged


def _groups(kind: Kind, small: int, target: int) -> list[list[models.Segment]]:
    """Small unretired segments in order, gathered until a group is full."""
    groups: list[list[models.Segment]] = [[]]
    for segment in queries.listed_segments(kind.name, queries.head()).filter(retired_seq__isnull=True, rows__lt=small):
        if groups[-1] and sum(one.rows for one in groups[-1]) + segment.rows > target:
            groups.append([])
        groups[-1].append(segment)
    return groups


def _merge(kind: Kind, group: list[models.Segment]) -> int:
    """Write one segment with the rows of many, then list it in their place in one transaction."""
    newest = max(segment.last_seq for segment in group)
    frame = segments.scan(kind, group, newest, list(schema.readable(kind))).collect()
    written = write(kind, frame, keep_row_ids=True)[0]
    with transaction.atomic():
        head = locked_head()
        still = models.Segment.objects.filter(
            number__in=[segment.number for segment in group], replaced_at__isnull=True, retired_seq__isnull=True
        )
        if still.count() != len(group):  # retired or merged by somebody else; the new file is an orphan, and is swept
            return 0
        segments.list_carrying(written, frame)
        still.update(replaced_at=timezone.now())
        reach("segments-replaced")
        head.layout += 1
        head.save(update_fields=["layout"])
    return len(group)


def sweep(*, keep_for: timedelta = KEEP_FOR, orphans_after: timedelta = timedelta(days=1)) -> int:
    """Remove files of killed writes, and files replaced longer ago than ``keep_for``; returns the number removed.

    A running writer holds the writers' lock: then only orphans older than ``orphans_after`` are removed.
    """
    alone = segments.WriterLock(alone=True)
    try:
        age = timedelta(0) if alone.held else orphans_after
        return _sweep_replaced(keep_for) + _sweep_orphans(age)
    finally:
        alone.release()


def _sweep_replaced(keep_for: timedelta) -> int:
    old = models.Segment.objects.filter(replaced_at__lte=timezone.now() - keep_for, removed_at__isnull=True)
    removed = 0
    for segment in old:
        (segments.root() / segment.path).unlink(missing_ok=True)
        segment.removed_at = timezone.now()
        segment.save(update_fields=["removed_at"])
        removed += 1
    return removed


def _sweep_orphans(age: timedelta) -> int:
    """Files that no row lists. The list is read after the files, so that a file committed meanwhile is on it."""
    files = [path for path in (segments.root() / "ledger").glob("*/*") if path.is_file() and _older(path, age)]
    listed = set(models.Segment.objects.values_list("path", flat=True))
    orphans = [path for path in files if str(path.relative_to(segments.root())) not in listed]
    for path in orphans:
        path.unlink(missing_ok=True)
    return len(orphans)


def _older(path: Path, age: timedelta) -> bool:
    return timezone.now().timestamp() - path.stat().st_mtime >= age.total_seconds()
