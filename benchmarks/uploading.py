"""A CSV of a million lines through the pages, beside twenty readers; and a sheet of 200,000 rows beside the bare reader."""

from __future__ import annotations

import http.client
import json
import os
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from datetime import timedelta
from pathlib import Path

import polars as pl
from django.utils import timezone

from . import data
from .driving import PARTNERS, ask, drive, percentile, server
from .measure import Line, in_own_process
from .pages import free_port, session, stolen

ADDRESSES = ["/partners", "/orders", "/intake", "/partners/{partner}"]
QUIET = 20  # seconds in which the readers are alone
MOST = 600  # seconds until the file must be in


def run(quick: bool) -> Iterator[Line]:
    """The sheet, then the file through the pages."""
    with tempfile.TemporaryDirectory() as folder:
        yield from sheet(Path(folder), 20_000 if quick else 200_000)
        yield from pages(Path(folder), 100_000 if quick else 1_000_000)


def sheet(folder: Path, rows: int) -> Iterator[Line]:
    """Read and checked, as `preview` begins, beside calamine's own reading of all cells."""
    path = folder / "orders.xlsx"
    lines = data.order_lines(rows, PARTNERS, seed=3).drop("source_row")
    money = (pl.col(name).cast(pl.Float64) / 10_000 for name in ("amount", "cost"))  # as a spreadsheet holds them
    lines.with_columns(pl.col("quantity") // 1_000_000, *money).write_excel(path)
    bare, _peak = in_own_process("benchmarks.uploading:bare", str(path), rows)
    taken, peak = in_own_process("benchmarks.uploading:read_and_check", str(path), rows)
    detail = f"{rows:,} rows in {taken:.2f} s, bare {bare:.2f} s, {peak:.2f} GB"
    yield Line("read and check a sheet", taken / bare, 3, 2, "x the bare calamine read", detail)


def warm() -> None:
    """What any process does once: import the code."""
    import steelyard.intake.actions  # noqa: F401 - the import is the work


def bare(path: str, rows: int) -> None:
    """Every cell of the sheet as calamine gives it."""
    from python_calamine import CalamineWorkbook

    with CalamineWorkbook.from_path(path) as workbook:
        found = sum(1 for _row in workbook.get_sheet_by_index(0).iter_rows())
    if found != rows + 1:
        raise RuntimeError(f"{found} of {rows} rows were read")


def read_and_check(path: str, rows: int) -> None:
    """Our reading and checking of the same sheet."""
    from steelyard.intake.checking import check
    from steelyard.intake.mappings import KINDS, Mapping
    from steelyard.intake.reading import read

    mapping = Mapping(kind="orders", source="erp")
    found = check(read(Path(path).read_bytes(), "orders.xlsx", mapping.dialect), mapping, KINDS["orders"])
    if found.lines.height != rows:
        raise RuntimeError(f"{found.lines.height} of {rows} rows are good")


def pages(folder: Path, count: int) -> Iterator[Line]:
    """Upload, check and import by the worker, while others read: time, memory of the web processes, p95 before and meanwhile."""
    user = data.masters(PARTNERS)
    path = folder / "orders.csv"
    data.write_csv(data.order_lines(count, PARTNERS, seed=5), path)
    _operator(user)
    cookie = f"sessionid={session()}"
    port = free_port()
    with server("steelyard", "serve", "--port", str(port), port=port, path="/health/live"):
        for _ in range(8):
            for address in ADDRESSES:
                ask(port, address.format(partner="P00007"), cookie)
        alone = _p95(port, cookie, QUIET)
        before, started = stolen(), time.monotonic()
        told: dict[str, float] = {}
        reading = threading.Thread(target=lambda: told.update(p95=_p95(port, cookie, 0, until=lambda: "done" in told)))
        reading.start()
        try:
            peak = _bring_in(port, path, count)
        finally:
            told["done"] = 1
        taken = time.monotonic() - started
        reading.join()
        stolen_share = (stolen() - before) / taken / (os.cpu_count() or 1)
    said = f"{count:,} lines, {path.stat().st_size / 1e6:.0f} MB, {stolen_share:.0%} of the processors taken by other machines"
    yield Line("upload to committed, beside twenty readers", taken, MOST, MOST / 4, "s", said)
    yield Line("peak memory of a web process meanwhile", peak, 300, 250, "MB", said)
    yield Line(
        "p95 of pages meanwhile", told["p95"] / alone, 1.5, 1.2, "x before", f"{alone:.0f} ms before, {told['p95']:.0f} ms meanwhile"
    )


def _operator(user) -> None:  # type: ignore[no-untyped-def]
    from steelyard.accounts.actions import add_user
    from steelyard.accounts.queries import users

    if not any(person.username == "ben" for person in users()):
        add_user(username="ben", name="Ben", roles=["operator"], acting_user=user)


def _p95(port: int, cookie: str, length: float, until=None) -> float:  # type: ignore[no-untyped-def]
    """The p95 of server times over all addresses, in ms; for so long, or in turns of five seconds until something is done."""
    times: list[float] = []
    while True:
        for one in drive(port, ADDRESSES, cookie, length or 5).values():
            if one.failed:
                raise RuntimeError(f"{one.failed} answers were not 200")
            times += one.server
        if until is None or until():
            return percentile(times, 0.95)


def _bring_in(port: int, path: Path, count: int) -> float:
    """Send the file over REST as the pages do, wait until its job is done; the peak of the web processes in MB."""
    from steelyard.accounts.actions import make_token
    from steelyard.accounts.queries import user as user_named

    expires = timezone.now() + timedelta(hours=2)
    _token, secret = make_token(name="benchmark", scopes=["intake.read", "intake.write"], expires_at=expires, acting_user=user_named("ben"))
    job = _send(port, secret, path)
    until = time.monotonic() + MOST
    peak = 0.0
    while time.monotonic() < until:
        peak = max(peak, _web_memory(port))
        found = _json(port, f"/api/account/jobs/{job}", secret)
        if found["state"] == "done":
            batch = _json(port, f"/api/intake/batches/{found['result']['batch']}", secret)
            if batch["accepted"] != count:
                raise RuntimeError(f"{batch['accepted']} of {count} lines were accepted")
            if not peak:
                raise RuntimeError("no web process was found whose memory could be read")
            return peak
        if found["state"] not in ("waiting", "running"):
            raise RuntimeError(f"the import is {found['state']}: {found}")
        time.sleep(0.5)
    raise RuntimeError("the file is not in yet")


def _send(port: int, token: str, path: Path) -> int:
    """The multipart body in pieces, as a browser sends it."""
    boundary = "steelyardbenchmark"
    fields = "".join(
        f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'
        for name, value in (("kind", "orders"), ("source", f"upload-{os.getpid()}"))
    )
    head = (
        fields + f'--{boundary}\r\nContent-Disposition: form-data; name="file"; filename="orders.csv"\r\nContent-Type: text/csv\r\n\r\n'
    ).encode()
    tail = f"\r\n--{boundary}--\r\n".encode()
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=300)
    connection.putrequest("POST", "/api/intake/files")
    connection.putheader("Content-Type", f"multipart/form-data; boundary={boundary}")
    connection.putheader("Content-Length", str(len(head) + path.stat().st_size + len(tail)))
    connection.putheader("Authorization", f"Bearer {token}")
    connection.endheaders()
    with path.open("rb") as stream, suppress(BrokenPipeError):  # whoever refuses early says why
        connection.send(head)
        while piece := stream.read(1 << 20):
            connection.send(piece)
        connection.send(tail)
    answer = connection.getresponse()
    told = json.loads(answer.read())
    if answer.status != 202:
        raise RuntimeError(f"{answer.status}: {told}")
    return int(told["job"])


def _json(port: int, address: str, token: str):  # type: ignore[no-untyped-def]
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    connection.request("GET", address, headers={"Authorization": f"Bearer {token}"})
    answer = connection.getresponse()
    told = json.loads(answer.read())
    if answer.status != 200:
        raise RuntimeError(f"{address}: {answer.status}: {told}")
    return told


def _web_memory(port: int) -> float:
    """The most that a web process of this server ever held, in MB."""
    peak = 0.0
    for process in Path("/proc").glob("[0-9]*"):
        try:
            words = (process / "cmdline").read_bytes().split(b"\0")
            if b"steelyard.config.process" in words and b"web" in words and str(port).encode() in words:
                status = (process / "status").read_text()
                peak = max(peak, *(int(line.split()[1]) / 1024 for line in status.splitlines() if line.startswith("VmHWM")))
        except (FileNotFoundError, ProcessLookupError):
            continue
    return peak
