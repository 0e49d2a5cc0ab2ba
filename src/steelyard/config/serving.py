"""One process tree: the web server with its workers and the background worker, started, watched and ended together.

Each child is a fresh interpreter (`process.py`): a fork of a process that has loaded Polars can wait for ever for a lock that no thread
of its own holds. SIGTERM is passed on and waited for, so that what runs can finish; if the parent itself is killed, the kernel ends the
children (on Linux).
"""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Sequence
from contextlib import nullcontext, suppress
from dataclasses import dataclass
from pathlib import Path

import structlog
from django.conf import settings

from steelyard.calc.errors import Problem, Refused

from . import logs

log = structlog.get_logger("steelyard.serve")
LOOK = 0.2  # seconds between two looks at the children
FIRST_PAUSE, LONGEST_PAUSE = 0.5, 30.0  # before a dead child is started again
GOOD_LIFE = 60.0  # a child that lived so long starts again at once
PATIENCE = 60.0  # for the first answer
PROCESS = (sys.executable, "-P", "-m", "steelyard.config.process")  # -P: whatever lies in the current folder is not imported


@dataclass
class Child:
    """One process, and how it fares."""

    name: str
    command: list[str]
    process: subprocess.Popen[bytes] | None = None
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
        with self._output.open("ab") if self._output is not None else nullcontext() as stream:
            # A session of its own: Ctrl+C reaches the parent alone, which ends the others in order.
            child.process = subprocess.Popen(child.command, stdout=stream, stderr=stream, start_new_session=True)
        child.started, child.start_at = time.monotonic(), 0.0

    def _look_after(self, child: Child) -> None:
        now = time.monotonic()
        if child.process is not None:
            code = child.process.poll()
            if code is None:
                return
            child.deaths = 0 if now - child.started > GOOD_LIFE else child.deaths + 1
            pause = min(LONGEST_PAUSE, FIRST_PAUSE * 2**child.deaths) if child.deaths else 0.0
            log.error("a process ended and is started again", process=child.name, code=code, after=pause)
            child.process, child.start_at = None, now + pause
        if now >= child.start_at:
            self._start(child)

    def _end(self) -> bool:
        alive = [child.process for child in self.children if child.process is not None and child.process.poll() is None]
        for process in alive:
            process.terminate()
        until = time.monotonic() + settings.DRAIN_SECONDS + 5
        peaceful = True
        for process in alive:
            try:
                process.wait(max(0.1, until - time.monotonic()))
            except subprocess.TimeoutExpired:
                peaceful = False
                with suppress(ProcessLookupError):
                    os.killpg(process.pid, signal.SIGKILL)
                process.wait()
        return peaceful


def serve(*, host: str, port: int, workers: int, background: bool, output: Path | None = None, ready: Callable[[], None]) -> bool:
    """Serve until SIGTERM or Ctrl+C; ``ready`` is called when the first page can be asked for."""
    refuse_a_taken_port(host, port)
    logs.as_a_server()
    if not background:
        os.environ["STEELYARD_WORKER"] = "no"  # readiness of the children does not ask for one
    folder = tempfile.mkdtemp(prefix="steelyard-metrics-")
    os.environ["PROMETHEUS_MULTIPROC_DIR"] = folder
    children = [Child("web", [*PROCESS, "web", host, str(port), str(workers)])]
    if background:
        children.append(Child("worker", [*PROCESS, "worker"]))
    tree = Tree(children, output)
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, tree.stop)
    try:
        return tree.run(lambda: ready() if _answers(host, port, tree) else None)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


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
