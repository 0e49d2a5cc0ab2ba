"""A shop that sends orders on time and asks again until each is acknowledged, and somebody who watches when they count."""

from __future__ import annotations

import http.client
import json
import os
import signal
import threading
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from math import inf
from pathlib import Path
from typing import Any

from .driving import PARTNERS, percentile

CLIENTS = 12
PATIENCE = 60  # seconds until an order that nobody acknowledged counts as lost
LOOK = 0.1  # seconds between two looks at what counts


def secret_of(user: Any) -> str:
    """A token of an operator who sends orders."""
    from django.utils import timezone

    from steelyard.accounts.actions import add_user, make_token

    shop = add_user(username="shop", name="Shop", roles=["operator"], acting_user=user)
    expires_at = timezone.now() + timedelta(days=1)
    return make_token(name="orders", scopes=["intake.write"], expires_at=expires_at, acting_user=shop)[1]


@dataclass
class Run:
    """So many orders a second for so long; ``kill``: the server whose worker, then whose web server is killed on the way."""

    port: int
    secret: str
    name: str
    seconds: int
    a_second: int
    kill: int = 0
    waited: list[float] = field(default_factory=list)
    sent_at: dict[str, float] = field(default_factory=dict)
    live_at: dict[str, float] = field(default_factory=dict)
    retried: int = 0
    lost: int = 0
    refused: list[str] = field(default_factory=list)

    def drive(self) -> dict[str, float]:
        """Send, watch, and tell."""
        self._lock, self._over = threading.Lock(), threading.Event()
        self._turns = self._due()
        threads = [threading.Thread(target=self._send) for _ in range(CLIENTS)]
        watcher = threading.Thread(target=self._watch)
        for thread in (*threads, watcher):
            thread.start()
        if self.kill:
            self._kill_children()
        for thread in threads:
            thread.join()
        until = time.time() + PATIENCE
        while len(self.live_at) < len(self.sent_at) and time.time() < until:
            time.sleep(LOOK)
        self._over.set()
        watcher.join()
        if self.refused:
            raise RuntimeError(f"{len(self.refused)} orders were refused; {self.refused[0]}")
        return self._told()

    def _due(self) -> Iterator[tuple[str, float]]:
        started = time.time() + 0.5
        for number in range(self.seconds * self.a_second):
            yield f"{self.name}-{number:05d}", started + number / self.a_second

    def _send(self) -> None:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        while True:
            with self._lock:
                turn = next(self._turns, None)
            if turn is None:
                connection.close()
                return
            document, due = turn
            time.sleep(max(0.0, due - time.time()))
            connection = self._until_acknowledged(connection, document, due)

    def _until_acknowledged(self, connection: http.client.HTTPConnection, document: str, due: float) -> http.client.HTTPConnection:
        body = json.dumps(self._order(document))
        headers = {"Authorization": f"Bearer {self.secret}", "Content-Type": "application/json", "Idempotency-Key": document}
        status = 0
        while status != 202 and time.time() < due + PATIENCE:
            try:
                connection.request("POST", "/api/facts/orders", body, headers)
                answer = connection.getresponse()
                told, status = answer.read(), answer.status
                if status not in (202, 409, 500, 502, 503):
                    with self._lock:
                        self.refused.append(f"{document}: {status}: {told[:500]!r}")
                    break
            except (OSError, http.client.HTTPException):
                connection.close()
                connection, status = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30), 0
            if status != 202:
                with self._lock:
                    self.retried += 1
                time.sleep(0.1)
        with self._lock:
            self.sent_at[document] = due
            self.lost += status != 202
            self.waited.append((time.time() - due) * 1000)
        return connection

    def _order(self, document: str) -> dict[str, Any]:
        number = int(document.rpartition("-")[2])
        columns = {
            "document": document, "line": "1", "date": "2023-05-02", "party": f"P{number % PARTNERS:05d}", "product": "SKU00001",
            "quantity": "3", "amount": f"{number % 900 + 1}.50", "currency": "EUR",
        }  # fmt: skip
        return {"source": "shop", "columns": columns}

    def _watch(self) -> None:
        """Each order that counts at the head, at the moment in which it is first seen."""
        from steelyard.ledger import queries

        head = 0
        while not self._over.wait(LOOK):
            if (now := queries.head()) == head:
                continue
            head = now
            for part in queries.parts("orders"):
                if part.segment is None or part.last_seq == head:
                    rows = part.scan(["document", "source"]).collect()
                    seen = time.time()
                    for document in rows.filter((rows["source"] == "shop") & rows["document"].str.starts_with(f"{self.name}-"))["document"]:
                        self.live_at.setdefault(document, seen)

    def _kill_children(self) -> None:
        """The worker after a third of the time, the web server after two."""
        web, worker = sorted(int(one) for one in Path(f"/proc/{self.kill}/task/{self.kill}/children").read_text().split())
        for child in (worker, web):
            time.sleep(self.seconds / 3)
            os.kill(child, signal.SIGKILL)

    def _told(self) -> dict[str, float]:
        live = [self.live_at.get(one, inf) - at for one, at in self.sent_at.items()]  # what was never seen is late without end
        return {
            "sent": len(self.sent_at), "retried": self.retried, "acknowledged": percentile(self.waited, 0.95),
            "median": percentile(self.waited, 0.5), "longest": max(self.waited), "live": percentile(live, 0.95),
            "live_median": percentile(live, 0.5), "live_longest": max(live), "wrong": self.lost + self._wrong(),
        }  # fmt: skip

    def _wrong(self) -> int:
        """Orders that do not count exactly once."""
        import polars as pl

        from steelyard.ledger import queries

        rows = queries.facts("orders", scope=queries.EVERYTHING, columns=["source", "document", "sign"]).filter(pl.col("source") == "shop")
        net = rows.group_by("document").agg(pl.col("sign").cast(pl.Int64).sum()).collect()
        times = Counter(dict(net.iter_rows()))
        return sum(times[document] != 1 for document in self.sent_at)
