"""One attempt at a job, from its claim to its end. What comes out of the task decides: done, cancelled, again later, or failed."""

from __future__ import annotations

import os
import secrets
import socket
from typing import Any

import structlog
from django.conf import settings
from django.db import InterfaceError, OperationalError
from django.utils import timezone
from django.utils.module_loading import import_string
from django_tasks.base import Task
from django_tasks.utils import normalize_json

from steelyard.calc.errors import Refused
from steelyard.ledger.failpoints import reach

from . import leases
from .models import Job, State
from .running import LeaseLost, Running, current

log = structlog.get_logger("steelyard.jobs")
DATABASE_AWAY = (OperationalError, InterfaceError)


def own_name() -> str:
    """A worker's name: machine, process, and something that no later process with the same number has."""
    return f"{socket.gethostname()[:60]}:{os.getpid()}:{secrets.token_hex(4)}"


def running_of(job: Job, worker: str, *, watched: bool = False) -> Running:
    """What the task and the heartbeat share about this attempt."""
    return Running(job.pk, job.attempts, worker, watched=watched)


def attempt(job: Job, worker: str, running: Running | None = None) -> State:
    """Do it once; returns the state it is in afterwards. Only a database that is gone is raised: then nothing can be written down."""
    running = running or running_of(job, worker)
    reach("job-claimed")
    token = current.set(running)
    try:
        with structlog.contextvars.bound_contextvars(job=job.pk, task=job.task, attempt=job.attempts):
            return _ended(job, running)
    finally:
        current.reset(token)


def _ended(job: Job, running: Running) -> State:
    log.info("job begins")
    try:
        result = normalize_json(task_of(job.task).call(*job.args, **job.kwargs))
    except LeaseLost:
        log.warning("job lost to another worker")
        return State.RUNNING
    except Refused as refused:  # it will be refused again
        return _failed(job, running, refused)
    except DATABASE_AWAY:
        log.warning("the database went away under a job", exc_info=True)
        return _again(job, running, OperationalError("the database was away"))
    except Exception as failure:  # whatever a task raises must not end the worker
        log.warning("job attempt ended with an error", exc_info=True)
        return _again(job, running, failure)
    reach("job-worked")
    state = State.CANCELLED if running.cancelled.is_set() else State.DONE
    if not leases.close(running, state, result=result):
        log.warning("job lost to another worker")
        return State.RUNNING
    reach("job-closed")
    log.info("job ends", state=state)
    return state


def task_of(path: str) -> Task[..., Any]:
    """The task at this path; refused in clear words if the program no longer has it."""
    found = import_string(path)
    if not isinstance(found, Task):
        raise TypeError(f"{path} is not a task")
    return found


def _again(job: Job, running: Running, failure: Exception) -> State:
    if job.attempts >= settings.JOB_ATTEMPTS:
        return _failed(job, running, failure)
    leases.give_back(running, errors=[*job.errors, _told(job, failure)], error=_message(failure), after=leases.pause(job.attempts))
    return State.WAITING


def _failed(job: Job, running: Running, failure: Exception) -> State:
    Job.objects.filter(pk=job.pk).update(errors=[*job.errors, _told(job, failure)])
    leases.close(running, State.FAILED, error=_message(failure))
    log.error("job failed for good", reason=_message(failure))
    return State.FAILED


def _message(failure: Exception) -> str:
    """The reason for a person; the traceback is in the log."""
    return str(failure)[:2000] or type(failure).__name__


def _told(job: Job, failure: Exception) -> dict[str, Any]:
    kind = f"{type(failure).__module__}.{type(failure).__qualname__}"
    return {"attempt": job.attempts, "at": timezone.now().isoformat(), "kind": kind, "message": _message(failure), "worker": job.worker}
