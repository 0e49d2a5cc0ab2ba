"""What the tests of killed workers run: an import as a job, its notice, many small jobs, and how all of them stand afterwards."""

from __future__ import annotations

import json
import sys
import threading
import time
from datetime import timedelta
from pathlib import Path

from django.conf import settings
from django.core.mail.backends.base import BaseEmailBackend
from django.utils import timezone
from django_tasks import task

from steelyard.accounts.actions import set_up
from steelyard.intake import actions as intake
from steelyard.intake.mappings import read_mapping
from steelyard.jobs import actions
from steelyard.jobs.models import Job
from steelyard.jobs.worker import Worker
from steelyard.outbox import actions as outbox
from steelyard.outbox.models import Message
from steelyard.outbox.tasks import deliver

JOB_STEPS = ("job-claimed", "job-worked", "job-closed")
MAIL_STEPS = ("message-sent",)
MANY = 20  # seconds are enough for all of them


class Kept(BaseEmailBackend):
    """A mail server: it keeps the name of each message it took."""

    def send_messages(self, messages):
        with (Path(settings.STEELYARD_HOME) / "taken").open("a") as taken:
            for message in messages:
                taken.write(message.extra_headers["Message-ID"] + "\n")
        return len(messages)


@task()
def write_a_line(line: str) -> None:
    """An effect that can be counted."""
    with (Path(settings.STEELYARD_HOME) / "lines").open("a") as lines:
        lines.write(line + "\n")


def queue_an_import() -> None:
    """A file was uploaded and "Bring it in" pressed, as on the page; and a message waits."""
    from .scenarios import FILE, MAPPING

    person = set_up()
    upload = intake.receive_stream([FILE.encode()], name="march.csv", size=len(FILE), acting_user=person)
    read, _ = read_mapping(MAPPING)
    file = {"sha256": upload.sha256, "name": "march.csv", "kind": "orders", "source": read.source, "mapping": MAPPING, "lookups": {}}
    intake.order_import(file=file, once="pressed once", acting_user=person)
    outbox.send(to="anna@example.org", subject="Imported", text="It is on its way.", key="imported:march")


def queue_many(number: int) -> None:
    """Many small jobs wait too."""
    for one in range(number):
        write_a_line.enqueue(f"job {one}")


def work() -> None:
    """Everything that is due, in this process."""
    settings.EMAIL_BACKEND = f"{__name__}.Kept"
    actions.work_off()


def work_later() -> None:
    """The same, after leases have run out and pauses are over."""
    past = timezone.now() - timedelta(seconds=1)
    assert settings.JOB_LEASE_SECONDS <= 55  # a real worker would come back within a minute
    Job.objects.filter(state="running").update(lease_until=past)
    Message.objects.filter(state="waiting").update(next_attempt=past)
    deliver.enqueue()  # as the schedule does every half minute
    work()


def work_as_a_worker() -> None:
    """A real worker with its threads and its heartbeat, until nothing waits."""
    settings.EMAIL_BACKEND = f"{__name__}.Kept"
    settings.JOB_SCHEDULES, settings.JOB_AT_ONCE, settings.JOB_POLL_SECONDS = (), (), 0.05
    one = Worker(threads=2)

    def watch() -> None:
        until = threading.Event()
        for _ in range(MANY * 10):
            until.wait(0.1)
            if not Job.objects.filter(state__in=("waiting", "running")).exists():
                break
        one.stop()

    threading.Thread(target=watch).start()
    assert one.run()


def settle_as_a_worker() -> None:
    """A real worker without schedules, until no single fact waits; says how long an order took that came while it ran."""
    from steelyard.ledger import actions as ledger
    from steelyard.ledger import queries

    from .scenarios import orders

    settings.JOB_SCHEDULES = ()
    one, taken = Worker(threads=1), []

    def come() -> None:
        try:
            for number in (907, 908, 909):
                row = orders({number: 1}).to_dicts()[0]
                received, until = ledger.receive("orders", row, source="erp", acting_user="till"), threading.Event()
                started = time.monotonic()
                while queries.delivered(actor="till").get(pk=received.number).state == "received" and time.monotonic() < started + 30:
                    until.wait(0.05)
                taken.append(time.monotonic() - started)
        finally:
            one.stop()

    threading.Thread(target=come).start()
    assert one.run()
    sys.stdout.write(json.dumps(taken))


def tell_of_jobs() -> None:
    """How jobs and messages stand."""
    home = Path(settings.STEELYARD_HOME)
    jobs = list(Job.objects.order_by("id"))
    names = {"bring_in": "import", "deliver": "deliver"}
    found = {
        "jobs": {names[job.task.rpartition(".")[2]]: job.state for job in jobs if job.task.rpartition(".")[2] in names},
        "states": [job.state for job in jobs],
        "attempts": [job.attempts for job in jobs],
        "messages": [message.state for message in Message.objects.order_by("id")],
        "identities": (home / "taken").read_text().split() if (home / "taken").exists() else [],
        "lines": (home / "lines").read_text().splitlines() if (home / "lines").exists() else [],
    }
    sys.stdout.write(json.dumps(found))


JOBS = {one.__name__: one for one in (queue_an_import, queue_many, work, work_later, work_as_a_worker, settle_as_a_worker, tell_of_jobs)}
