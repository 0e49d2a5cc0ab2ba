"""What intake leaves to the worker. Each may be killed at any moment and done again: importing the same bytes has one effect."""

from __future__ import annotations

from typing import Any

from django_tasks import task

from steelyard.accounts.queries import user_who_may

MAY = "intake.write"  # looked up again when the job runs


@task()
def check_file(file: dict[str, Any], acting_user: str) -> dict[str, Any]:
    """What bringing the file in would do, as plain values."""
    from .dry_run import dry_run

    return dry_run(file, acting_user=user_who_may(acting_user, MAY))


@task()
def bring_in(file: dict[str, Any], acting_user: str) -> dict[str, Any]:
    """Bring the file in; returns its batch, and the batch that had brought the same bytes in before."""
    from .actions import Stopped, landed
    from .dry_run import bring

    try:
        done = bring(file, acting_user=user_who_may(acting_user, MAY))
    except Stopped:
        return {"batch": None, "already": None}
    if file.get("delivery"):
        landed(int(file["delivery"]), batch=done.batch)
    return {"batch": done.batch, "already": done.already}


@task()
def read_again(batch: int, acting_user: str) -> dict[str, Any]:
    """Read the stored file of a batch again."""
    from .actions import Stopped, replay

    try:
        done = replay(batch, acting_user=user_who_may(acting_user, MAY))
    except Stopped:
        return {"batch": None, "already": None}
    return {"batch": done.batch, "already": done.already}


@task()
def read_what_became_known() -> int:
    """Read batches again whose rows wait for a product or unit that is known by now; returns how many rows came in."""
    from steelyard.accounts.queries import system_user
    from steelyard.calc.errors import Refused

    from . import known_since
    from .actions import Stopped, read_known

    came_in, refused = 0, None
    for batch in known_since.batches():
        try:
            came_in += read_known(batch, acting_user=system_user())
        except Stopped:
            return came_in
        except Refused as refusal:  # of one file: the others are read all the same, and people see that this job failed
            refused = refusal
    if refused is not None:
        raise refused
    return came_in
