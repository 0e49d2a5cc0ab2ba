"""Django's SQLite with one change: whoever waits to write looks again soon.

SQLite waits up to 100 ms between two looks at a lock that is held for five, so with a few writers at a time one in ten waits
for longer than all of them write.
"""

from __future__ import annotations

import sqlite3
from time import monotonic, sleep

from django.db import OperationalError
from django.db.backends.sqlite3 import base

_SOON, _LATEST = 0.001, 0.02  # seconds until the next look: longer, the longer the wait has been


class DatabaseWrapper(base.DatabaseWrapper):
    """A connection whose transactions begin as soon as the lock is free, or fail when the time-out of the settings is over."""

    def _start_transaction_under_autocommit(self) -> None:
        began, most = monotonic(), float(self.settings_dict["OPTIONS"]["timeout"])
        self.connection.execute("PRAGMA busy_timeout = 0")
        try:
            while not self._begun(last=monotonic() - began >= most):
                sleep(min(_SOON + (monotonic() - began) / 50, _LATEST))
        finally:
            self.connection.execute(f"PRAGMA busy_timeout = {int(most * 1000)}")

    def _begun(self, *, last: bool) -> bool:
        try:
            super()._start_transaction_under_autocommit()  # type: ignore[misc]  # Django's stubs leave it out
        except OperationalError as error:
            cause = error.__cause__
            if last or not isinstance(cause, sqlite3.Error) or cause.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY:
                raise
            return False
        return True
