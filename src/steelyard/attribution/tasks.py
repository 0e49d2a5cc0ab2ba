"""What attribution leaves to the worker."""

from __future__ import annotations

from django_tasks import task

from steelyard.accounts.queries import system_user


@task()
def learn_from_decisions() -> str:
    """Make a new model from what people decided; what waits is matched again by it. Returns its name."""
    from .actions import learn, match_waiting

    kept = learn(acting_user=system_user())
    match_waiting(acting_user=system_user())
    return str(kept)
