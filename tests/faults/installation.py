"""Throw-away installations for fault tests, on the database that the run is for: copies of one prepared state."""

from __future__ import annotations

import itertools
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import psycopg

ROOT = Path(__file__).resolve().parents[2]
_numbers = itertools.count(1)


@dataclass(frozen=True)
class Installation:
    """A home and the name of its database."""

    home: Path
    database: str


@dataclass(frozen=True)
class Ended:
    """How a scenario ended, and what it printed."""

    code: int
    output: str


class Nursery:
    """Runs scenarios in processes forked from one that has imported everything."""

    def __init__(self, folder: Path) -> None:
        path = os.pathsep.join([str(ROOT), str(ROOT / "src"), os.environ.get("PYTHONPATH", "")])
        environment = {**os.environ, "PYTHONPATH": path, "POLARS_MAX_THREADS": "1", "STEELYARD_HOME": str(folder)}
        command = [sys.executable, "-W", "ignore", "-m", "tests.faults.nursery"]
        self._process = subprocess.Popen(command, env=environment, cwd=ROOT, stdin=-1, stdout=-1, text=True)
        self._outputs = (folder / f"output-{number}" for number in itertools.count(1))

    def run(
        self, installation: Installation, scenario: str, *arguments: object, failpoint: str = "", strace: tuple[str, ...] = ()
    ) -> Ended:
        """One scenario to its end: by itself, by a failpoint, or by what strace injects."""
        wanted = self._wanted(installation, scenario, arguments) | {"failpoint": failpoint, "stop": bool(strace)}
        (child,) = self._begin([wanted])
        tracer = _traced(child, strace) if strace else None
        (ended,) = self._ended([wanted])
        if tracer:
            tracer.wait()
        return ended

    def run_together(self, installation: Installation, *jobs: tuple) -> list[Ended]:
        """Scenarios at the same time, each in a process of its own."""
        wanted = [self._wanted(installation, scenario, arguments) for scenario, *arguments in jobs]
        self._begin(wanted)
        return self._ended(wanted)

    def _wanted(self, installation: Installation, scenario: str, arguments: Sequence[object]) -> dict[str, Any]:
        told = {"home": str(installation.home), "database": installation.database, "scenario": scenario, "arguments": arguments}
        return told | {"failpoint": "", "stop": False, "output": str(next(self._outputs))}

    def _begin(self, wanted: list[dict[str, Any]]) -> list[int]:
        assert self._process.stdin and self._process.stdout
        self._process.stdin.write(json.dumps(wanted) + "\n")
        self._process.stdin.flush()
        return [int(self._process.stdout.readline()) for _ in wanted]

    def _ended(self, wanted: list[dict[str, Any]]) -> list[Ended]:
        assert self._process.stdout
        codes = [int(self._process.stdout.readline()) for _ in wanted]
        return [Ended(code, Path(one["output"]).read_text()) for code, one in zip(codes, wanted, strict=True)]

    def inspect(self, installation: Installation) -> dict:
        """The state of an installation."""
        done = self.run(installation, "inspect")
        assert done.code == 0, done.output
        return json.loads(done.output)

    def close(self) -> None:
        """Let it end."""
        assert self._process.stdin and self._process.stdout
        self._process.stdin.close()
        self._process.wait()
        self._process.stdout.close()


def _traced(child: int, options: tuple[str, ...]) -> subprocess.Popen[bytes]:
    """Attach strace to a stopped child, then let it go on; going on before it has stopped would leave it stopped for ever."""
    while "State:\tT" not in Path(f"/proc/{child}/status").read_text():
        time.sleep(0.002)
    tracer = subprocess.Popen(["strace", "-f", "-qq", *options, "-p", str(child)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    while "TracerPid:\t0" in Path(f"/proc/{child}/status").read_text():
        assert tracer.poll() is None, "strace could not attach"
        time.sleep(0.002)
    os.kill(child, signal.SIGCONT)
    return tracer


def new(folder: Path) -> Installation:
    """An installation with a new home and a new, empty database."""
    folder.mkdir(parents=True)
    if not on_postgres():
        return Installation(folder, str(folder / "steelyard.sqlite3"))
    name = f"faults_{os.getpid()}_{next(_numbers)}"
    _server(f"CREATE DATABASE {name}")
    return Installation(folder, name)


def copy(original: Installation, folder: Path) -> Installation:
    """The same state somewhere else."""
    shutil.copytree(original.home, folder)
    if not on_postgres():
        return Installation(folder, str(folder / "steelyard.sqlite3"))
    name = f"faults_{os.getpid()}_{next(_numbers)}"
    _server(f"CREATE DATABASE {name} TEMPLATE {original.database}")
    return Installation(folder, name)


def remove(installation: Installation) -> None:
    """Free what it used."""
    shutil.rmtree(installation.home)
    if on_postgres():
        _server(f"DROP DATABASE {installation.database} WITH (FORCE)")


def on_postgres() -> bool:
    """Whether this run is for PostgreSQL."""
    return urlsplit(os.environ.get("STEELYARD_DATABASE_URL", "")).scheme.startswith("postgres")


def _server(statement: str) -> None:
    with psycopg.connect(os.environ["STEELYARD_DATABASE_URL"], autocommit=True) as connection:
        connection.execute(statement)
