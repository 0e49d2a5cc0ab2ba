"""Answers that pages ask for again and again, kept as long as nothing at all in the database has changed.

The database itself says so: SQLite counts the commits of others and the rows that a connection wrote; in PostgreSQL two equal
snapshots see the same rows. So what somebody may do ends with the commit that takes it away. Inside a transaction, whose
own rows no snapshot tells apart, every answer is made anew.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from threading import local
from typing import Any, TypeVar

from django.db import connection
from django.utils import timezone

Answer = TypeVar("Answer")
MOST = 1_000  # answers of one thread


class _Kept(local):
    """The answers of this thread, whose connection counts for itself."""

    def __init__(self) -> None:
        self.state: Any = None
        self.answers: dict[Hashable, Any] = {}


_kept = _Kept()


def unchanged(key: Hashable, make: Callable[[], Answer]) -> Answer:
    """The answer to a question that the key tells fully, made if anything has changed since. Nobody may alter it."""
    if connection.in_atomic_block:
        return make()
    now = (_state(), timezone.localdate())
    if _kept.state != now or len(_kept.answers) >= MOST:
        _kept.state, _kept.answers = now, {}
    if key not in _kept.answers:
        _kept.answers[key] = make()
    answer: Answer = _kept.answers[key]
    return answer


def _state() -> Any:
    """What differs as soon as this connection would read anything else. The connection is part of it: each counts from its own start."""
    connection.ensure_connection()
    own: Any = connection.connection
    if connection.vendor == "sqlite":
        return own, own.execute("PRAGMA data_version").fetchone()[0], own.total_changes
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_current_snapshot()::text")
        return own, cursor.fetchone()[0]
