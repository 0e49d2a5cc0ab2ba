"""Tasks that triggers open: something to do about a subject until a day. They never alter a score."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from steelyard.accounts.permissions import PERMISSIONS, may
from steelyard.audit.actions import record
from steelyard.calc.errors import Missing, Problem, Refused
from steelyard.calc.framework.model import Span
from steelyard.calc.periods import add_months
from steelyard.ledger.scope import Scope

from . import files
from .models import Run, Task

if TYPE_CHECKING:
    from steelyard.accounts.models import User
    from steelyard.calc.scorecards import Cards

LONGEST = 2_000
_MONTHS = {"months": 1, "quarters": 3, "years": 12}


def due(as_of: date, within: Span) -> date:
    """The last day for something to be done within a span from the as-of date."""
    if within.unit == "days":
        return as_of + timedelta(days=within.count)
    return add_months(as_of, within.count * _MONTHS[within.unit])


def open_tasks(run: Run, cards: Cards) -> int:
    """Open what the triggers of a run ask for, each once for a subject and period; how many are new.

    While the period is not over in the data nothing is opened: what is missing still comes.
    """
    if run.is_running or not any(any(fires) for fires in cards.fired.values()):
        return 0
    framework, now = cards.framework, timezone.now()
    triggers = {trigger.name: trigger for trigger in framework.triggers}
    known = set(Task.objects.filter(framework_code=framework.code, period=run.period).values_list("subject", "trigger"))
    wanted = [
        Task(
            framework_code=framework.code,
            period=run.period,
            subject=files.SEPARATOR.join(subject),
            partner=dict(zip(framework.subject, subject, strict=True)).get("partner", ""),
            trigger=name,
            title=triggers[name].title,
            what=triggers[name].do,
            as_of=as_of,
            due_on=due(as_of, triggers[name].within),
            run=run,
            opened_at=now,
        )
        for name, fires in cards.fired.items()
        for subject, as_of, fired in zip(cards.points.subjects, cards.points.as_of, fires, strict=True)
        if fired
    ]
    new = [task for task in wanted if (task.subject, task.trigger) not in known]
    Task.objects.bulk_create(new, ignore_conflicts=True)
    return len(new)


@transaction.atomic
def close(*, task: int, reason: str, scope: Scope, acting_user: User) -> Task:
    """Close a task with a reason. Closing it again changes nothing; a task outside the scope is not there."""
    if not may(acting_user, "tasks.close"):  # the command line has no gate before it
        roles = ", ".join(acting_user.roles)
        raise Refused(Problem("not-allowed", "your role does not allow this", found=roles, hint=PERMISSIONS["tasks.close"]))
    found = tasks(scope=scope).select_for_update().filter(pk=task).first()
    if found is None:
        raise Missing
    reason = reason.strip()
    if not reason or len(reason) > LONGEST:
        hint = "say what was done, or why nothing is"
        raise Refused(Problem("reason-missing", f"a task is closed with a reason of at most {LONGEST} characters", "reason", hint=hint))
    if found.closed_at is not None:
        return found
    found.closed_at, found.closed_by, found.reason = timezone.now(), acting_user.username, reason
    found.save(update_fields=("closed_at", "closed_by", "reason"))
    name = f"{found.framework_code} {found.period} {found.subject}"
    record(action="tasks.close", subject=name, after={"task": found.pk, "trigger": found.trigger}, reason=reason, acting_user=acting_user)
    return found


def tasks(*, scope: Scope) -> QuerySet[Task]:
    """The tasks of the subjects that a scope sees, the soonest due first."""
    found = Task.objects.select_related("run__framework").order_by("due_on", "pk")
    if scope.everything:
        return found
    return found.filter(partner__in=scope.partners)


def open_now(*, scope: Scope) -> QuerySet[Task]:
    """The tasks that nobody has closed."""
    return tasks(scope=scope).filter(closed_at=None)


def tasks_of(framework: str, subject: str) -> list[Task]:
    """Every task of a subject under a framework, open ones first, then the newest; whoever sees the card sees them."""
    found = Task.objects.filter(framework_code=framework, subject=subject)
    return sorted(found, key=lambda task: (task.closed_at is not None, task.due_on if task.closed_at is None else date.max, -task.pk))
