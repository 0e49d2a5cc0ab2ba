"""What the fault tests kill: each scenario is one write, run in a process of its own (`nursery`)."""

from __future__ import annotations

import json
import sys
import time
from datetime import date

import polars as pl
from django.core.management import call_command

from steelyard.ledger import actions, models, queries, verify
from steelyard.ledger.scope import EVERYTHING
from steelyard.partners.models import PartnerHistory

KEY = ["document", "line", "party", "amount"]


def orders(amounts: dict[int, int]) -> pl.DataFrame:
    """One order line per number, with its amount."""
    rows = [
        {"document": f"SO{n}", "line": "1", "party": f"p{n % 7}", "date": date(2026, 1, 1 + n % 28), "amount": amount, "currency": "EUR"}
        for n, amount in amounts.items()
    ]
    schema = dict.fromkeys(("document", "line", "party", "currency"), pl.String) | {"date": pl.Date, "amount": pl.Int64}
    return pl.DataFrame(rows, schema=schema)


def prepare() -> None:
    """A migrated installation with two batches, a sealed and a live tail row, a received row and something to compact."""
    call_command("migrate", verbosity=0)
    for batch in (1, 2):
        actions.post("orders", orders({n + 100 * batch: n for n in range(60)}), source="erp", batch=batch, acting_user="anna")
    for number in (901, 902, 903):
        if number == 902:
            actions.seal()
        actions.receive("orders", orders({number: 5}).to_dicts()[0], source="erp", acting_user="till", delivery=f"m{number}")
        if number < 903:
            actions.settle(acting_user="worker")


def post() -> None:
    """New, restated and replaced lines and a master history, all in one commit."""
    lines = orders({n + 100: n * 2 for n in range(40)} | {n + 500: n for n in range(50)})
    replaces = actions.Replaces(date(2026, 1, 1), date(2026, 1, 31), frozenset({"p1"}))
    prepared = actions.prepare("orders", lines, source="erp", batch=3, replaces=replaces)
    with actions.committing(acting_user="anna", batch=3) as commit:
        prepared.into(commit)
        commit.add_history([PartnerHistory(code="p1", name="Partner one")])


def receive() -> None:
    """One fact into the tail."""
    actions.receive("orders", orders({904: 9}).to_dicts()[0], source="erp", acting_user="till", delivery="m904")


def settle() -> None:
    """What was received goes live."""
    actions.settle(acting_user="worker")


def seal() -> None:
    """The live tail moves into a segment; no read changes."""
    actions.seal()


def compact() -> None:
    """Small segments become one; no read changes."""
    actions.compact()


def undo() -> None:
    """A batch is taken back."""
    actions.reverse_batch(2, acting_user="anna")


def inspect() -> None:
    """The state: what stands at every cut, what the tail holds, what verification says, what a sweep finds."""
    cuts = [net(cut) for cut in range(queries.head() + 1)]
    report = verify.verify()
    state = {
        "cuts": cuts,
        "histories": report.figures.get("history rows", 0),
        "received": sorted(models.TailRow.objects.exclude(delivery="").values_list("delivery", flat=True)),
        "waiting": models.TailRow.objects.filter(state="received").count(),
    }
    sys.stdout.write(json.dumps({"state": state, "problems": [str(p) for p in report.problems], "orphans": actions.sweep()}))


def net(cut: int) -> list[list[object]]:
    """The rows that stand at a cut."""
    frame = queries.facts("orders", cut=cut, scope=EVERYTHING, columns=[*KEY, "sign"]).collect()
    standing = frame.group_by(KEY).agg(pl.col("sign").cast(pl.Int64).sum()).filter(pl.col("sign") != 0)
    return [list(row) for row in standing.sort(KEY).rows()]


def rewrite(seconds: float) -> None:
    """Restate all of 500 lines to the next amount, again and again, with compaction between."""
    until = time.monotonic() + seconds
    amount = 0
    while time.monotonic() < until:
        amount += 1
        actions.post("orders", orders(dict.fromkeys(range(500), amount)), source="loop", batch=amount, acting_user="anna")
        if amount % 3 == 0:
            actions.compact()
    sys.stdout.write(str(amount))


def watch(seconds: float) -> None:
    """Read the head for so long; prints how many reads and states there were, and every mixture."""
    until = time.monotonic() + seconds
    reads, seen, mixtures = 0, set(), []
    while time.monotonic() < until:
        frame = queries.facts("orders", scope=EVERYTHING, columns=["source", "amount", "sign"]).collect()
        net_rows = frame.filter(pl.col("source") == "loop").group_by("amount").agg(pl.col("sign").cast(pl.Int64).sum())
        now = net_rows.filter(pl.col("sign") != 0).rows()
        reads += 1
        seen.update(amount for amount, _ in now)
        if now and [count for _, count in now] != [500]:
            mixtures.append(now)
    sys.stdout.write(json.dumps({"reads": reads, "states": len(seen), "mixtures": mixtures}))


SCENARIOS = {one.__name__: one for one in (post, receive, settle, seal, compact, undo)}
EVERY = SCENARIOS | {one.__name__: one for one in (prepare, inspect, rewrite, watch)}
