"""One process tree: the web server with its workers and the background worker, started, watched and ended together.

The parent imports everything and forks: a second web worker costs a tenth of the memory and no second import, and a child that died
is back at once. The parent does no work of its own: no thread, no database connection, so that forking is safe. SIGTERM is passed on
and waited for, so that what runs can finish; if the parent itself is killed, the kernel ends the children (on Linux).
"""

from __future__ import annotations

import ctypes
import logging.config
import multiprocessing
import os
import shutil
import signal
import socket
import sys
import tempfile
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing.process import BaseProcess
from pathlib import Path

import structlog
from django.conf import settings
from django.db import connections

from steelyard.calc.errors import Problem, Refused

log = structlog.get_logger("steelyard.serve")
LOOK = 0.2  # seconds between two looks at the children
FIRST_PAUSE, LONGEST_PAUSE = 0.5, 30.0  # before a dead child is started again
GOOD_LIFE = 60.0  # a child that lived so long starts again at once
PATIENCE = 60.0  # for the first answer
PARENT_DIED = 1  # PR_SET_PDEATHSIG
THREADS = 4  # requests at a time in one web process: one that computes does not hold up the others
FORK = multiprocessing.get_context("fork")


@dataclass
class Child:
    """One process, and how it fares."""

    name: str
    life: Callable[[], None]
    process: BaseProcess | None = None
    started: float = 0.0
    deaths: int = 0
    start_at: float = 0.0


class Tree:
    """The processes of one installation on this machine."""

    def __init__(self, children: Sequence[Child], output: Path | None = None) -> None:
        self.children = children
        self.stopping = threading.Event()
        self._output = output

    def stop(self, *_: object) -> None:
        """End everything, in peace."""
        self.stopping.set()

    def run(self, ready: Callable[[], None] = lambda: None) -> bool:
        """Until stopped; True if all children ended by themselves then. ``ready`` is called once, when they were started."""
        for child in self.children:
            self._start(child)
        ready()
        while not self.stopping.wait(LOOK):
            for child in self.children:
                self._look_after(child)
        return self._end()

    def _start(self, child: Child) -> None:
        sys.stdout.flush()
        sys.stderr.flush()
        child.process = FORK.Process(target=_live, args=(child.life, self._output, os.getpid()), name=child.name)
        child.process.start()
        child.started, child.start_at = time.monotonic(), 0.0

    def _look_after(self, child: Child) -> None:
        now = time.monotonic()
        if child.process is not None:
            if child.process.is_alive():
                return
            child.deaths = 0 if now - child.started > GOOD_LIFE else child.deaths + 1
            pause = min(LONGEST_PAUSE, FIRST_PAUSE * 2**child.deaths) if child.deaths else 0.0
            log.error("a process ended and is started again", process=child.name, code=child.process.exitcode, after=pause)
            child.process, child.start_at = None, now + pause
        if now >= child.start_at:
            self._start(child)

    def _end(self) -> bool:
        alive = [child.process for child in self.children if child.process is not None and child.process.is_alive()]
        for process in alive:
            process.terminate()
        until = time.monotonic() + settings.DRAIN_SECONDS + 5
        peaceful = True
        for process in alive:
            process.join(max(0.1, until - time.monotonic()))
            if process.is_alive() and process.pid is not None:
                peaceful = False
                with suppress(ProcessLookupError):
                    os.killpg(process.pid, signal.SIGKILL)
                process.join()
        return peaceful


def _live(life: Callable[[], None], output: Path | None, parent: int) -> None:
    """In the child: be a process of its own, whose end comes from the parent alone."""
    os.setsid()  # Ctrl+C reaches the parent, which ends the others in order
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, signal.SIG_DFL)
    _end_with_the_parent()
    os.register_at_fork(after_in_child=_end_with_the_parent)  # the web server's own workers
    if os.getppid() != parent:
        return  # it died before the kernel was asked
    if output is not None:
        with output.open("ab") as stream:
            os.dup2(stream.fileno(), 1)
            os.dup2(stream.fileno(), 2)
    life()


def _end_with_the_parent() -> None:
    """Ask the kernel for SIGTERM when the parent dies, however it dies."""
    with suppress(OSError, AttributeError):
        ctypes.CDLL(None).prctl(PARENT_DIED, signal.SIGTERM)


def serve(*, host: str, port: int, workers: int, background: bool, output: Path | None = None, ready: Callable[[], None]) -> bool:
    """Serve until SIGTERM or Ctrl+C; ``ready`` is called when the first page can be asked for."""
    refuse_a_taken_port(host, port)
    settings.WORKER_EXPECTED = settings.WORKER_EXPECTED and background
    folder = tempfile.mkdtemp(prefix="steelyard-metrics-")
    os.environ["PROMETHEUS_MULTIPROC_DIR"] = folder  # before the metrics are imported
    _load_everything()
    connections.close_all()
    children = [Child("web", lambda: answer(host, port, workers)), *([Child("worker", work)] if background else [])]
    tree = Tree(children, output)
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, tree.stop)
    try:
        return tree.run(lambda: ready() if _answers(host, port, tree) else None)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _load_everything() -> None:
    """Import what every child needs, and have logs written as they are in a server."""
    from django.urls import get_resolver
    from granian import Granian  # noqa: F401

    from . import logs, wsgi  # noqa: F401

    form, level = os.environ.get("STEELYARD_LOG", "json"), os.environ.get("STEELYARD_LOG_LEVEL", "INFO")
    logging.config.dictConfig(logs.configured(form, level.upper()))
    assert get_resolver().url_patterns


def answer(host: str, port: int, workers: int) -> None:
    """Be the web server, until SIGTERM."""
    from granian import Granian
    from granian.constants import Interfaces
    from granian.log import LogLevels

    Granian(
        "steelyard.config.wsgi:application",
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        workers=workers,
        blocking_threads=THREADS,
        websockets=False,
        log_level=LogLevels.warning,
        respawn_failed_workers=True,
        respawn_interval=0.5,
        workers_kill_timeout=settings.DRAIN_SECONDS,
    ).serve()


def work(threads: int | None = None, queues: Sequence[str] = ()) -> None:
    """Be a background worker, until SIGTERM; the exit code says whether what ran could finish."""
    from steelyard.jobs.worker import Worker

    one = Worker(threads=threads, queues=queues)
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: one.stop())
    if not one.run():
        sys.exit(1)


def refuse_a_taken_port(host: str, port: int) -> None:
    """Say clearly that something listens there already, before anything is started."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as trial:
        trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            trial.bind((host, port))
        except OSError as error:
            hint = f"stop what listens there, or choose another port: --port {port + 1}"
            raise Refused(Problem("port-not-free", f"cannot listen: {error.strerror}", "--port", f"{host}:{port}", hint)) from error


def address_of(host: str, port: int) -> str:
    """What a person types into a browser on this machine."""
    shown = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(host, f"[{host}]" if ":" in host else host)
    return f"http://{shown}:{port}"


def _answers(host: str, port: int, tree: Tree) -> bool:
    """Wait for the first answer, or for being stopped before it."""
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until and not tree.stopping.is_set():
        with suppress(OSError):
            try:
                with urllib.request.urlopen(f"{address_of(host, port)}/health/live", timeout=5):
                    return True
            except urllib.error.HTTPError:  # it answers: that is all that is asked
                return True
        time.sleep(0.02)
    return False
