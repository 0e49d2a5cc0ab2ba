"""The backend of the `django_tasks` API: `task.enqueue(...)` adds a row in the transaction of whoever calls it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django_tasks.backends.base import BaseTaskBackend
from django_tasks.base import Task, TaskError, TaskResult, TaskResultStatus
from django_tasks.exceptions import TaskResultDoesNotExist

if TYPE_CHECKING:
    from .models import Job

STATES = {
    "waiting": TaskResultStatus.READY,
    "running": TaskResultStatus.RUNNING,
    "done": TaskResultStatus.SUCCESSFUL,
    "failed": TaskResultStatus.FAILED,
    "cancelled": TaskResultStatus.FAILED,
}


class LeaseBackend(BaseTaskBackend):
    """Jobs in the installation's own database, owned by leases."""

    supports_defer = True
    supports_get_result = True
    supports_priority = True

    def __init__(self, alias: str, params: dict[str, Any]) -> None:
        super().__init__(alias, {"QUEUES": [], **params})  # any queue: a worker says which ones it serves

    def enqueue(self, task: Task[..., Any], args: Any, kwargs: Any) -> TaskResult[Any]:
        """Queue it; the number of the job is the result's id."""
        from .actions import enqueue

        self.validate_task(task)
        return self._told(task, enqueue(task, kwargs, positional=args))

    def get_result(self, result_id: str) -> TaskResult[Any]:
        """How the job stands now."""
        from .models import Job
        from .work import task_of

        job = Job.objects.filter(pk=int(result_id)).first() if result_id.isdecimal() else None
        if job is None:
            raise TaskResultDoesNotExist(result_id)
        return self._told(task_of(job.task), job)

    def _told(self, task: Task[..., Any], job: Job) -> TaskResult[Any]:
        told: TaskResult[Any] = TaskResult(
            task=task,
            id=str(job.pk),
            status=STATES[job.state],
            enqueued_at=job.enqueued_at,
            started_at=job.started_at,
            finished_at=job.finished_at,
            last_attempted_at=job.started_at,
            args=job.args,
            kwargs=job.kwargs,
            backend=self.alias,
            errors=[TaskError(exception_class_path=one["kind"], traceback=one["message"]) for one in job.errors],
            worker_ids=[one["worker"] for one in job.errors] + ([job.worker] if job.worker else []),
        )
        object.__setattr__(told, "_return_value", job.result)
        return told
