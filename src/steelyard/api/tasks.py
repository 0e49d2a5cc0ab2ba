"""What REST leaves to the worker."""

from __future__ import annotations

from django_tasks import task

from steelyard.accounts.queries import system_user


@task()
def settle_received() -> int:
    """Make single facts live that were received; returns how many rows that added."""
    from steelyard.attribution.actions import settle

    settled = settle(acting_user=system_user())
    return settled.new + settled.restated


@task()
def seal_live() -> int:
    """Move single facts from the tail into a segment, and forget those sealed long ago; returns how many moved."""
    from steelyard.ledger.actions import forget_sealed, seal

    moved = seal()
    forget_sealed()
    return moved


@task()
def forget_old_answers() -> int:
    """Remove answers that were kept for seven days."""
    from .actions import forget_answers

    return forget_answers()
