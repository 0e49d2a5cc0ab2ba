"""Every write that is REST's own: a single fact taken in, answers forgotten."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils import timezone

from steelyard.audit.actions import record
from steelyard.calc.errors import Problem, Refused, did_you_mean
from steelyard.calc.facts import FACTS
from steelyard.ledger import actions as ledger
from steelyard.masters.typed import stored

from .models import Answered

if TYPE_CHECKING:
    from steelyard.accounts.models import User

KEPT = timedelta(days=7)


@transaction.atomic
def take(*, kind: str, values: Mapping[str, Any], source: str, acting_user: User, delivery: str = "") -> ledger.Received:
    """Take one fact, its numbers in natural units; durable when this returns, live when the worker has settled it."""
    declared, row, problems = FACTS[kind], {}, []
    for name, value in values.items():
        column = declared.by_name.get(name)
        if column is None:
            hint = did_you_mean(name, declared.by_name)
            problems.append(Problem("unknown_column", f"{kind} has no such column", name, hint=hint))
            continue
        try:
            row[name] = stored(column, _plain(value))
        except (ValueError, TypeError, ArithmeticError):
            problems.append(Problem("bad-value", f"this is not a {column.type} value", name, str(value)[:100]))
        if column.choices and value not in (None, "") and value not in column.choices:
            problems.append(Problem("unknown_choice", "this is none of the choices", name, str(value)[:100], ", ".join(column.choices)))
    if not source.strip() or not source.isprintable():
        problems.append(Problem("bad_source", "a source is a short name", "source", ascii(source)[:60], "at most 100 characters"))
    if not delivery.isprintable():
        problems.append(Problem("bad_delivery", "a delivery's id is printable", "delivery", ascii(delivery)[:60]))
    if problems:
        raise Refused(problems)
    got = ledger.receive(kind, row, source=source.strip(), delivery=delivery, acting_user=acting_user)
    if not got.again:
        after = {"source": source, "delivery": delivery, "columns": {name: values[name] for name in declared.key if name in values}}
        record(action="fact received", subject=f"{kind}:received {got.number}", after=after, acting_user=acting_user)
    return got


def _plain(value: Any) -> Any:
    """Blank text is no value, and text keeps only signs that every database takes."""
    return (value.replace("\0", "").strip() or None) if isinstance(value, str) else value


def forget_answers(before: Any = None) -> int:
    """Remove answers whose Idempotency-Key nobody sends again."""
    return Answered.objects.filter(answered_at__lt=before or timezone.now() - KEPT).delete()[0]
