"""Every write of a master, whichever it is: add, change, retire one; load many. One commit and one audit entry each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from datetime import date
from typing import TYPE_CHECKING, Any

import polars as pl

from steelyard.audit.actions import record
from steelyard.calc.errors import Conflict, Problem, Refused, did_you_mean
from steelyard.ledger.actions import Committing, committing

from . import differences, normal, reading
from .checking import Examined, check, examine
from .master import Master, RowProblem
from .queries import last_commit, named, unknown
from .typed import blanks_of, catalogue_row
from .writing import write

if TYPE_CHECKING:
    from steelyard.accounts.models import User


@dataclass(frozen=True)
class Loaded:
    """What a load did: rows by outcome, and the commit that holds them (None: nothing was written)."""

    new: int = 0
    changed: int = 0
    unchanged: int = 0
    commit_seq: int | None = None


@dataclass(frozen=True)
class Actions:
    """The verbs of one app's masters; the app's `actions.py` hands them out under its own name."""

    masters: Mapping[str, Master]

    def check(self, master_name: str, frame: pl.DataFrame) -> tuple[pl.DataFrame, list[RowProblem]]:
        """The rows of a catalogue frame that can be loaded, and (source_row, problem) for all others."""
        return check(self.master(master_name), frame)

    def preview(self, master_name: str, frame: pl.DataFrame) -> Loaded:
        """What `load` would do with the good rows, without doing it."""
        return _counted(examine(self.master(master_name), frame))

    def load(
        self, master_name: str, frame: pl.DataFrame, *, acting_user: User, batch: int = 0, note: str = "", beside: bool = False
    ) -> Loaded:
        """Write a catalogue frame in one commit; refused whole if a row has a problem (`check` tells which).

        Columns that the frame lacks stay as they are known; rows that say what is known write nothing. ``beside``: of
        an exclusive master, leave former holders where they are.
        """
        master = self.master(master_name)
        with committing(cause=master.cause, acting_user=acting_user, note=note, batch=batch) as commit:
            examined = examine(master, frame)
            if examined.problems:
                raise Refused([replace(problem, where=f"row {row}, column `{problem.where}`") for row, problem in examined.problems])
            loaded = _written(master, examined, commit, beside=beside)
            if loaded.commit_seq is not None:
                after, only = {**asdict(loaded), "batch": batch}, [name for name in master.key if name in frame.columns]
                subject = f"{master.name}:{named(frame.select(only).row(0, named=True)) if frame.height == 1 else '*'}"[:250]
                record(action=f"{master.name} loaded", subject=subject, after=after, acting_user=acting_user, reason=note)
        return loaded

    def add(
        self, master_name: str, *, acting_user: User, valid_from: date | None = None, last_day: date | None = None,
        reason: str = "", beside: bool = False, **values: Any,
    ) -> Loaded:  # fmt: skip
        """Record one new thing, true from ``valid_from`` (None: always) to ``last_day`` (None: for ever)."""
        master = self.master(master_name)
        row = catalogue_row(master, {**blanks_of(master), **values}, valid_from, last_day)
        return _single(master, "added", row, acting_user, reason, beside=beside)

    def change(
        self, master_name: str, *, acting_user: User, valid_from: date | None = None, last_day: date | None = None,
        reason: str = "", version: int | None = None, **values: Any,
    ) -> Loaded:  # fmt: skip
        """Change the values given, from ``valid_from`` (None: always) to ``last_day`` (None: for ever); all others stay.

        ``version``: the commit up to which the key's history was read (`queries.version`); `Conflict` if it is longer now.
        """
        master = self.master(master_name)
        return _single(master, "changed", catalogue_row(master, values, valid_from, last_day), acting_user, reason, version=version)

    def retire(
        self, master_name: str, *, acting_user: User, valid_from: date | None = None, reason: str = "",
        version: int | None = None, **key: Any,
    ) -> Loaded:  # fmt: skip
        """From ``valid_from`` on it is over: its status says so, or without a status its row ends. None: it never was."""
        master = self.master(master_name)
        by_status = bool(master.retired) and valid_from is not None
        row = catalogue_row(master, {**key, **(master.retired if by_status else {})}, valid_from, None)
        return _single(master, "retired", row, acting_user, reason, ends=not by_status, version=version)

    def master(self, name: str) -> Master:
        """The declaration of a master; refused with the nearest name if there is none."""
        if name not in self.masters:
            raise Refused(Problem("unknown-master", "there is no such master", "", name, did_you_mean(name, self.masters)))
        return self.masters[name]


def _single(
    master: Master, verb: str, row: pl.DataFrame, acting_user: User, reason: str, *, ends: bool = False, beside: bool = False,
    version: int | None = None,
) -> Loaded:  # fmt: skip
    """One statement about one key, under the ledger's lock: known before (or, to be added, not), written, audited."""
    key = normal.from_catalogue(master, row).select(master.key).row(0, named=True)
    with committing(cause=master.cause, acting_user=acting_user, note=reason) as commit:
        known = reading.known(master, **key)
        if known.is_empty() == (verb != "added"):
            raise Refused(_already(master, key) if verb == "added" else unknown(master, key))
        if version is not None and last_commit(master, key) != version:
            raise Conflict(Problem("changed-meanwhile", "somebody changed this since you opened it", "", named(key), "look at it again"))
        if ends:
            loaded = _ended(master, normal.from_catalogue(master, row), known, commit)
        else:
            examined = examine(master, row)
            if examined.problems:
                raise Refused([problem for _, problem in examined.problems])
            loaded = _written(master, examined, commit, beside=beside)
        if loaded.commit_seq is not None:
            before, after = ({"known": _spoken(master, frame)} for frame in (known, reading.known(master, **key)))
            action, subject = f"{master.name} {verb}", f"{master.name}:{named(key)}"[:250]
            record(action=action, subject=subject, before=before, after=after, acting_user=acting_user, reason=reason)
    return loaded


def _written(master: Master, examined: Examined, commit: Committing, *, beside: bool = False) -> Loaded:
    loaded = _counted(examined)
    if not loaded.new and not loaded.changed:
        return loaded
    changes = examined.statements.filter(pl.col("state") != "unchanged")
    ended = changes.clear()
    if master.exclusive and not beside:
        ended = differences.closed_by(changes, reading.known(master), examined.statements, master.key, master.exclusive)
    write(master, changes, ended, commit=commit)
    return replace(loaded, commit_seq=commit.seq)


def _ended(master: Master, span: pl.DataFrame, known: pl.DataFrame, commit: Committing) -> Loaded:
    if differences.overlaps(span, known, master.key).is_empty():
        return Loaded(unchanged=1)
    write(master, pl.DataFrame(schema=master.schema), span, commit=commit)
    return Loaded(changed=1, commit_seq=commit.seq)


def _counted(examined: Examined) -> Loaded:
    """Rows by outcome; a row that falls into several intervals counts once, as changed if any of them changes."""
    states = examined.statements.group_by("source_row").agg(pl.col("state").min())  # changed < new < unchanged
    counts = dict(states["state"].value_counts().iter_rows())
    unchanged = counts.get("unchanged", 0) + examined.repetitions
    return Loaded(counts.get("new", 0), counts.get("changed", 0), unchanged)


def _already(master: Master, key: Mapping[str, Any]) -> Problem:
    return Problem("exists", f"this is already among the {master.name}", master.key[0], named(key), "change it instead")


def _spoken(master: Master, known: pl.DataFrame) -> list[dict[str, Any]]:
    """What is known of a key, as the audit trail keeps it: its intervals in catalogue form, without blanks."""
    rows = normal.to_catalogue(master, known).with_columns(pl.col(pl.Date).cast(pl.String)).rows(named=True)
    return [{name: value for name, value in row.items() if value is not None} for row in rows]
