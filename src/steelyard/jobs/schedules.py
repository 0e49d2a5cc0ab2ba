"""What recurs: a declared table in the settings, counted in moments since 1970, so that no clock change doubles or skips one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.utils.module_loading import import_string
from django_tasks.base import Task

from .work import task_of


@dataclass(frozen=True)
class Schedule:
    """A task that is queued once in every so many seconds, whoever is awake then."""

    name: str
    every: int
    task: str
    when: str = ""  # a query that says whether there is anything to do; no job is queued for nothing

    def wanted(self) -> bool:
        """Whether there is anything to do now."""
        return not self.when or bool(import_string(self.when)())

    def slot(self, now: datetime) -> int:
        """The number of the moment that ``now`` lies in."""
        return int(now.timestamp()) // self.every

    def loaded(self) -> Task[..., Any]:
        """The task itself."""
        return task_of(self.task)


def declared() -> list[Schedule]:
    """The table of the settings."""
    return [Schedule(*row) for row in settings.JOB_SCHEDULES]
