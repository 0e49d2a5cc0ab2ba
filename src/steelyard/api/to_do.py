"""Tasks that triggers opened, over REST: listing and closing them."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from ninja import Router, Schema
from pydantic import Field

from steelyard.scorecards import to_do

from .addresses import MOST
from .gate import Asked, needs
from .paging import Asking, Page, of_records
from .problems import answers

if TYPE_CHECKING:
    from steelyard.scorecards.models import Task

router = Router(tags=["tasks"])


class TaskShown(Schema):
    """Something to do about a subject. It never alters a score."""

    number: int
    framework: str
    period: str
    subject: str
    trigger: str = Field(examples=["recover"])
    title: str
    what: str = Field(description="what is to be done", examples=["plan to recover"])
    as_of: date
    due_on: date
    run: str = Field(description="the run that opened it")
    opened_at: datetime
    closed_at: datetime | None
    closed_by: str = Field(examples=["carla"])
    reason: str


class ClosingTask(Schema):
    """Which task, and why it is closed."""

    number: int = Field(ge=0, le=MOST)
    reason: str = Field(max_length=to_do.LONGEST, examples=["a plan is agreed"])


@router.get("", response=answers(ok=Page[TaskShown]), summary="Tasks")
@needs("scores.read")
def tasks(request: Asked, paging: Asking, open: bool | None = None, framework: str = "", subject: str = "") -> dict[str, Any]:
    """Every task in sight, in the order they were opened; `open` asks for those that nobody has closed, or for the others."""
    found = to_do.tasks(scope=request.scope)
    if open is not None:
        found = found.filter(closed_at__isnull=open)
    if framework:
        found = found.filter(framework_code=framework)
    if subject:
        found = found.filter(subject=subject)
    return of_records(found, paging, task_shown)


@router.post("/close", response=answers(ok=TaskShown), summary="Close a task")
@needs("tasks.close")
def close(request: Asked, sent: ClosingTask) -> dict[str, Any]:
    """With a reason. Closing it again changes nothing."""
    return task_shown(to_do.close(task=sent.number, reason=sent.reason, scope=request.scope, acting_user=request.user))


def task_shown(task: Task) -> dict[str, Any]:
    """A task as JSON."""
    same = ("period", "subject", "trigger", "title", "what", "as_of", "due_on", "opened_at", "closed_at", "closed_by", "reason")
    told = {name: getattr(task, name) for name in same}
    return {"number": task.pk, "framework": task.framework_code, "run": task.run.run_id, **told}
