"""Delivery, as a job: queued with every message, and every half minute for those that could not leave before."""

from __future__ import annotations

from django_tasks import task


@task(priority=50)
def deliver() -> int:
    """Send what is due."""
    from .actions import deliver_due

    return deliver_due()
