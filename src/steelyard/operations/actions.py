"""What people decide about jobs and messages, with its entry in the trail (the rooms of jobs and messages lie below the trail)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from steelyard.audit.actions import record
from steelyard.jobs import actions as jobs
from steelyard.outbox import actions as outbox

if TYPE_CHECKING:
    from steelyard.accounts.models import User


@transaction.atomic
def cancel_job(*, job: int, acting_user: User) -> None:
    """Stop a job: at once if it waits, at its next step if it runs."""
    found = jobs.cancel(job=job)
    record(action="job cancelled", subject=f"job:{job}", after={"task": found.task, "state": found.state}, acting_user=acting_user)


@transaction.atomic
def retry_job(*, job: int, acting_user: User) -> None:
    """Try a failed or cancelled job again."""
    found = jobs.retry(job=job)
    record(action="job tried again", subject=f"job:{job}", after={"task": found.task, "state": found.state}, acting_user=acting_user)


@transaction.atomic
def retry_message(*, message: int, acting_user: User) -> None:
    """Deliver a message again that was given up."""
    found = outbox.try_again(message=message)
    record(action="message tried again", subject=f"message:{message}", after={"subject": found.subject}, acting_user=acting_user)
