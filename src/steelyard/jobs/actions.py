"""Writing jobs: queue, report, cancel, try again. Queued in a transaction, a job is there if and only if that transaction commits.

Audit entries about people's decisions are the callers' to write: this room lies below the trail.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone
from django_tasks.base import Task
from django_tasks.utils import normalize_json

from steelyard.calc.errors import Conflict, Missing, Problem

from . import leases, schedules, work
from .models import OPEN, Job, State, Worker
from .running import LeaseLost, current

SYSTEM = "system"
NEVER_TRIED = {"state": State.WAITING, "attempts": 0, "cancel_requested": False, "finished_at": None, "error": "", "done": 0, "total": 0}


def enqueue(
    task: Task[..., Any],
    arguments: Mapping[str, Any] | None = None,
    *,
    positional: Sequence[Any] = (),
    actor: str = "",
    key: str | None = None,
    run_after: datetime | None = None,
) -> Job:
    """Queue a call of a task, on behalf of ``actor`` (default: the argument ``acting_user`` of the call, else the installation).

    With a key, a second call with the same key is the first one: nothing is queued twice, unless the first came to nothing.
    """
    now = timezone.now()
    arguments = arguments or {}
    values = {
        "task": task.module_path,
        "args": normalize_json(positional),
        "kwargs": normalize_json(arguments),
        "queue": task.queue_name,
        "priority": task.priority,
        "actor": actor or str(arguments.get("acting_user") or SYSTEM),
        "run_after": run_after or task.run_after or now,
        "enqueued_at": now,
    }
    if key is None:
        return Job.objects.create(**values)
    try:
        with transaction.atomic():
            job, made = Job.objects.select_for_update().get_or_create(key=key, defaults=values)
            if not made and job.state in (State.FAILED, State.CANCELLED):
                job = _afresh(job, values)
            return job
    except IntegrityError:
        return Job.objects.get(key=key)


def _afresh(job: Job, values: Mapping[str, Any]) -> Job:
    """A job that came to nothing is wanted again, perhaps by somebody else."""
    for name, value in {**NEVER_TRIED, **values}.items():
        setattr(job, name, value)
    job.save()
    return job


def report(done: int, total: int = 0) -> None:
    """Say from inside a task how far it is; outside a job this does nothing."""
    running = current.get()
    if running is None:
        return
    running.done, running.total = done, total or running.total
    if not running.watched:
        leases.renew(running)
    if running.lost.is_set():
        raise LeaseLost


def cancelled() -> bool:
    """Whether somebody wants the job that this code runs in stopped; a task asks between its steps."""
    running = current.get()
    if running is None:
        return False
    if not running.watched:
        leases.renew(running)
    if running.lost.is_set():
        raise LeaseLost
    return running.cancelled.is_set()


@transaction.atomic
def cancel(*, job: int) -> Job:
    """Stop a job: one that waits never starts, one that runs stops at its next step."""
    found = _locked(job)
    if found.state == State.WAITING:
        found.state, found.finished_at = State.CANCELLED, timezone.now()
    elif found.state == State.RUNNING:
        found.cancel_requested = True
    else:
        raise Conflict(Problem("job-ended", "this job has ended, so there is nothing to cancel", "job", found.state))
    found.save()
    return found


@transaction.atomic
def retry(*, job: int) -> Job:
    """Try a failed or cancelled job again, from its first attempt."""
    found = _locked(job)
    if found.state not in (State.FAILED, State.CANCELLED):
        raise Conflict(Problem("job-not-failed", "only a failed or cancelled job can be tried again", "job", found.state))
    return _afresh(found, {"run_after": timezone.now()})


def work_off(most: int = 1000, *, pauses: bool = False) -> int:
    """Do everything that is due, here and now; returns how many attempts that took. For tests and for the command line.

    What failed and waits for its next attempt is not waited for, unless ``pauses`` says to skip the pauses.
    """
    name = work.own_name()
    for number in range(most):
        if pauses:
            Job.objects.filter(state=State.WAITING, attempts__gt=0).update(run_after=timezone.now())
        job = leases.claim(name)
        if job is None:
            return number
        work.attempt(job, name)
    return most


def tick() -> int:
    """Queue what the schedules say is due; returns how many jobs that is. Where nothing is, nobody who writes has to wait for it."""
    last, now = leases.stand(), timezone.now()
    due = [one for one in schedules.declared() if leases.is_due(one.slot(now), last.get(one.name))]
    return sum(_started(schedule) for schedule in due)


@transaction.atomic
def _started(schedule: schedules.Schedule) -> bool:
    if not leases.move_on(schedule.name, schedule.slot(timezone.now())) or not schedule.wanted():
        return False
    if not Job.objects.filter(task=schedule.task, state__in=OPEN, actor=SYSTEM).exists():  # what still waits is not queued twice
        enqueue(schedule.loaded(), actor=SYSTEM)
    return True


def forget(days: int | None = None) -> int:
    """Remove jobs that were done or cancelled so many days ago; failed ones stay until somebody decides."""
    Worker.objects.filter(beat_at__lt=timezone.now() - timedelta(days=1)).delete()  # killed, so they never said that they end
    before = timezone.now() - timedelta(days=settings.JOB_DAYS if days is None else days)
    return Job.objects.filter(state__in=(State.DONE, State.CANCELLED), finished_at__lt=before).delete()[0]


def _locked(job: int) -> Job:
    found = Job.objects.select_for_update().filter(pk=job).first()
    if found is None:
        raise Missing
    return found
