"""What reviews leave to the worker: opening what the calendar says, scoring, publishing."""

from __future__ import annotations

from django_tasks import task

from steelyard.accounts.queries import system_user, user_who_may


@task()
def open_due_cycles() -> list[int]:
    """Open every cycle that is due by its rule."""
    from . import actions

    return [cycle.pk for cycle in actions.open_due_cycles(acting_user=system_user())]


@task()
def prepare(cycle: int) -> None:
    """Score a cycle's period and give it its reviews: the installation's own work, whoever caused it, and whatever they may by now."""
    from . import actions

    actions.prepare_cycle(cycle=cycle, acting_user=system_user())


@task()
def publish(review: int, by: str) -> None:
    """Make public what somebody approved, in their name, if they still may approve."""
    from . import actions

    actions.publish(review=review, acting_user=user_who_may(by, "reviews.approve"))
