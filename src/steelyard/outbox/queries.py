"""Reading messages."""

from __future__ import annotations

from django.db.models import Count, QuerySet
from django.utils import timezone

from steelyard.calc.errors import Missing

from .models import Message, State

__all__ = ["State", "anything_due", "counts", "message", "messages"]


def messages(*, states: tuple[str, ...] = ()) -> QuerySet[Message]:
    """Messages, newest first; of some states."""
    found = Message.objects.all()
    return found.filter(state__in=states) if states else found


def message(number: int) -> Message:
    """One message, or `Missing`."""
    found = Message.objects.filter(pk=number).first()
    if found is None:
        raise Missing
    return found


def anything_due() -> bool:
    """Whether a message waits whose time has come."""
    return Message.objects.filter(state=State.WAITING, next_attempt__lte=timezone.now()).exists()


def counts() -> dict[str, int]:
    """How many messages there are in each state."""
    found = dict(Message.objects.order_by().values_list("state").annotate(Count("id")))
    return {state.value: found.get(state.value, 0) for state in State}
