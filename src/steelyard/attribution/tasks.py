"""What attribution leaves to the worker."""

from __future__ import annotations

from django_tasks import task

from steelyard.accounts.queries import system_user, user_who_may


@task()
def learn_from_decisions(acting_user: str = "") -> dict[str, int | bool]:
    """Make a new model from what people decided, on behalf of a person who still may, or of the installation.

    What waits is matched again by it. Returns its version, and whether it is in use.
    """
    from .actions import learn, match_waiting

    person = user_who_may(acting_user, "intake.write") if acting_user else system_user()
    kept = learn(acting_user=person)
    match_waiting(acting_user=person)
    return {"version": kept.pk, "in_use": kept.in_use}
