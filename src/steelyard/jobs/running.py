"""The job that this thread is doing, as the code inside the task sees it."""

from __future__ import annotations

import threading
from contextvars import ContextVar
from dataclasses import dataclass, field


class LeaseLost(Exception):
    """Another worker took this job over while this one was not heard of; what it does must not count."""


@dataclass
class Running:
    """One attempt. Progress is kept here and written by the heartbeat: reporting costs nothing and needs no transaction."""

    job: int
    attempt: int
    worker: str
    done: int = 0
    total: int = 0
    written: tuple[int, int] = (0, 0)
    cancelled: threading.Event = field(default_factory=threading.Event)
    lost: threading.Event = field(default_factory=threading.Event)
    watched: bool = False  # a heartbeat writes its progress and reads whether it is cancelled


current: ContextVar[Running | None] = ContextVar("running job", default=None)
