"""What scorecards leave to the worker: scoring, publishing, and following the data while a period is open."""

from __future__ import annotations

from django_tasks import task

from steelyard.accounts.queries import system_user, user_who_may


@task()
def score_period(framework: str, period: str, acting_user: str) -> str:
    """Score a period at the newest cut, on behalf of a person who still may; returns the run's id."""
    from . import actions

    return actions.run(framework=framework, period=period, acting_user=user_who_may(acting_user, "scores.score")).run_id


@task()
def publish_run(framework: str, period: str, cut: int, version: int, reason: str, acting_user: str, subject: str = "") -> int:
    """Publish a run that somebody else scored, on behalf of a person who still may; returns the number of the publication."""
    from . import actions

    person = user_who_may(acting_user, "scores.publish")
    published = actions.publish(
        framework=framework, period=period, cut=cut, version=version, subject=subject, reason=reason, acting_user=person
    )
    return published.pk


@task()
def follow() -> list[str]:
    """Score again every period that is open, where the data moved on since; returns the ids of the new runs."""
    from . import actions

    return [run.run_id for run in actions.follow(acting_user=system_user())]
