"""Who may do which job: claiming, renewing, giving back. Every step is one statement or one short transaction.

An attempt is known by its job, worker and number. Whoever finishes a job must still hold that attempt, so a worker that slept
through its lease changes nothing when it wakes.
"""

from __future__ import annotations

import random
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from .models import Clockwork, Job, State, Worker
from .running import Running

CANDIDATES = 8  # SQLite: how many to try for before looking again
WORN_OUT = "the worker died {attempts} times while doing this; the last one was {worker}"
FIRST_PAUSE, LONGEST_PAUSE = 2, 600  # seconds


def due(now: datetime) -> QuerySet[Job]:
    """Jobs that anybody may take: waiting and due, or running on a lease that ran out; the most urgent first."""
    waiting = Q(state=State.WAITING, run_after__lte=now)
    abandoned = Q(state=State.RUNNING, lease_until__lt=now)
    return Job.objects.filter(waiting | abandoned).order_by("-priority", "run_after", "id")


def claim(worker: str, queues: Iterable[str] = ()) -> Job | None:
    """Take one job, or None. A job that killed its worker too often fails instead, with that as its reason."""
    while True:
        job = _claimed(worker, list(queues))
        if job is None or job.attempts <= settings.JOB_ATTEMPTS:
            return job
        reason = WORN_OUT.format(attempts=job.attempts - 1, worker=job.errors[-1]["worker"] if job.errors else "unknown")
        close(Running(job.pk, job.attempts, worker), State.FAILED, error=reason)


def _claimed(worker: str, queues: list[str]) -> Job | None:
    now = timezone.now()
    chosen = due(now).filter(queue__in=queues) if queues else due(now)
    if connection.features.has_select_for_update_skip_locked:
        with transaction.atomic():
            job = chosen.select_for_update(skip_locked=True).first()
            return _take(job, worker, now) if job is not None else None
    for job in chosen[:CANDIDATES]:  # read without a lock; the update below decides
        taken = _take(job, worker, now)
        if taken is not None:
            return taken
    return None


def _take(job: Job, worker: str, now: datetime) -> Job | None:
    errors = job.errors
    if job.state == State.RUNNING:
        told = f"not heard of since {job.lease_until:%Y-%m-%d %H:%M:%S} UTC"
        errors = [*errors, {"attempt": job.attempts, "at": now.isoformat(), "kind": "WorkerLost", "message": told, "worker": job.worker}]
    values: dict[str, Any] = {
        "state": State.RUNNING,
        "worker": worker,
        "attempts": job.attempts + 1,
        "lease_until": now + timedelta(seconds=settings.JOB_LEASE_SECONDS),
        "started_at": now,
        "errors": errors,
    }
    if not due(now).filter(pk=job.pk, attempts=job.attempts).update(**values):
        return None
    for name, value in values.items():
        setattr(job, name, value)
    return job


def held(running: Running) -> QuerySet[Job]:
    """The job, if this attempt still has it."""
    return Job.objects.filter(pk=running.job, state=State.RUNNING, worker=running.worker, attempts=running.attempt)


def renew(running: Running) -> None:
    """Hold on to the job, write how far it is, and learn whether somebody wants it stopped."""
    until = timezone.now() + timedelta(seconds=settings.JOB_LEASE_SECONDS)
    progress = (running.done, running.total)
    if not held(running).update(lease_until=until, done=progress[0], total=progress[1]):
        running.lost.set()
        return
    running.written = progress
    if Job.objects.filter(pk=running.job, cancel_requested=True).exists():
        running.cancelled.set()


def close(running: Running, state: State, *, result: Any = None, error: str = "") -> bool:
    """End the job; False if another worker has it by now."""
    return bool(
        held(running).update(
            state=state, result=result, error=error, done=running.done, total=running.total, finished_at=timezone.now(), lease_until=None
        )
    )


def give_back(running: Running, *, errors: list[dict[str, Any]], error: str, after: float) -> bool:
    """To be tried again after so many seconds."""
    later = timezone.now() + timedelta(seconds=after)
    return bool(held(running).update(state=State.WAITING, run_after=later, errors=errors, error=error, lease_until=None))


def pause(attempt: int) -> float:
    """Seconds before the next attempt: longer each time, and never the same for two that failed together."""
    longest = min(LONGEST_PAUSE, FIRST_PAUSE * 4 ** (attempt - 1))
    return random.uniform(longest / 2, longest)


def beat(worker: str, started_at: datetime) -> None:
    """This worker is alive."""
    Worker.objects.update_or_create(
        name=worker, defaults={"beat_at": timezone.now()}, create_defaults={"beat_at": timezone.now(), "started_at": started_at}
    )


def leave(worker: str) -> None:
    """This worker ends; what it still held may be taken at once."""
    Worker.objects.filter(name=worker).delete()
    Job.objects.filter(state=State.RUNNING, worker=worker).update(lease_until=timezone.now() - timedelta(seconds=1))


def stand() -> dict[str, int]:
    """Schedule -> the last of its moments that was started."""
    return dict(Clockwork.objects.values_list("name", "slot"))


def is_due(slot: int, last: int | None) -> bool:
    """Whether a moment is still to be started, beside the last that was."""
    return last is None or not last - 1 <= slot <= last


def move_on(name: str, slot: int) -> bool:
    """Whether this moment of a schedule is ours to start: True for one caller only, once for each moment.

    One moment back is a clock being set right and starts nothing; further back is a clock that jumped, and the work goes on.
    """
    now = timezone.now()
    row, made = Clockwork.objects.get_or_create(name=name, defaults={"slot": slot, "moved_at": now})
    if made:
        return True
    if not is_due(slot, row.slot):
        return False
    return bool(Clockwork.objects.filter(name=name, slot=row.slot).update(slot=slot, moved_at=now))
