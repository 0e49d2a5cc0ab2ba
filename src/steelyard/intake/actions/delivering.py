"""A file on its way in through the pages: handed in, spoken about, brought in or set aside; safe against two tabs and two presses."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils import timezone

from steelyard.audit.actions import record
from steelyard.calc.errors import Conflict, Missing, Problem
from steelyard.jobs import queries as jobs

from .. import mappings
from ..models import Batch, Delivery, Upload
from .ordering import order_check, order_import

if TYPE_CHECKING:
    from steelyard.accounts.models import User
    from steelyard.jobs.models import Job


@transaction.atomic
def hand_in(
    upload: Upload, *, name: str, kind: str, source: str, mapping: str, lookups: Mapping[str, str], acting_user: User
) -> Delivery:  # fmt: skip
    """Begin with a stored file; the same file handed in twice by one person is one delivery."""
    Upload.objects.select_for_update().get(pk=upload.pk)
    same = {"upload": upload, "name": name, "kind": kind, "source": source, "state": Delivery.OPEN, "actor": acting_user.username}
    found = Delivery.objects.filter(**same, lookups=dict(lookups)).first()
    if found is not None and found.mapping == mapping:
        return found
    now = timezone.now()
    one = Delivery.objects.create(**same, mapping=mapping, lookups=dict(lookups), created_at=now, changed_at=now)
    after = {"file": name, "kind": kind, "source": source, "sha256": upload.sha256}
    record(action="file handed in", subject=f"delivery:{one.pk}", after=after, acting_user=acting_user)
    return one


@transaction.atomic
def say(delivery: int, *, mapping: mappings.Mapping, seen: int, acting_user: User) -> Delivery:
    """Say how the file is read; a conflict if somebody said otherwise since ``seen``."""
    one = _open(delivery, seen)
    text = mappings.to_yaml(mapping)
    if text == one.mapping:
        return one
    before = {"mapping": one.mapping}
    one.mapping, one.version, one.looked_by, one.changed_at = text, one.version + 1, None, timezone.now()
    one.save()
    record(action="reading of a file said", subject=f"delivery:{delivery}", before=before, after={"mapping": text}, acting_user=acting_user)
    return one


@transaction.atomic
def order_delivery(delivery: int, *, mapping: str, seen: int, acting_user: User) -> Job:
    """Have the worker bring it in, read by exactly the mapping that was shown; pressed twice it is one job."""
    one = Delivery.objects.select_for_update().filter(pk=delivery).first()
    if one is None:
        raise Missing
    if one.job is not None and jobs.job(one.job).state in (*jobs.OPEN, jobs.State.DONE):
        return jobs.job(one.job)
    one = _open(delivery, seen)
    job = order_import(file=file_of(one) | {"mapping": mapping}, once=f"delivery {one.pk} {one.version} {one.job}", acting_user=acting_user)
    one.job, one.changed_at = job.pk, timezone.now()
    one.save()
    return job


@transaction.atomic
def order_look(delivery: int, *, acting_user: User) -> Job:
    """Have the worker check a large file, as it is said now."""
    one = Delivery.objects.select_for_update().get(pk=delivery)
    job = order_check(file=file_of(one), once=f"delivery {one.pk} {one.version} {one.looked_by}", acting_user=acting_user)
    one.looked_by = job.pk
    one.save()
    return job


def file_of(one: Delivery) -> dict[str, Any]:
    """What the dry run and the import are told of it."""
    same = {"name": one.name, "kind": one.kind, "source": one.source, "mapping": one.mapping, "lookups": one.lookups}
    return {"sha256": one.upload.sha256, **same, "delivery": one.pk}


@transaction.atomic
def landed(delivery: int, *, batch: int | None) -> None:
    """The import of a delivery is done: it leads to its batch from now on."""
    found = None if batch is None else Batch.objects.filter(pk=batch).first()
    Delivery.objects.filter(pk=delivery).update(state=Delivery.LANDED, batch=found, changed_at=timezone.now())


@transaction.atomic
def set_aside(delivery: int, *, acting_user: User) -> None:
    """Do not bring it in; its bytes stay. Said twice, nothing happens."""
    one = Delivery.objects.select_for_update().filter(pk=delivery).first()
    if one is None:
        raise Missing
    if one.state != Delivery.OPEN:
        return
    if one.job is not None and jobs.job(one.job).state in jobs.OPEN:
        raise Conflict(Problem("on_its_way", "the file is on its way in", hint="cancel that first"))
    one.state, one.changed_at = Delivery.ASIDE, timezone.now()
    one.save()
    record(action="file set aside", subject=f"delivery:{delivery}", after={"file": one.name}, acting_user=acting_user)


def _open(delivery: int, seen: int) -> Delivery:
    one = Delivery.objects.select_for_update().filter(pk=delivery).first()
    if one is None:
        raise Missing
    if one.state != Delivery.OPEN:
        raise Conflict(Problem("settled", "this file is settled already", f"file {delivery}"))
    if one.version != seen:
        hint = "look at it as it is now, and say it again if it still holds"
        raise Conflict(
            Problem("changed-meanwhile", "something was said about this file meanwhile, in another tab or by somebody else", hint=hint)
        )
    return one
