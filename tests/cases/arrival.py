"""Bringing a case's file in, by an action or over REST: first the dry run, then in earnest; what came of both."""

from __future__ import annotations

import io
import json
import re
import time
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from steelyard.calc.errors import Problem, Refused
from steelyard.intake import actions, limits, mappings, store
from steelyard.intake.actions import importing
from steelyard.intake.models import Batch, Upload
from steelyard.jobs.actions import work_off
from steelyard.jobs.models import Job
from steelyard.ledger import queries as ledger

from .case import Given

COUNTS = ("rows_in", "accepted", "restated", "quarantined", "duplicates", "unmatched")
MORE = ("blank", "filtered", "reversed")


@dataclass
class Arrival:
    """What became of a file. ``previewed`` and ``done`` hold counts, amounts, notes and examples as plain values."""

    given: Given
    data: bytes
    source: str
    people: SimpleNamespace
    head: int  # of the ledger before
    previewed: dict[str, Any] | None = None
    done: dict[str, Any] | None = None
    problems: list[Problem] = field(default_factory=list)  # why the file was refused
    batch: Batch | None = None
    answers: list[str] = field(default_factory=list)  # everything REST said
    landed: Any = None  # what the batch wrote into the ledger, once it was looked up
    seconds: float = 0  # of this process, for both
    memory: int = 0  # bytes by which it grew meanwhile, at most
    read: list[str] = field(default_factory=list)  # hashes of what was parsed, each seen safe before

    @property
    def messages(self) -> list[Problem]:
        """Everything that was said about the file."""
        told = [*self.problems]
        for outcome in (self.previewed, self.done):
            told += [Problem(**one) for one in (*outcome["notes"], *outcome["examples"])] if outcome else []
        return told


def by_action(given: Given, people: SimpleNamespace, source: str = "erp") -> Arrival:
    """As `steelyard import` and the worker do it."""
    arrival = Arrival(given, given.bytes(), source, people, ledger.head())
    told = {
        "name": given.name, "kind": given.kind, "source": source, "mapping": _mapping(given), "files": given.files,
        "acting_user": people.anna,
    }  # fmt: skip
    with _limited(given), _watched(arrival):
        try:
            arrival.previewed = _plain(actions.preview(arrival.data, **told))
        except Refused as refused:
            arrival.problems = refused.problems
        try:
            done = actions.commit(arrival.data, **told)
            arrival.done, arrival.batch = _plain(done), Batch.objects.filter(pk=done.batch).first()
        except Refused as refused:
            assert refused.problems == arrival.problems, "the dry run says otherwise"
            arrival.batch = Batch.objects.first()
    return arrival


def by_rest(given: Given, people: SimpleNamespace, source: str = "erp") -> Arrival:
    """As a program does it: POST check, POST files, and the worker."""
    arrival = Arrival(given, given.bytes(), source, people, ledger.head())
    text = f"kind: {given.kind}\n{given.mapping}" if given.mapping else ""
    with _limited(given), _watched(arrival):
        status, checked = _post(arrival, "/api/intake/check", text)
        if status == 422 or checked["rows_in"] is None:
            arrival.problems = [Problem(**one) for one in checked["problems"]]
        else:
            arrival.previewed = {**checked, "examples": checked["problems"]}
        status, ordered = _post(arrival, "/api/intake/files", text)
        assert status in (202, 422), ordered
        if status == 422:
            assert arrival.problems, ordered
            return arrival
        assert ordered["state"] in ("waiting", "running"), "nothing is done before the worker did it"
        work_off()
        job = Job.objects.get(pk=ordered["job"])
        if job.state == "done":
            number = job.result["batch"] or job.result["already"]
            arrival.batch = Batch.objects.get(pk=number)
            arrival.done = _of_batch(arrival) if job.result["already"] is None else None
        else:
            assert arrival.problems, job.error
            arrival.batch = Batch.objects.first()
        found = people.client.get(f"/api/intake/batches/{arrival.batch.pk}")
        assert found.status_code == 200
        arrival.answers.append(found.content.decode())
    return arrival


def _post(arrival: Arrival, address: str, mapping: str) -> tuple[int, dict[str, Any]]:
    file = io.BytesIO(arrival.data)
    file.name = arrival.given.name
    answer = arrival.people.client.post(
        address, {"kind": arrival.given.kind, "source": arrival.source, "mapping": mapping, "file": file}
    )  # fmt: skip
    assert answer.status_code < 500, answer.content
    told = answer.content.decode()
    arrival.answers.append(told)
    return answer.status_code, json.loads(told)


def _of_batch(arrival: Arrival) -> dict[str, Any]:
    batch = arrival.batch
    counts = {name: getattr(batch, name) for name in (*COUNTS, *MORE)}
    return {**counts, "amounts": batch.amounts, "notes": batch.notes, "examples": [], "batch": batch.pk}


def _plain(outcome: Any) -> dict[str, Any]:
    from steelyard.intake.outcome import amounts_text

    told = {name: getattr(outcome, name) for name in (*COUNTS, *MORE)} | {"batch": outcome.batch, "preview": outcome.preview}
    told |= {"notes": [note.as_dict() for note in outcome.notes], "examples": [one.as_dict() for one in outcome.examples]}
    return told | {"amounts": amounts_text(outcome.amounts)}


def _mapping(given: Given) -> mappings.Mapping | None:
    if not given.mapping:
        return None
    mapping, problems = mappings.read_mapping(f"kind: {given.kind}\n{given.mapping}")
    assert mapping is not None, problems
    return mapping


@contextmanager
def _limited(given: Given):
    """Limits small enough to be met by a small file."""
    before = {name: getattr(limits, name) for name in given.limited}
    try:
        for name, value in given.limited.items():
            setattr(limits, name, value)
        yield
    finally:
        for name, value in before.items():
            setattr(limits, name, value)


@contextmanager
def _watched(arrival: Arrival):
    """Whenever a file is parsed, its bytes must be safe and known by then; parsing itself is the real one."""
    real = importing.read

    def read(data: bytes, *args: Any, **kwargs: Any) -> Any:
        sha256 = store.hashlib.sha256(data).hexdigest()
        assert store.path_of(sha256).read_bytes() == data and Upload.objects.filter(sha256=sha256).exists()
        arrival.read.append(sha256)
        return real(data, *args, **kwargs)

    importing.read = read
    Path("/proc/self/clear_refs").write_text("5")  # the peak is counted from now on
    before, began = _memory("VmRSS"), time.process_time()
    try:
        yield
    finally:
        importing.read = real
        arrival.seconds, arrival.memory = time.process_time() - began, _memory("VmHWM") - before


def _memory(what: str) -> int:
    found = re.search(rf"{what}:\s+(\d+) kB", Path("/proc/self/status").read_text())
    return int(found[1]) * 1024
