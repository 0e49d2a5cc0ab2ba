"""What comparisons leave to the worker: large workbooks. Killed and done again, it is the same comparison."""

from __future__ import annotations

from django_tasks import task

from steelyard.accounts.queries import user_who_may


@task()
def compare_workbook(sha256: str, name: str, mapping: str, run: str, acting_user: str) -> int:
    """Compare a stored workbook on behalf of a person who still may; returns the number of the comparison."""
    from steelyard.intake import store
    from steelyard.partners.scopes import scope_of

    from . import actions, runs

    person = user_who_may(acting_user, "comparisons.write")
    made = actions.compare(
        data=store.load(sha256), name=name, mapping=mapping, run=runs.run_named(run), acting_user=person, scope=scope_of(person)
    )
    return made.pk
