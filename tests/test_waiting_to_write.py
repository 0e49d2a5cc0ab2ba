"""Writers on SQLite wait for each other: as soon as one is done the next begins; whoever waits too long is told."""

import sqlite3
from pathlib import Path
from threading import Event, Thread
from time import monotonic

import pytest
from django.db import OperationalError, connection

from steelyard.config.environment import sqlite
from steelyard.config.sqlite.base import DatabaseWrapper
from steelyard.jobs import worker


@pytest.fixture
def database(tmp_path, django_db_blocker):
    """A connection of its own to a new file."""
    defaults = {"AUTOCOMMIT": True, "CONN_HEALTH_CHECKS": False, "TIME_ZONE": None, "ATOMIC_REQUESTS": False, "TEST": {"NAME": None}}
    own = DatabaseWrapper({**connection.settings_dict, **defaults, **sqlite(tmp_path / "own.sqlite3")}, alias="waiting")
    with django_db_blocker.unblock():
        own.connect()
        yield own
        own.close()


def written(database, most):
    """How long a transaction waits, while another connection holds the lock for 0.3 seconds."""
    database.settings_dict["OPTIONS"]["timeout"] = most
    holds, done = Event(), Event()

    def hold():
        other = sqlite3.connect(database.settings_dict["NAME"], isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        holds.set()
        done.wait(0.3)
        other.execute("COMMIT")
        other.close()

    holder = Thread(target=hold)
    holder.start()
    holds.wait()
    began = monotonic()
    try:
        database.set_autocommit(False, force_begin_transaction_with_broken_autocommit=True)
        database.rollback()
        return monotonic() - began
    finally:
        done.set()
        holder.join()


def test_a_writer_begins_when_the_lock_is_free(database):
    assert 0.1 < written(database, 20) < 5
    assert database.connection.execute("PRAGMA busy_timeout").fetchone() == (20_000,)


def test_a_writer_that_waits_too_long_is_told(database):
    with pytest.raises(OperationalError, match="locked"):
        written(database, 0.05)


def test_another_fault_is_told_at_once(database):
    database.connection.execute("BEGIN")
    began = monotonic()
    with pytest.raises(OperationalError, match="within a transaction"):
        database.set_autocommit(False, force_begin_transaction_with_broken_autocommit=True)
    assert monotonic() - began < 5


def test_the_worker_moves_the_log_into_the_database(database, monkeypatch):
    file = Path(database.settings_dict["NAME"])
    with database.cursor() as cursor:
        cursor.execute("CREATE TABLE said (text TEXT)")
        cursor.executemany("INSERT INTO said VALUES (%s)", [("x" * 1000,)] * 100)
    before = file.stat().st_size
    monkeypatch.setattr(worker, "connection", database)
    worker.shorten_the_log()
    assert file.stat().st_size >= before + 100_000
