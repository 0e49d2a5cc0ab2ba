"""What reviews leave to the worker: opening what the calendar says, scoring, publishing."""

from __future__ import annotations

from django_tasks import task

from steelyard.accounts.queries import system_user, user


@task()
def open_due_cycles() -> list[int]:
    """Open every cycle that is due by its rule."""
    from . import actions

    return [cycle.pk for cycle in actions.open_due_cycles(acting_user=system_user())]


@task()
def prepare(cycle: int, by: str) -> None:
    """Score a cycle's period and give it its reviews."""
    from . import actions

    actions.prepare_cycle(cycle=cycle, acting_user=user(by))


@task()
def publish(review: int, by: str) -> None:
    """Make public what somebody approved, in their name."""
    from . import actions

    actions.publish(review=review, acting_user=user(by))
