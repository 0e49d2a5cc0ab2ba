"""What the worker does, over REST: all jobs for administrators, one's own for everybody who asked for one."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from ninja import Router, Schema
from pydantic import Field

from steelyard.calc.errors import Missing
from steelyard.jobs import queries
from steelyard.operations import actions

from .addresses import Number
from .gate import Asked, needs, signed_in
from .paging import Asking, Page, of_records
from .problems import answers

if TYPE_CHECKING:
    from steelyard.jobs.models import Job

router = Router(tags=["jobs"])
own = Router(tags=["me"])


class JobShown(Schema):
    """One piece of work: ask again until `state` is done, failed or cancelled."""

    job: int
    task: str
    state: str = Field(description="waiting, running, done, failed, cancelled")
    actor: str
    percent: int | None
    attempts: int
    enqueued_at: datetime
    finished_at: datetime | None
    error: str
    result: Any = Field(None, description="what it came to, if it says so", examples=[None])


@router.get("", response=answers(ok=Page[JobShown]), summary="Jobs")
@needs("settings.read")
def jobs(request: Asked, paging: Asking, state: str = "") -> dict[str, Any]:
    """All jobs, newest first."""
    return of_records(queries.jobs(states=(state,) if state else ()), paging, job_shown, newest_first=True)


@router.get("/{job}", response=answers(ok=JobShown), summary="One job")
@needs("settings.read")
def job(request: Asked, job: Number) -> dict[str, Any]:
    """How far it is, and why it failed."""
    return job_shown(queries.job(job))


@router.post("/{job}/cancel", response=answers(ok=JobShown), summary="Cancel a job")
@needs("settings.write")
def cancel(request: Asked, job: Number) -> dict[str, Any]:
    """Before it starts, or at its next step."""
    actions.cancel_job(job=job, acting_user=request.user)
    return job_shown(queries.job(job))


@router.post("/{job}/retry", response=answers(ok=JobShown), summary="Try a job again")
@needs("settings.write")
def retry(request: Asked, job: Number) -> dict[str, Any]:
    """Only what failed or was cancelled."""
    actions.retry_job(job=job, acting_user=request.user)
    return job_shown(queries.job(job))


@own.get("", response=answers(ok=Page[JobShown]), summary="Own jobs")
@signed_in
def own_jobs(request: Asked, paging: Asking) -> dict[str, Any]:
    """What this person asked for, newest first."""
    return of_records(queries.jobs(actor=request.user.username), paging, job_shown, newest_first=True)


@own.get("/{job}", response=answers(ok=JobShown), summary="An own job")
@signed_in
def own_job(request: Asked, job: Number) -> dict[str, Any]:
    """A job that this person asked for; anybody else's is not there."""
    found = queries.job(job)
    if found.actor != request.user.username:
        raise Missing
    return job_shown(found)


def job_shown(found: Job) -> dict[str, Any]:
    """A job as JSON."""
    return {
        "job": found.pk, "task": found.task.rpartition(".")[2].replace("_", " "), "state": found.state, "actor": found.actor,
        "percent": queries.percent(found), "attempts": found.attempts, "enqueued_at": found.enqueued_at, "finished_at": found.finished_at,
        "error": found.error, "result": found.result,
    }  # fmt: skip
