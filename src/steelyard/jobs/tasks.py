"""The house-keeping of jobs themselves."""

from __future__ import annotations

from django_tasks import task


@task()
def forget_old_jobs() -> int:
    """Remove what was done long ago."""
    from .actions import forget

    return forget()
