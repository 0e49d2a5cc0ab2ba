"""Reading jobs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Min, QuerySet
from django.utils import timezone

from steelyard.calc.errors import Missing

from .models import OPEN, Job, State, Worker

__all__ = ["OPEN", "State", "Waiting", "heard_of", "job", "jobs", "percent", "waiting", "workers"]


def jobs(*, states: tuple[str, ...] = (), actor: str | None = None) -> QuerySet[Job]:
    """Jobs, newest first; of some states, of one actor."""
    found = Job.objects.all()
    if states:
        found = found.filter(state__in=states)
    return found if actor is None else found.filter(actor=actor)


def job(number: int) -> Job:
    """One job, or `Missing`."""
    found = Job.objects.filter(pk=number).first()
    if found is None:
        raise Missing
    return found


def percent(one: Job) -> int | None:
    """How far a job is in whole percent; None where the task never said how much there is."""
    return min(100, 100 * one.done // one.total) if one.total > 0 else None


@dataclass(frozen=True)
class Waiting:
    """How the queue stands."""

    by_state: Mapping[str, int]
    oldest_seconds: int  # how long the oldest job has been due; 0 if none is


def waiting() -> Waiting:
    """How many jobs there are in each state, and how long the oldest has been due."""
    counts = dict(Job.objects.order_by().values_list("state").annotate(Count("id")))
    now = timezone.now()
    oldest = Job.objects.filter(state=State.WAITING, run_after__lte=now).aggregate(Min("run_after"))["run_after__min"]
    return Waiting({state.value: counts.get(state.value, 0) for state in State}, int((now - oldest).total_seconds()) if oldest else 0)


def workers() -> list[Worker]:
    """Every worker that was not seen to end."""
    return list(Worker.objects.all())


def heard_of() -> datetime | None:
    """When any worker was last heard of; None if there never was one, or all of them ended."""
    return Worker.objects.order_by("-beat_at").values_list("beat_at", flat=True).first()
