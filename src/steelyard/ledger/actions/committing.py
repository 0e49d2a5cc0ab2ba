"""One commit: everything that becomes known together gets one number, one link of the chain, one transaction."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

import numpy as np
from django.db import transaction
from django.utils import timezone

from .. import bulk, hashing, histories, models
from ..chain import link_hash
from ..failpoints import reach
from ..segments import Written

_open: ContextVar[Committing | None] = ContextVar("open_commit", default=None)


class Committing:
    """A commit being made. ``seq`` is its number; it is written when its block ends, if anything was added."""

    def __init__(self, head: models.Head, *, cause: str, actor: str, note: str, batch: int) -> None:
        self._head = head
        self.seq: int = head.seq + 1
        self.cause, self.actor, self.note, self.batch = cause, actor, note, batch
        self._seals: dict[str, list[hashing.Hashes]] = {}
        self._counts: dict[str, dict[str, int]] = {}
        self._keys: dict[str, list[hashing.Hashes]] = {}
        self._histories: dict[str, dict[str, Any]] = {}
        self._history_rows: dict[type[histories.History], list[list[Any]]] = {}
        self._retired: list[int] = []
        self.kept = False  # set it to record a commit that adds nothing but a fact about the past

    @property
    def is_empty(self) -> bool:
        """Whether nothing was added, so that no number is used up."""
        return not (self.kept or self._seals or self._history_rows or self._retired)

    def add_rows(self, kind_name: str, seals: hashing.Hashes, counts: dict[str, int]) -> None:
        """Rows of a kind belong to this commit: their seals go into its digest, their counts into its record."""
        self._seals.setdefault(kind_name, []).append(seals)
        totals = self._counts.setdefault(kind_name, {})
        for name, count in counts.items():
            totals[name] = totals.get(name, 0) + count

    def claim(self, kind_name: str, keys: hashing.Hashes) -> None:
        """Keys about which this commit says something; it cannot say two things about one."""
        if any(np.isin(keys, earlier).any() for earlier in self._keys.get(kind_name, ())):
            raise ValueError(f"two postings of {kind_name} in one commit have a key in common; post their lines together")
        self._keys.setdefault(kind_name, []).append(keys)

    def add_segment(self, written: Written, seals: hashing.Hashes, counts: dict[str, int]) -> None:
        """List a fresh segment."""
        written.row(added_seq=self.seq, last_seq=self.seq).save(force_insert=True)
        reach("segment-listed")
        self.add_rows(written.kind, seals, counts)

    def add_history(self, instances: Sequence[histories.History]) -> None:
        """Append rows of one master history; they all get this commit's number."""
        if not instances:
            return
        model = type(instances[0])
        for instance in instances:
            instance.commit_seq = self.seq
        model._default_manager.bulk_create(instances, batch_size=2000)
        self._history_rows.setdefault(model, []).extend(histories.instance_rows(instances))
        reach("histories-added")

    def add_history_rows(self, model: type[histories.History], columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
        """The same for many plain rows (days as ISO text); ``columns`` names all fields but commit_seq."""
        fields = [field.attname for field in histories.value_fields(model)]
        places = [None if name == "commit_seq" else columns.index(name) for name in fields]
        whole = [[self.seq if place is None else row[place] for place in places] for row in rows]
        if not whole:
            return
        bulk.insert(model, fields, whole)
        self._history_rows.setdefault(model, []).extend(whole)
        reach("histories-added")

    def retire(self, numbers: Iterable[int]) -> None:
        """Whole segments no longer count from this commit on; earlier cuts still read them."""
        wanted = sorted(numbers)
        models.Segment.objects.filter(number__in=wanted, retired_seq__isnull=True).update(retired_seq=self.seq)
        self._retired += wanted

    def finish(self) -> None:
        """Write the link and move the head."""
        for model, rows in self._history_rows.items():
            digest = histories.rows_digest(model, rows)
            self._histories[model._meta.label_lower] = {"rows": len(rows), "digest": digest}
        facts = {}
        for kind, seals in self._seals.items():
            together = np.concatenate(seals)
            facts[kind] = {"rows": len(together), "digest": hashing.digest(together), **self._counts[kind]}
        commit = models.Commit(
            seq=self.seq, previous_hash=self._head.hash, cause=self.cause, actor=self.actor, note=self.note,
            batch=self.batch, made_at=timezone.now(), facts=facts, histories=self._histories, retired=self._retired,
        )  # fmt: skip
        commit.hash = link_hash(commit)
        commit.save(force_insert=True)
        reach("commit-added")
        self._head.seq, self._head.hash = commit.seq, commit.hash
        self._head.layout += 1
        self._head.save()
        reach("head-moved")


def locked_head() -> models.Head:
    """The head, locked until the transaction ends: one writer at a time."""
    models.Head.objects.get_or_create(pk=1)
    head = models.Head.objects.select_for_update().get(pk=1)
    reach("head-locked")
    return head


@contextmanager
def committing(*, cause: str = "new", acting_user: Any, note: str = "", batch: int = 0) -> Iterator[Committing]:
    """One commit in one transaction; writes of other tables inside the block stand or fall with it.

    A block inside a block joins the outer commit. A block that adds nothing uses up no number and writes no link.
    Causes: new, restated, undone, rematched, reassigned, erased, schema.
    """
    outer = _open.get()
    if outer is not None:
        yield outer
        return
    with transaction.atomic():
        actor = str(getattr(acting_user, "username", acting_user))
        commit = Committing(locked_head(), cause=cause, actor=actor, note=note, batch=batch)
        token = _open.set(commit)
        try:
            yield commit
        finally:
            _open.reset(token)
        if not commit.is_empty:
            commit.finish()
    reach("committed")


def commit_histories(
    rows: Sequence[tuple[type[histories.History], Sequence[histories.History]]],
    *,
    cause: str,
    acting_user: Any,
    note: str = "",
) -> int | None:
    """Append master history rows in one commit; its number, or None if there was nothing to add."""
    with committing(cause=cause, acting_user=acting_user, note=note) as commit:
        for _, instances in rows:
            commit.add_history(instances)
        return None if commit.is_empty else commit.seq
