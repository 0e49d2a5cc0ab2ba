"""Every write that is REST's own: single facts taken in, answers forgotten."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils import timezone

from steelyard.audit.actions import record
from steelyard.ledger import actions as ledger

from .models import Answered

if TYPE_CHECKING:
    from steelyard.accounts.models import User

    from .looking import Looked

KEPT = timedelta(days=7)


def take(*, looked: Looked, acting_user: User) -> list[ledger.Received | None]:
    """Take the good rows of what was sent, in one transaction; durable when this returns, live when the worker has settled them.

    The acknowledgements in the order of the rows, None for a row that is refused.
    """
    with transaction.atomic(savepoint=bool(looked.delivery)):  # without a delivery nothing can be refused any more
        return _taken(looked, acting_user)


def _taken(looked: Looked, acting_user: User) -> list[ledger.Received | None]:
    said = [
        ledger.Said(row.values, place, looked.cancels) for place, row in enumerate(looked.rows) if not row.problems
    ]  # fmt: skip
    got = ledger.receive_all(looked.kind.name, said, source=looked.source, delivery=looked.delivery, acting_user=acting_user)
    fresh = [one.number for one in got if not one.again]
    if fresh:
        key = {name: value for name, value in said[0].values.items() if name in looked.kind.key}
        after = {"source": looked.source, "delivery": looked.delivery, "rows": len(fresh), "last": fresh[-1], "first row": key}
        action = "facts cancelled" if looked.cancels else "facts received"
        record(action=action, subject=f"{looked.kind.name}:received {fresh[0]}", after=after, acting_user=acting_user)
    by_place = {one.place: answer for one, answer in zip(said, got, strict=True)}
    return [by_place.get(place) for place in range(len(looked.rows))]


def forget_answers(before: Any = None) -> int:
    """Remove answers whose Idempotency-Key nobody sends again."""
    return Answered.objects.filter(answered_at__lt=before or timezone.now() - KEPT).delete()[0]
