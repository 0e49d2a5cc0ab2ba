"""The process tree: what dies comes back, a killed worker's job is done by the next one, SIGTERM loses no request."""

from __future__ import annotations

import itertools
import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from pathlib import Path

import pytest

from . import installation

PATIENCE = 60
LEASE = 2  # seconds


class Server:
    """`steelyard serve` on a port of its own."""

    def __init__(self, home: Path, database: str) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        environment = {**os.environ, "STEELYARD_HOME": str(home), "STEELYARD_JOB_LEASE_SECONDS": str(LEASE)}
        environment["PYTHONPATH"] = os.pathsep.join([str(installation.ROOT), str(installation.ROOT / "src")])
        if installation.on_postgres():
            url = os.environ["STEELYARD_DATABASE_URL"]
            environment["STEELYARD_DATABASE_URL"] = url.replace("@/steelyard?", f"@/{database}?")
        self.log = (home / "log").open("w+b")
        command = [sys.executable, "-m", "steelyard", "serve", "--port", str(self.port)]
        self.process = subprocess.Popen(command, env=environment, stdout=self.log, stderr=self.log)

    def ask(self, address: str = "/health/live", number: str = "") -> int | str:
        """The status that comes back, or why none does; ``number`` is what the server's log calls the request."""
        asked = urllib.request.Request(f"http://127.0.0.1:{self.port}{address}", headers={"X-Request-ID": number})
        try:
            with urllib.request.urlopen(asked, timeout=30) as answer:
                return answer.status
        except urllib.error.HTTPError as refused:
            return refused.code
        except OSError as failure:
            return str(getattr(failure, "reason", failure))

    def until(self, wanted, what: str) -> None:
        """Wait for something to be so."""
        ends = time.monotonic() + PATIENCE
        while not wanted():
            assert time.monotonic() < ends and self.process.poll() is None, f"{what}: {self.told()}"
            time.sleep(0.1)

    def told(self) -> str:
        """What it logged."""
        return Path(self.log.name).read_text()

    def answered(self, route: str) -> set[str]:
        """The numbers of the requests to this page that it answered."""
        lines = (json.loads(line) for line in self.told().splitlines() if line.startswith("{"))
        return {line["request"] for line in lines if line.get("route") == route}

    def children(self) -> list[int]:
        """The web server and the worker, in the order in which they were started."""
        return children(self.process.pid)


def children(process: int) -> list[int]:
    """The processes that this one started."""
    return sorted(int(number) for number in Path(f"/proc/{process}/task/{process}/children").read_text().split())


@pytest.fixture
def server(prepared, tmp_path):
    trial = installation.copy(prepared, tmp_path / "served")
    made = Server(trial.home, trial.database)
    try:
        made.until(lambda: made.ask("/health/ready") == 200, "ready")
        yield made
    finally:
        made.process.kill()
        made.process.wait()
        made.log.close()
        time.sleep(0.5)  # the kernel ends the children
        installation.remove(trial)


def test_what_is_killed_comes_back_and_sigterm_loses_no_request(server):
    for number in range(2):
        child = server.children()[number]
        below = children(child)
        os.kill(child, signal.SIGKILL)
        server.until(lambda below=below: not any(Path(f"/proc/{one}").exists() for one in below), "what it started ends with it")
        server.until(lambda child=child: len(server.children()) == 2 and child not in server.children(), "a new child")
        server.until(lambda: server.ask("/health/ready") == 200, "ready again")
    answers: dict[str, int | str] = {}
    stop = threading.Event()

    def visit(who: int) -> None:
        for one in itertools.count():
            number = f"visitor-{who}-{one}"
            answers[number] = server.ask("/sign-in", number)
            if stop.is_set() or answers[number] != 200:
                break  # the server is gone

    visitors = [threading.Thread(target=visit, args=(who,)) for who in range(4)]
    for visitor in visitors:
        visitor.start()
    try:
        time.sleep(1)
        server.process.send_signal(signal.SIGTERM)
        assert server.process.wait(PATIENCE) == 0, server.told()
    finally:
        stop.set()
        for visitor in visitors:
            visitor.join()
    # Who came too late is refused, reset by the kernel, or closed before the request was read; what was begun got its answer.
    got = {number for number, answer in answers.items() if answer == 200}
    assert got and got == server.answered("sign-in"), answers
    lost = {number: answer for number, answer in answers.items() if number not in got}
    assert all(isinstance(answer, str) and "timed out" not in answer for answer in lost.values()), lost
    assert '"drained": true' in server.told()


def test_a_port_that_is_taken_is_said_before_anything_starts(tmp_path):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        environment = {**os.environ, "STEELYARD_HOME": str(tmp_path / "home"), "STEELYARD_DATABASE_URL": ""}
        command = [sys.executable, "-m", "steelyard", "serve", "--port", str(port)]
        done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 3 and f"--port {port + 1}" in done.stderr
