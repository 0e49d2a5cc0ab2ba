"""Answers that pages ask for again and again, kept as long as nothing at all in the database has changed.

The database itself says so: in SQLite a connection that only listens counts the commits of all others; in PostgreSQL two
equal snapshots see the same rows. So what somebody may do ends with the commit that takes it away. Inside a transaction,
whose own rows neither tells apart, every answer is made anew. Nobody asks between two rows of an open cursor, which would
read what was so when it was opened.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Hashable
from threading import Lock, RLock
from typing import Any, TypeVar, cast

from django.db import connection
from django.utils import timezone

Answer = TypeVar("Answer")
MOST = 1_000  # answers of one process


class _Slot:
    """One answer, made by the first who asks; who asks meanwhile waits for it."""

    def __init__(self) -> None:
        self.lock = RLock()
        self.made = False
        self.answer: Any = None


class _Kept:
    """The answers of this process, which all its threads share, and what was so when they were made."""

    def __init__(self) -> None:
        self.lock = Lock()
        self.state: Any = None
        self.slots: dict[Hashable, _Slot] = {}
        self.listener: tuple[str, sqlite3.Connection] | None = None

    def slot(self, key: Hashable) -> _Slot:
        with self.lock:
            now = (self._commits() if connection.vendor == "sqlite" else _snapshot(), timezone.localdate())
            if self.state != now or len(self.slots) >= MOST:
                self.state, self.slots = now, {}
            return self.slots.setdefault(key, _Slot())

    def _commits(self) -> Any:
        """Another number as soon as anybody has committed anything."""
        file = str(connection.settings_dict["NAME"])
        if self.listener is None or self.listener[0] != file:
            if self.listener is not None:
                self.listener[1].close()
            self.listener = file, sqlite3.connect(file, isolation_level=None, check_same_thread=False)
        return self.listener, self.listener[1].execute("PRAGMA data_version").fetchone()[0]


_kept = _Kept()


def unchanged(key: Hashable, make: Callable[[], Answer]) -> Answer:
    """The answer to a question that the key tells fully, made if anything has changed since. Nobody may alter it."""
    if connection.in_atomic_block:
        return make()
    slot = _kept.slot(key)
    with slot.lock:
        if not slot.made:
            slot.answer = make()
            slot.made = True
    return cast("Answer", slot.answer)


def _snapshot() -> Any:
    """Another text as soon as a transaction of anybody has begun to write or ended."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_current_snapshot()::text")
        return cursor.fetchone()[0]
