"""Pages at 5,000 partners and 10,000,000 lines: what the server spends on each with twenty people at once, and what is sent."""

from __future__ import annotations

import os
import re
import socket
import tempfile
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

from . import data
from .driving import PARTNERS, Told, ask, drive, percentile, server
from .measure import Line
from .scoring import lines_of

FRAMEWORK, BEFORE, LATEST = "twelve", "2023-Q3", "2023-Q4"
SECONDS = 60
BATCHES, LINES = 50, 20  # files that came in before


def run(quick: bool) -> Iterator[Line]:
    """A bare Django page first, then ours under the same load, then the bytes of a first visit."""
    user = data.masters(PARTNERS)
    bring_in(user)
    rows = lines_of(1_000_000 if quick else 10_000_000, user)
    publish(user)
    cookie = f"sessionid={session()}"
    seconds = SECONDS / 4 if quick else SECONDS
    port = free_port()
    with server("granian", "--interface", "wsgi", "--workers", "2", "--port", str(port), "benchmarks.bare:application", port=port):
        bare = percentile(drive(port, ["/"], "", seconds / 4)["/"].waited, 0.95)
    card = f"/scorecards/{FRAMEWORK}/{LATEST}/{{partner}}"
    must = {
        f"/ranking?framework={FRAMEWORK}&period={LATEST}": 150, card: 150, f"/overview?framework={FRAMEWORK}&period={LATEST}": 150,
        "/partners/{partner}": 50, "/partners": 50, "/masters/partners": 50, "/orders": 50, "/intake": 50, "/reviews": 50,
    }  # fmt: skip
    port = free_port()
    with server("steelyard", "serve", "--port", str(port), port=port, path="/health/live"):
        for _ in range(2 * 4):  # each worker's first page of a run reads its files
            for address in must:
                ask(port, address.format(partner="P00007"), cookie)
        before = stolen()
        told = drive(port, list(must), cookie, seconds)
        taken = (stolen() - before) / seconds / (os.cpu_count() or 1)
        for address, most in must.items():
            yield _line(address, told[address], most, bare, f"{rows:,} lines, {taken:.0%} of the processors taken by other machines")
        yield from first_load(port, card.format(partner="P00007"), cookie)


def stolen() -> float:
    """Seconds that processors of this virtual machine waited for others on the same host, since its start; 0 where nothing says so."""
    stat = Path("/proc/stat")
    return int(stat.read_text().split()[8]) / os.sysconf("SC_CLK_TCK") if stat.exists() else 0.0


def _line(address: str, told: Told, must: int, bare: float, said: str) -> Line:
    if told.failed:
        raise RuntimeError(f"{address}: {told.failed} of {len(told.server)} answers were not 200")
    reached, waited = percentile(told.server, 0.95), percentile(told.waited, 0.95)
    detail = f"median {percentile(told.server, 0.5):.0f}, seen by the reader {waited:.0f}, {waited / bare:.1f} x a bare page ({bare:.0f}); "
    return Line(
        f"p95 of {address.partition('?')[0]}",
        reached,
        must,
        must / 3,
        "ms",
        f"{detail}{len(told.server)} answers, {said}",
    )


def first_load(port: int, page_with_charts: str, cookie: str) -> Iterator[Line]:
    """Compressed bytes of a first visit: the page, its styles, scripts and fonts."""
    for name, address, most in (("without charts", "/partners", 120), ("with charts", page_with_charts, 400)):
        size = sum(sizes(port, address, cookie).values()) / 1000
        yield Line(f"first load {name}", size, most, most / 2, "KB", address)


def sizes(port: int, address: str, cookie: str) -> dict[str, int]:
    """Every file that a browser fetches for a page, with its bytes on the wire."""
    found, todo = {}, [address]
    while todo:
        path = todo.pop()
        if path in found:
            continue
        body, text = fetch(port, path, cookie)
        found[path] = body
        if path == address:
            todo += re.findall(r'(?:src|href)="(/static/[^"]+\.(?:css|js|woff2|svg))"', text)
        elif path.endswith(".css"):
            folder = path.rpartition("/")[0]
            latin = [name for name in re.findall(r"url\([\"']?([^)\"']+\.woff2)", text) if "latin-ext" not in name]
            todo += [name if name.startswith("/") else f"{folder}/{name.removeprefix('./')}" for name in latin]
    return found


def fetch(port: int, path: str, cookie: str) -> tuple[int, str]:
    """Bytes on the wire and the text of one file."""
    import gzip
    import http.client

    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    connection.request("GET", path, headers={"Cookie": cookie, "Accept-Encoding": "gzip"})
    answer = connection.getresponse()
    body = answer.read()
    if answer.status != 200:
        raise RuntimeError(f"{path}: {answer.status}")
    plain = gzip.decompress(body) if answer.headers.get("Content-Encoding") == "gzip" else body
    return len(body), "" if path.endswith(".woff2") else plain.decode()


def bring_in(user) -> None:  # type: ignore[no-untyped-def]
    """Some small files, so that the list of batches has a page to show."""
    from steelyard.intake import actions as intake
    from steelyard.intake.queries import batches

    with tempfile.TemporaryDirectory() as folder:
        for number in range(batches().count(), BATCHES):
            path = Path(folder) / f"orders-{number}.csv"
            data.write_csv(data.order_lines(LINES, PARTNERS, seed=200 + number), path)
            intake.commit(path.read_bytes(), name=path.name, kind="orders", source="erp", acting_user=user)


def publish(user) -> None:  # type: ignore[no-untyped-def]
    """Two quarters scored and published."""
    from steelyard.accounts.actions import add_user
    from steelyard.accounts.queries import users
    from steelyard.frameworks import actions as frameworks
    from steelyard.ledger.scope import EVERYTHING
    from steelyard.scorecards import actions as scorecards
    from steelyard.scorecards.choosing import choose

    text, vectors = ((Path(__file__).parent / f"{FRAMEWORK}{end}.yaml").read_text(encoding="utf-8") for end in ("", ".vectors"))
    frameworks.apply(text=text, vectors=vectors, acting_user=user)
    if not any(person.username == "ben" for person in users()):
        add_user(username="ben", name="Ben", roles=["operator"], acting_user=user)
    ben = next(person for person in users() if person.username == "ben")
    for period in (BEFORE, LATEST):
        chosen = choose(FRAMEWORK, period, scope=EVERYTHING)
        if chosen is not None and chosen.period == period and chosen.publication is not None:
            continue  # in a home that was kept
        scorecards.run(framework=FRAMEWORK, period=period, acting_user=user)
        scorecards.publish(framework=FRAMEWORK, period=period, acting_user=ben)


def session() -> str:
    """A session of a signed-in operator, as the sign-in page makes it."""
    from django.conf import settings
    from django.contrib.auth import login
    from django.http import HttpRequest

    from steelyard.accounts.queries import user as user_named

    request = HttpRequest()
    request.META["REMOTE_ADDR"] = "127.0.0.1"
    request.session = import_module(settings.SESSION_ENGINE).SessionStore()
    login(request, user_named("ben"), backend="django.contrib.auth.backends.ModelBackend")
    request.session.save()
    return str(request.session.session_key)


def free_port() -> int:
    """A port nobody listens on."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])
