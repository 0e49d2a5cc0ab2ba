"""The worker process: some threads that do jobs, one for what is wanted at once, one that says they are alive, one clockwork.

SIGTERM lets what runs finish.
"""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Callable, Sequence

import structlog
from django.conf import settings
from django.db import close_old_connections, connection, connections
from django.db.utils import Error as DatabaseError
from django.utils import timezone
from django.utils.module_loading import import_string

from . import actions, leases, work
from .running import Running

log = structlog.get_logger("steelyard.worker")
LOOK_FOR_PROGRESS = 1.0  # seconds
LONGEST_BACKOFF = 20.0
STUMBLE = 1.0  # seconds of rest after a fault of what is done at once: it may be one part that fails, while others go on


class Worker:
    """Runs until `stop`; then takes nothing new and waits for what runs, as long as the settings say."""

    def __init__(self, *, threads: int | None = None, queues: Sequence[str] = ()) -> None:
        self.name = work.own_name()
        self.queues = list(queues)
        self.stopping = threading.Event()
        self.ended = threading.Event()
        self.started_at = timezone.now()
        self._stumbled_over = ""
        self._running: dict[int, Running] = {}
        self._lock = threading.Lock()
        self._threads = [
            threading.Thread(target=self._work, name=f"job-{n}", daemon=True) for n in range(threads or settings.WORKER_THREADS)
        ]
        self._threads.append(threading.Thread(target=self._do_at_once, name="at-once", daemon=True))
        self._heart = threading.Thread(target=self._beat, name="heartbeat", daemon=True)

    def stop(self) -> None:
        """Take nothing new."""
        self.stopping.set()

    def run(self) -> bool:
        """Work until stopped; True if everything that ran could finish in time."""
        log.info("worker begins", worker=self.name, threads=len(self._threads) - 1)
        self._heart.start()
        for thread in self._threads:
            thread.start()
        self._patiently(self._tick, settings.JOB_POLL_SECONDS)
        until = time.monotonic() + settings.DRAIN_SECONDS
        for thread in self._threads:
            thread.join(max(0.0, until - time.monotonic()))
        drained = not any(thread.is_alive() for thread in self._threads)
        self.ended.set()
        self._heart.join(settings.JOB_POLL_SECONDS + LOOK_FOR_PROGRESS)
        try:
            leases.leave(self.name)  # what could not finish is anybody's from now on
        except DatabaseError:
            log.warning("the database is away at the end")
        log.info("worker ends", drained=drained)
        return drained

    def _patiently(self, step: Callable[[], bool], rest: float) -> None:
        """Step until stopping: again at once after True, after a rest otherwise; longer and longer rests while the database is away."""
        away = 0
        while not self.stopping.is_set():
            try:
                again, away = step(), 0
            except DatabaseError as error:
                again, away = False, away + 1
                log.warning("the database is away", error=str(error), times=away)
                connections.close_all()
            if not again:
                backoff = min(LONGEST_BACKOFF, rest * 2**away) if away else rest
                self.stopping.wait(random.uniform(backoff / 2, backoff))
        connections.close_all()

    def _tick(self) -> bool:
        close_old_connections()
        actions.tick()
        shorten_the_log()
        return False

    def _work(self) -> None:
        self._patiently(self._one_job, settings.JOB_POLL_SECONDS)

    def _do_at_once(self) -> None:
        self._patiently(self._anything_at_once, settings.JOB_AT_ONCE_SECONDS)

    def _anything_at_once(self) -> bool:
        """What is wanted within a second needs no job of its own: whoever looks finds it, and does it, exactly once by itself."""
        close_old_connections()
        for when, task in settings.JOB_AT_ONCE:
            try:
                if import_string(when)():
                    work.task_of(task).call()
            except DatabaseError:
                raise
            except Exception as error:  # the schedule does it as a job, whose failure people see
                if str(error) != self._stumbled_over:  # said once, not each second
                    log.error("what is done at once failed", task=task, exc_info=True)
                self._stumbled_over = str(error)
                self.stopping.wait(STUMBLE)
        return False

    def _one_job(self) -> bool:
        close_old_connections()
        job = leases.claim(self.name, self.queues)
        if job is None:
            return False
        running = work.running_of(job, self.name, watched=True)
        with self._lock:
            self._running[job.pk] = running
        try:
            work.attempt(job, self.name, running)
        finally:
            with self._lock:
                self._running.pop(job.pk, None)
        return True

    def _beat(self) -> None:
        """Renew leases and the worker's own sign of life; write progress as soon as there is some."""
        last = 0.0
        while not self.ended.wait(LOOK_FOR_PROGRESS if last else 0):
            with self._lock:
                running = list(self._running.values())
            everything = time.monotonic() - last >= (settings.JOB_BEAT_SECONDS if running else settings.WORKER_BEAT_SECONDS)
            try:
                if everything:
                    leases.beat(self.name, self.started_at)
                for one in running:
                    if everything or (one.done, one.total) != one.written:
                        leases.renew(one)
                last = time.monotonic() if everything else last
            except DatabaseError as error:
                log.warning("the heartbeat finds no database", error=str(error))
                connections.close_all()
                last = last or 1.0
        connections.close_all()


def shorten_the_log() -> None:
    """SQLite: what was written moves from the log into the database here, where nobody waits for it, and not while somebody writes."""
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA wal_checkpoint(PASSIVE)")
