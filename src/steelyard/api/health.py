"""Whether the installation can work, over REST."""

from __future__ import annotations

from typing import Any

from ninja import Router, Schema
from pydantic import Field

from steelyard.jobs.queries import waiting
from steelyard.operations.health import checks

from .gate import Asked, needs
from .problems import answers

router = Router(tags=["health"])


class Question(Schema):
    """One question and its answer."""

    name: str = Field(examples=["database"])
    ok: bool = Field(examples=[True])
    detail: str = Field(examples=["postgresql"])


class Health(Schema):
    """Ready: every question is answered well. The same without signing in: /health/ready."""

    ready: bool = Field(examples=[True])
    checks: list[Question]
    jobs: dict[str, int] = Field(description="jobs in each state", examples=[{"waiting": 0, "done": 81}])


@router.get("", response=answers(ok=Health), summary="Health")
@needs("settings.read")
def health(request: Asked) -> dict[str, Any]:
    """Database, migrations, worker, disk, and the queue."""
    found = checks()
    told = [{"name": one.name, "ok": one.ok, "detail": one.detail} for one in found]
    return {"ready": all(one.ok for one in found), "checks": told, "jobs": dict(waiting().by_state)}
