"""Have the worker do it: check a large file, bring a file in, read a batch again. A button pressed twice is one job."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django_tasks.base import Task

from steelyard.audit.actions import record
from steelyard.jobs import actions as jobs
from steelyard.ledger import queries as ledger

from .. import queries, store

if TYPE_CHECKING:
    from steelyard.accounts.models import User
    from steelyard.jobs.models import Job


def order_check(*, file: Mapping[str, Any], once: str, acting_user: User) -> Job:
    """A dry run of a stored file (`dry_run.ASKED` names what ``file`` says)."""
    from ..tasks import check_file

    return _order(check_file, {"file": dict(file)}, f"file:{str(file['sha256'])[:12]}", once, acting_user)


def order_import(*, file: Mapping[str, Any], once: str, acting_user: User) -> Job:
    """Bring a stored file in."""
    from ..tasks import bring_in

    store.path_of(str(file["sha256"])).stat()  # before anything is promised
    return _order(bring_in, {"file": dict(file)}, f"file:{str(file['sha256'])[:12]}", once, acting_user)


def order_replay(*, batch: int, acting_user: User) -> Job:
    """Read the stored file of a batch again."""
    from ..tasks import read_again

    once = f"{batch} {ledger.head()} {queries.quarantine(batch=batch).count()}"  # the same press as long as nothing else happened
    return _order(read_again, {"batch": batch}, f"batch:{batch}", once, acting_user)


@transaction.atomic
def _order(task: Task[..., Any], arguments: Mapping[str, Any], subject: str, once: str, acting_user: User) -> Job:
    words = task.func.__name__.replace("_", " ")
    key = hashlib.sha256(f"{words}\n{sorted(arguments.items())}\n{once}".encode()).hexdigest()
    job = jobs.enqueue(task, {**arguments, "acting_user": acting_user.username}, key=f"intake {key}")
    record(action=f"{words} ordered", subject=subject, after={"job": job.pk}, acting_user=acting_user)
    return job


@transaction.atomic
def cancel_order(*, job: int, acting_user: User) -> None:
    """Stop a job of intake: at once if it waits, before anything is written if it runs."""
    found = jobs.cancel(job=job)
    record(action="job cancelled", subject=f"job:{job}", after={"task": found.task, "state": found.state}, acting_user=acting_user)
