"""Replay a batch: its stored bytes again, now that masters know more; rows that waited for that are accepted."""

from __future__ import annotations

from typing import TYPE_CHECKING

from steelyard.calc.errors import Problem, Refused
from steelyard.ledger import queries as ledger

from .. import mappings, queries, store
from ..models import Batch
from ..outcome import Outcome
from .importing import commit
from .pacing import Stopped

if TYPE_CHECKING:
    from steelyard.accounts.models import User


def replay(number: int, *, acting_user: User) -> Outcome:
    """Import the raw file of a committed batch once more, read as it was then; only rows that still wait may be posted."""
    batch = queries.batch(number)
    if batch.upload is None or batch.mapping is None or batch.status != Batch.COMMITTED:
        hint = "only a committed batch of a file can be replayed"
        raise Refused(Problem("not_committed", f"the batch is {batch.status}", f"batch {number}", hint=hint))
    mapping, problems = mappings.read_mapping(batch.mapping.text)
    if mapping is None:
        raise Refused(problems)
    files = {name: store.load(sha256) for name, sha256 in batch.lookups.items()}
    return commit(
        store.load(batch.upload.sha256), name=batch.name, kind=batch.kind, source=batch.source, mapping=mapping, files=files,
        acting_user=acting_user, replaying=True,
    )  # fmt: skip


def read_known(number: int, *, acting_user: User) -> int:
    """Replay a batch by itself because a code became known; returns the rows that came in. It is not tried again for the same news,
    unless it was interrupted.
    """
    news = ledger.head()
    try:
        accepted = replay(number, acting_user=acting_user).accepted
    except Stopped:
        raise
    except Refused:
        Batch.objects.filter(pk=number).update(read_again=news)
        raise
    Batch.objects.filter(pk=number).update(read_again=news)
    return accepted
