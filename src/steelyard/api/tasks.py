"""What REST leaves to the worker."""

from __future__ import annotations

from django_tasks import task

from steelyard.accounts.queries import system_user


@task()
def settle_received() -> int:
    """Make single facts live that were received; returns how many rows that added."""
    from steelyard.ledger.actions import settle

    settled = settle(acting_user=system_user())
    return settled.new + settled.restated


@task()
def forget_old_answers() -> int:
    """Remove answers that were kept for seven days."""
    from .actions import forget_answers

    return forget_answers()
