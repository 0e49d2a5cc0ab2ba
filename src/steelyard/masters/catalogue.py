"""The masters that have pages, and who sees which of their rows. The topmost app with masters makes one (`partners.catalogue`)."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from steelyard.calc.errors import Missing
from steelyard.ledger.scope import Scope

from .keys import key_parts
from .master import Master
from .queries import Queries
from .seen import Limit


@dataclass(frozen=True)
class One:
    """A record: its master, its key, its current row."""

    master: Master
    key: dict[str, Any]
    row: Any

    @property
    def name(self) -> str:
        """What people call it: its name, else its key."""
        said = getattr(self.row, "name", "")
        return str(said or " · ".join(str(part) for part in self.key.values() if part not in ("", None)))


@dataclass(frozen=True)
class Catalogue:
    """``owners``: what a reference is called -> the master that has it (as in `Reference.title`)."""

    masters: Mapping[str, Master]
    limits_of: Callable[[str, Scope], Sequence[Limit]]
    owners: Mapping[str, str]

    @property
    def queries(self) -> Queries:
        """The reads of these masters."""
        return Queries(self.masters)

    def master(self, name: str) -> Master:
        """The declaration; `Missing` if there is no such master here."""
        if name not in self.masters:
            raise Missing
        return self.masters[name]

    def limits(self, name: str, scope: Scope) -> Sequence[Limit]:
        """Which rows of a master this reader sees."""
        return () if scope.everything else self.limits_of(name, scope)

    def hidden(self, name: str, scope: Scope) -> frozenset[str]:
        """Columns that name others than the row's own, and so are not for a reader who sees only some of them."""
        if scope.everything:
            return frozenset()
        limited = {limit.column: limit for limit in self.limits_of(name, scope)}
        guarded = {other for other in self.masters if self.limits_of(other, scope)}
        master = self.master(name)
        return frozenset(
            column for column in master.references if column not in limited and self.owners.get(master.references[column].title) in guarded
        )

    def one(self, name: str, path: str, scope: Scope) -> One:
        """The record behind an address; `Missing` if there is none for this reader."""
        master = self.master(name)
        parts = key_parts(path)
        if len(parts) != len(master.key) or any("\x00" in part for part in parts):
            raise Missing
        types = {column.name: column.type for column in master.columns}
        try:
            key = {name: date.fromisoformat(part) if types[name] == "date" else part for name, part in zip(master.key, parts, strict=True)}
        except ValueError:
            raise Missing from None
        row = self.queries.records(name, self.limits(name, scope)).filter(**key).first()
        if row is None:
            raise Missing
        return One(master, key, row)

    def owner_of(self, master: Master, column: str) -> Master | None:
        """The master that a column refers to, if it has pages."""
        reference = master.references.get(column)
        return self.masters.get(self.owners.get(reference.title, "")) if reference else None
