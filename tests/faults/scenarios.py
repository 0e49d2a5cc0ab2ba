"""What the fault tests kill: each scenario is one write, run in a process of its own (`nursery`)."""

from __future__ import annotations

import json
import sys
import time
from datetime import date
from pathlib import Path

import polars as pl
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.test import Client
from django.utils import timezone

from steelyard.accounts.actions import add_user, set_up
from steelyard.accounts.models import User
from steelyard.api.idempotency import ABANDONED
from steelyard.api.models import Answered
from steelyard.attribution.actions import settle as settle_and_match
from steelyard.intake import actions as intake
from steelyard.intake.mappings import read_mapping
from steelyard.intake.models import Batch, QuarantinedRow
from steelyard.intake.store import forget_unfinished
from steelyard.jobs.models import Job
from steelyard.ledger import actions, models, queries, verify
from steelyard.ledger.backup import backup
from steelyard.ledger.restore import restore
from steelyard.ledger.scope import EVERYTHING
from steelyard.partners import actions as partners
from steelyard.partners.models import PartnerHistory

MAPPING = """
kind: orders
source: shop
covers: {report: orders, from: 2026-03-01, until: 2026-03-31}
columns: {document: order, line: position, date: day, party: customer, product: item, quantity: pieces, amount: net, currency: curr}
"""
FIRST_FILE = "order,position,day,customer,item,pieces,net,curr\n" + "".join(
    f"S{n},1,2026-03-{n % 28 + 1:02d},p1,,{n},{n}.50,EUR\n" for n in range(1, 40)
)
FILE = FIRST_FILE.replace("7.50", "8.25") + "S90,1,2026-03-09,p2,,1,12.00,EUR\nS91,1,2026-03-32,p2,,1,12.00,EUR\n"

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
    anna = add_user(username="anna", name="Anna", roles=["operator"], acting_user=set_up())
    load(FIRST_FILE)
    for batch in (1, 2):
        actions.post("orders", orders({n + 100 * batch: n for n in range(60)}), source="erp", batch=batch, acting_user="anna")
    for number in (901, 902, 903):
        if number == 902:
            actions.seal()
        actions.receive("orders", orders({number: 5}).to_dicts()[0], source="erp", acting_user="till", delivery=f"m{number}")
        if number < 903:
            actions.settle(acting_user="worker")
    corrected = orders({101: 777}).to_dicts()[0]
    named = orders({904: 8}).to_dicts()[0] | {"party": "z9", "party_name": "Partner Nine"}
    for row in (corrected, named):
        actions.receive("orders", row, source="erp", acting_user="till")
    partners.load("partners", pl.DataFrame({"code": ["P9"], "name": ["Partner nine"], "country": ["CH"]}), acting_user=anna)


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
    actions.receive("orders", orders({906: 9}).to_dicts()[0], source="erp", acting_user="till", delivery="m906")


def settle() -> None:
    """What was received goes live: a new row, a correction, and a row whose partner is found by name."""
    settle_and_match(acting_user=set_up())


def send() -> None:
    """Two orders over REST, in one request with a key that may come again."""
    columns = {"document": "SO905", "date": "2026-01-05", "party": "p5", "currency": "EUR"}
    lines = [{"line": "1", "amount": "5.00"}, {"line": "2", "amount": 6.5}]
    body = json.dumps({"source": "till", "orders": [{"columns": columns, "lines": lines}], "atomic": True})
    answer = _program().post("/api/orders", body, "application/json", headers={"Idempotency-Key": "order-905"})
    assert answer.status_code == 202, answer.content


def upload() -> None:
    """A file over REST, with a key; asked again a minute after nobody answered."""
    Answered.objects.filter(status=0).update(answered_at=timezone.now() - ABANDONED)
    file = SimpleUploadedFile("april.csv", FILE.encode())
    body = {"kind": "orders", "source": "shop", "mapping": MAPPING, "file": file}
    answer = _program().post("/api/intake/files", body, headers={"Idempotency-Key": "april"})
    assert answer.status_code == 202, answer.content


def _program() -> Client:
    """Somebody with a session of their own: a token's secret is kept nowhere."""
    settings.ALLOWED_HOSTS, settings.STATIC_ROOT = ["*"], Path(settings.STEELYARD_HOME)
    client = Client()
    client.force_login(User.objects.get(username="anna"))
    return client


def seal() -> None:
    """The live tail moves into a segment; no read changes."""
    actions.seal()


def compact() -> None:
    """Small segments become one; no read changes."""
    actions.compact()


def load(text: str) -> None:
    """A file by its mapping."""
    mapping, problems = read_mapping(MAPPING)
    assert not problems, problems
    intake.commit(text.encode(), name="march.csv", kind="orders", mapping=mapping, acting_user=set_up())


def import_file() -> None:
    """A file with new, repeated, corrected and wrong rows, and the coverage that it claims."""
    load(FILE)


def undo() -> None:
    """A batch is taken back."""
    actions.reverse_batch(2, acting_user="anna")


def inspect() -> None:
    """The state: what stands at every cut, what the tail holds, what verification says, what a sweep finds."""
    cuts = [net(cut) for cut in range(queries.head() + 1)]
    report = verify.verify()
    state = {
        "cuts": cuts,
        "batches": list(Batch.objects.exclude(status="received").order_by("id").values_list("rows_in", "accepted", "quarantined", "cut")),
        "quarantined": QuarantinedRow.objects.count(),
        "histories": report.figures.get("history rows", 0),
        "answers": sorted(Answered.objects.exclude(status=0).values_list("key", flat=True)),
        "jobs": Job.objects.filter(task__endswith="bring_in").count(),
        "received": sorted(models.TailRow.objects.exclude(delivery="").values_list("delivery", flat=True)),
        "waiting": models.TailRow.objects.filter(state="received").count(),
    }
    sys.stdout.write(json.dumps({"state": state, "problems": [str(p) for p in report.problems], "orphans": actions.sweep()}))


def net(cut: int) -> list[list[object]]:
    """The rows that stand at a cut."""
    frame = queries.facts("orders", cut=cut, scope=EVERYTHING, columns=[*KEY, "sign"]).collect()
    standing = frame.group_by(KEY).agg(pl.col("sign").cast(pl.Int64).sum()).filter(pl.col("sign") != 0)
    return [list(row) for row in standing.sort(KEY).rows()]


def back_up(folder: str) -> None:
    """A backup of whatever is there now."""
    sys.stdout.write(str(backup(Path(folder))["head"]["seq"]))


def restore_from(folder: str) -> None:
    """A backup loaded into an empty installation, after `init`."""
    call_command("migrate", verbosity=0)
    set_up()
    report = restore(Path(folder))
    assert report.ok, report.problems


def post_often(name: str, times: int) -> None:
    """The same lines again and again, beside others of this writer alone."""
    for number in range(times):
        own = {1000 * (1 + len(name)) + number: 1}
        actions.post("orders", orders(dict.fromkeys(range(2000, 2020), number % 3) | own), source="race", batch=0, acting_user=name)


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


SCENARIOS = {one.__name__: one for one in (post, receive, settle, seal, compact, undo, import_file, send, upload)}
EVERY = SCENARIOS | {one.__name__: one for one in (prepare, inspect, rewrite, watch, back_up, restore_from, post_often, forget_unfinished)}
