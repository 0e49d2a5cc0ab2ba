"""Undo a batch: its lines are reversed and what it had restated comes back; then the same bytes may be loaded again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone

from steelyard.audit.actions import record
from steelyard.ledger import actions as ledger

from .. import queries
from ..models import Batch, QuarantinedRow

if TYPE_CHECKING:
    from steelyard.accounts.models import User


@transaction.atomic
def undo(number: int, *, acting_user: User, reason: str = "") -> Batch:
    """Take a committed batch of facts back; its quarantined rows no longer wait, those it had brought right wait again."""
    queries.batch(number)
    batch = Batch.objects.select_for_update().get(pk=number)
    queries.undoable(batch)
    undone = None
    if batch.accepted or batch.covers or batch.reversed:
        undone = ledger.reverse_batch(number, acting_user=acting_user, note=reason or f"undo of batch {number}")
    batch.status, batch.finished_at = Batch.UNDONE, timezone.now()
    batch.save()
    batch.resolved.filter(batch__status=Batch.COMMITTED).update(state=QuarantinedRow.OPEN, resolved_by=None)
    batch.quarantine.filter(state=QuarantinedRow.OPEN).update(state=QuarantinedRow.RESOLVED)
    after = {"reversed": undone.reversed, "restored": undone.restored, "cut": undone.commit_seq} if undone else {"reversed": 0}
    record(action="batch undone", subject=f"batch:{number}", after=after, acting_user=acting_user, reason=reason)
    return batch
