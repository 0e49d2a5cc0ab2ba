"""Whether this installation can do its work now: a few questions, each with its answer as a value."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.utils import timezone

from steelyard.calc.errors import Problem
from steelyard.jobs.queries import heard_of

SILENCE = 2 * settings.WORKER_BEAT_SECONDS  # seconds without a sign of life after which a worker counts as gone
_migrated: list[bool] = []  # once all migrations are applied, this process never asks again


@dataclass(frozen=True)
class Check:
    """One question and its answer; ``detail`` says what was found and names nothing secret."""

    name: str
    ok: bool
    detail: str


def checks() -> list[Check]:
    """Every question; where the database is away, those that need it are answered no without waiting again."""
    database = _database()
    needing: tuple[Callable[[], Check], ...] = (_migrations, _worker) if settings.WORKER_EXPECTED else (_migrations,)
    return [database, *(_asked(one) if database.ok else Check(one.__name__.strip("_"), False, "unknown") for one in needing), _disk()]


def not_ready() -> Problem | None:
    """What to do where the home has no database yet, or one of an earlier version; None if that is not what is wrong."""
    home = Path(settings.STEELYARD_HOME)
    if not home.exists():
        return Problem("not-ready", "there is no such home", str(home), "no folder", "run `steelyard init`, or set STEELYARD_HOME")
    if not _database().ok or (left := _unapplied()) == 0:
        return None
    message = "this home has no database yet, or one of an earlier version"
    return Problem("not-ready", message, str(home), f"{left} migrations to apply", "run `steelyard init`")


def _asked(question: Callable[[], Check]) -> Check:
    try:
        return question()
    except DatabaseError:
        return Check(question.__name__.strip("_"), False, "unknown")


def _database() -> Check:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError as error:
        return Check("database", False, f"{connection.vendor}: {type(error).__name__}")
    return Check("database", True, connection.vendor)


def _migrations() -> Check:
    if not _migrated:
        left = _unapplied()
        if left:
            return Check("migrations", False, f"{left} to apply: run `steelyard init`")
        _migrated.append(True)
    return Check("migrations", True, "all applied")


def _unapplied() -> int:
    executor = MigrationExecutor(connection)
    return len(executor.migration_plan(executor.loader.graph.leaf_nodes()))


def _worker() -> Check:
    beat = heard_of()
    if beat is None:
        return Check("worker", False, "none runs: start `steelyard worker`")
    silent = int((timezone.now() - beat).total_seconds())
    return Check("worker", silent <= SILENCE, f"heard of {silent} seconds ago")


def _disk() -> Check:
    """The nearest folder that exists: an installation that is just being made has no home yet."""
    home = Path(settings.STEELYARD_HOME)
    folder = next(place for place in (home, *home.parents) if place.exists())
    free = shutil.disk_usage(folder).free // 2**20
    return Check("disk", free >= settings.DISK_MEGABYTES, f"{free:,} MB free, {settings.DISK_MEGABYTES:,} needed")
