"""Jobs, the workers that do them, and the clockwork of what recurs."""

from __future__ import annotations

from django.db import models
from django.db.models import Q


class State(models.TextChoices):
    """Where a job stands. Only `waiting` and `running` change by themselves."""

    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"


OPEN = (State.WAITING, State.RUNNING)


class Job(models.Model):
    """One call of a task. A worker owns it only as long as its lease: a lease that ran out is anybody's."""

    task = models.CharField(max_length=200)
    args = models.JSONField(default=list)
    kwargs = models.JSONField(default=dict)
    queue = models.CharField(max_length=50, default="default")
    priority = models.IntegerField(default=0)
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    actor = models.CharField(max_length=150)  # a value, so that the job outlives the account
    key = models.CharField(max_length=200, null=True, unique=True)  # noqa: DJ001  none is not one more equal key
    run_after = models.DateTimeField()
    enqueued_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    attempts = models.IntegerField(default=0)
    worker = models.CharField(max_length=100, default="", blank=True)
    lease_until = models.DateTimeField(null=True)
    done = models.IntegerField(default=0)
    total = models.IntegerField(default=0)  # 0: nobody knows
    cancel_requested = models.BooleanField(default=False)
    result = models.JSONField(null=True)
    error = models.TextField(default="", blank=True)
    errors = models.JSONField(default=list)  # one per attempt: attempt, at, kind, message

    class Meta:
        ordering = ["-id"]
        indexes = [
            models.Index("run_after", condition=Q(state="waiting"), name="job_waiting"),
            models.Index("lease_until", condition=Q(state="running"), name="job_running"),
        ]

    def __str__(self) -> str:
        return f"{self.task} {self.state}"


class Worker(models.Model):
    """A process that does jobs, and when it was last heard of."""

    name = models.CharField(max_length=100, unique=True)
    started_at = models.DateTimeField()
    beat_at = models.DateTimeField(db_index=True)

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class Clockwork(models.Model):
    """How far a schedule has come. Whoever moves this row on is the one that starts the job."""

    name = models.CharField(max_length=100, unique=True)
    slot = models.BigIntegerField(default=0)  # the moment's number: seconds since 1970 by the schedule's interval
    moved_at = models.DateTimeField()

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name
