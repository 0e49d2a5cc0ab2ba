"""One order into the tail, acknowledged durably, beside a bare commit of the same database."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from datetime import date
from statistics import median

from .measure import Line

TIMES = 300


def run(quick: bool) -> Iterator[Line]:
    """Medians of interleaved single writes, so that both meet the same disk."""
    from django.db import connection, transaction

    from steelyard.accounts.actions import set_up
    from steelyard.ledger.actions import receive

    user = set_up()
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE bare_commit (number INTEGER PRIMARY KEY, text TEXT)")

    def bare(number: int) -> None:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("INSERT INTO bare_commit (number, text) VALUES (%s, %s)", [number, "one row of about the same size" * 8])

    def order(number: int) -> None:
        row = {
            "document": f"RT-{number}",
            "line": "1",
            "date": date(2023, 5, 2),
            "party": "P00001",
            "product": "SKU00001",
            "quantity": 3_000_000,
            "amount": 1_250_000,
            "currency": "EUR",
        }
        receive("orders", row, source="rest", acting_user=user, delivery=f"delivery-{number}")

    taken: dict[str, list[float]] = {"bare": [], "order": []}
    works: dict[str, Callable[[int], None]] = {"bare": bare, "order": order}
    for number in range(TIMES // (10 if quick else 1)):
        for name, work in works.items():
            started = time.perf_counter()
            work(number)
            taken[name].append(time.perf_counter() - started)
    limit, reached = median(taken["bare"]), median(taken["order"])
    yield Line(
        "one order into the tail, acknowledged durably",
        reached / limit,
        5,
        2,
        "x a bare commit",
        f"{reached * 1e3:.2f} ms, bare {limit * 1e3:.2f} ms",
    )
