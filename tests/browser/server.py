"""`steelyard serve` as people run it: web server and worker in one process tree, on an installation made for it."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any

from tests.faults import installation

PATIENCE = 240  # seconds: five lanes of tests may begin at the same moment


@dataclass
class Server:
    """One that answers."""

    address: str
    home: Path
    things: dict[str, Any]  # what prepare.py said
    process: subprocess.Popen[bytes]

    def stop(self) -> None:
        """End it as Ctrl+C does."""
        self.process.send_signal(signal.SIGTERM)
        assert self.process.wait(PATIENCE) == 0, self.told()

    def told(self) -> str:
        """The end of what it logged."""
        return (self.home / "serve.log").read_text()[-4000:]

    def letter(self, to: str) -> EmailMessage:
        """The newest e-mail to somebody; the worker brings it."""
        ends = time.monotonic() + PATIENCE
        while time.monotonic() < ends:
            kept = sorted((self.home / "mail").glob("*"), key=lambda path: path.stat().st_mtime, reverse=True)
            for path in kept:
                letters = [message_from_bytes(part, policy=policy.default) for part in path.read_bytes().split(b"\n" + b"-" * 79 + b"\n")]
                for one in reversed(letters):
                    if to in str(one["To"]):
                        return one
            time.sleep(0.2)
        raise AssertionError(f"no letter to {to}: {self.told()}")


def start(made: installation.Installation) -> Server:
    """Make the company, then serve it; comes back when it is ready."""
    environment = {**os.environ, "STEELYARD_HOME": str(made.home), "POLARS_MAX_THREADS": "2"}
    environment["PYTHONPATH"] = os.pathsep.join([str(installation.ROOT), str(installation.ROOT / "src"), os.environ.get("PYTHONPATH", "")])
    if installation.on_postgres():
        url = os.environ["STEELYARD_DATABASE_URL"]
        environment["STEELYARD_DATABASE_URL"] = url.replace("@/steelyard?", f"@/{made.database}?")
    options = {"env": environment, "cwd": installation.ROOT}
    command = [sys.executable, "-W", "ignore", "-m", "tests.browser.prepare"]
    prepared = subprocess.run(command, **options, capture_output=True, text=True, check=False)
    assert prepared.returncode == 0, prepared.stderr
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "steelyard", "serve", "--port", str(port)]
    with (made.home / "serve.log").open("wb") as log:
        process = subprocess.Popen(command, **options, stdout=log, stderr=log)
    server = Server(f"http://127.0.0.1:{port}", made.home, json.loads(prepared.stdout.splitlines()[-1]), process)
    ends = time.monotonic() + PATIENCE
    while not _ready(server):
        assert time.monotonic() < ends and process.poll() is None, server.told()
        time.sleep(0.1)
    return server


def _ready(server: Server) -> bool:
    try:
        with urllib.request.urlopen(f"{server.address}/health/ready", timeout=5):
            return True
    except (urllib.error.URLError, OSError):
        return False
