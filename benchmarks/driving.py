"""Twenty people at once on a real server: each asks the next page when the last one came, thinking a moment in between."""

from __future__ import annotations

import http.client
import random
import re
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field

USERS, PARTNERS = 20, 5_000
THINKING = 0.5  # seconds between two pages of one person, on average: forty pages a second in all
DURATION = re.compile(r"dur=([0-9.]+)")


@dataclass
class Told:
    """What came back for one address: server times and waiting times in milliseconds, bytes, refusals."""

    server: list[float] = field(default_factory=list)
    waited: list[float] = field(default_factory=list)
    size: int = 0
    failed: int = 0


def percentile(values: Sequence[float], share: float) -> float:
    """The value that this share of all values does not exceed."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))] if ordered else float("nan")


@contextmanager
def server(*command: str, port: int, path: str = "/") -> Iterator[subprocess.Popen[bytes]]:
    """A server in its own process, from its first answer on; stopped at the end."""
    silent = subprocess.DEVNULL
    process = subprocess.Popen([sys.executable, "-m", *command], stdout=silent, stderr=silent)
    try:
        for _ in range(300):
            try:
                if ask(port, path, "").status < 500:
                    break
            except OSError:
                time.sleep(0.1)
            if process.poll() is not None:
                raise RuntimeError(f"{' '.join(command)} ended with {process.returncode}")
        yield process
    finally:
        process.terminate()
        process.wait(30)


def ask(port: int, path: str, cookie: str) -> http.client.HTTPResponse:
    """One request on a connection of its own."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    connection.request("GET", path, headers={"Cookie": cookie, "Accept-Encoding": "gzip"})
    answer = connection.getresponse()
    answer.read()
    return answer


def drive(port: int, addresses: Sequence[str], cookie: str, seconds: float, users: int = USERS) -> dict[str, Told]:
    """All users for so long, each through the addresses in an order of their own; `{partner}` is another one every time."""
    told = {address: Told() for address in addresses}
    lock, until = threading.Lock(), time.monotonic() + seconds
    threads = [threading.Thread(target=_person, args=(port, list(addresses), cookie, until, told, lock, number)) for number in range(users)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return told


def _person(port: int, addresses: list[str], cookie: str, until: float, told: dict[str, Told], lock: threading.Lock, number: int) -> None:
    draw = random.Random(number)
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    while time.monotonic() < until:
        draw.shuffle(addresses)
        for address in addresses:
            time.sleep(draw.uniform(0, 2 * THINKING))
            path = address.replace("{partner}", f"P{draw.randrange(PARTNERS):05d}")
            started = time.perf_counter()
            connection.request("GET", path, headers={"Cookie": cookie, "Accept-Encoding": "gzip"})
            answer = connection.getresponse()
            body = answer.read()
            waited = (time.perf_counter() - started) * 1000
            found = DURATION.search(answer.headers.get("Server-Timing", ""))
            with lock:
                one = told[address]
                one.waited.append(waited)
                one.server.append(float(found.group(1)) if found else waited)
                one.size = len(body)
                one.failed += answer.status != 200
