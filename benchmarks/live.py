"""Fifty single orders a second over REST, on SQLite and PostgreSQL: how soon each is acknowledged, and how soon it counts.

A real server with its worker, a real client with a token on kept connections that sends on time, whatever the answers do. Then again
while the worker and the web server are killed with -9: nothing may be lost or counted twice.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median

from .driving import PARTNERS, server
from .measure import Line
from .pages import free_port, stolen

SECONDS, A_SECOND = 60, 50
LINES = 1_000_000
CHILD = "import django; django.setup(); from benchmarks.live import child; child"


def run(quick: bool) -> Iterator[Line]:
    """Each database in an installation of its own, in a process of its own."""
    for name, place in (("SQLite", _sqlite), ("PostgreSQL", _postgres)):
        with place() as environment:
            command = [sys.executable, "-c", f"{CHILD}({quick})"]
            done = subprocess.run(command, env={**os.environ, **environment}, stdout=subprocess.PIPE, text=True, check=True)
        told = json.loads(done.stdout.splitlines()[-1])
        said = f"{told['lines']:,} lines, bare durable commit {told['bare']:.1f} ms, {told['machine']}"
        calm, killed = told["calm"], told["killed"]
        yield Line(f"{name}: p95 until an order is acknowledged, {A_SECOND} a second", calm["acknowledged"], 50, 25, "ms",
                   f"median {calm['median']:.0f}, longest {calm['longest']:.0f}; {calm['sent']:,} orders, {said}")  # fmt: skip
        longest = f"median {calm['live_median']:.2f}, longest {calm['live_longest']:.2f}"
        yield Line(f"{name}: p95 until it counts", calm["live"], 2, 1, "s", longest)
        wrong = calm["wrong"] + killed["wrong"]
        with_kills = f"p95 {killed['acknowledged']:.0f} ms, longest {killed['longest']:,.0f}, counted after {killed['live_longest']:.1f} s"
        yield Line(f"{name}: orders lost or doubled, worker and web server killed (-9)", wrong, 0, 0, "orders",
                   f"{calm['sent'] + killed['sent']:,} sent, {killed['retried']:,} sent again; with the kills {with_kills}")  # fmt: skip


@contextmanager
def _sqlite() -> Iterator[dict[str, str]]:
    with tempfile.TemporaryDirectory(prefix="steelyard-live-") as folder:
        yield {"STEELYARD_HOME": f"{folder}/home", "STEELYARD_DATABASE_URL": ""}


@contextmanager
def _postgres() -> Iterator[dict[str, str]]:
    from tests.postgres import cluster

    with cluster(durable=True) as url, tempfile.TemporaryDirectory(prefix="steelyard-live-") as folder:
        yield {"STEELYARD_HOME": f"{folder}/home", "STEELYARD_DATABASE_URL": url}


def child(quick: bool) -> None:
    """In the installation of the environment: prepare, drive, print what was found as JSON."""
    from steelyard.config.installation import initialise

    from . import data
    from .ordering import Run, secret_of
    from .scoring import lines_of

    initialise()
    user = data.masters(PARTNERS)
    rows = lines_of(LINES // 10 if quick else LINES, user)
    secret = secret_of(user)
    seconds = SECONDS // 4 if quick else SECONDS
    bare = bare_commit()
    port = free_port()
    with server("steelyard", "serve", "--port", str(port), port=port, path="/health/ready") as process:
        Run(port, secret, "warm", 5, A_SECOND).drive()
        before, busy, own, started = stolen(), busy_seconds(), tree_seconds(process.pid), time.monotonic()
        calm = Run(port, secret, "calm", seconds, A_SECOND).drive()
        taken = (time.monotonic() - started) * (os.cpu_count() or 1)
        ours = tree_seconds(process.pid) - own
        shares = (stolen() - before, busy_seconds() - busy - ours, ours)
        machine = "processors: {:.0%} taken by other machines, {:.0%} by all others here, {:.0%} by the server".format(
            *(share / taken for share in shares)
        )
        killed = Run(port, secret, "killed", seconds // 2, A_SECOND, kill=process.pid).drive()
    print(json.dumps({"lines": rows, "bare": bare, "machine": machine, "calm": calm, "killed": killed}))


def bare_commit() -> float:
    """Milliseconds of one durable commit of one row, the median of many: what the disk and the database take."""
    from django.db import connection, transaction

    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE bare_live (number INTEGER PRIMARY KEY, text TEXT)")
    taken = []
    for number in range(300):
        started = time.perf_counter()
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("INSERT INTO bare_live (number, text) VALUES (%s, %s)", [number, "one row of about the same size" * 8])
        taken.append((time.perf_counter() - started) * 1000)
    return median(taken)


def busy_seconds() -> float:
    """Seconds that the processors of this machine worked for anybody on it, since its start."""
    user, nice, system, _idle, _wait, irq, soft = (int(word) for word in Path("/proc/stat").read_text().split()[1:8])
    return (user + nice + system + irq + soft) / os.sysconf("SC_CLK_TCK")


def tree_seconds(process: int) -> float:
    """Seconds that a process and everything below it worked."""
    try:
        words = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
        below = Path(f"/proc/{process}/task/{process}/children").read_text().split()
    except OSError:
        return 0.0
    return sum(int(word) for word in words[11:13]) / os.sysconf("SC_CLK_TCK") + sum(tree_seconds(int(one)) for one in below)
