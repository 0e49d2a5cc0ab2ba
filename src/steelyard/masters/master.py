"""The declaration of one master."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

import polars as pl
from django.db import models

from steelyard.calc.errors import Problem, did_you_mean
from steelyard.calc.facts.kind import Column, Kind
from steelyard.ledger.histories import History

RowProblem = tuple[int, Problem]  # the row as the spreadsheet numbers it, and what is wrong there


class Current(models.Model):
    """The latest known values of one key; the key's columns are unique together."""

    valid_from = models.DateField(null=True, blank=True)  # null: always
    valid_to = models.DateField(null=True, blank=True)  # exclusive; null: for ever

    class Meta:
        abstract = True


@dataclass(frozen=True)
class Reference:
    """The codes that a column may hold besides blank; ``hint`` may know what a wrong one was meant to be."""

    title: str
    codes: Callable[[], Collection[str]]
    hint: Callable[[str], str] | None = None

    def hint_for(self, found: str, codes: Collection[str]) -> str:
        """What to do about a code that is not known."""
        if self.hint is not None:
            return self.hint(found)
        return did_you_mean(found, codes) or f"load this {self.title} first"


@dataclass(frozen=True)
class Master:
    """One master: its columns and key (``kind``), its tables, its rules.

    ``tree``: the column with the code of the parent; no code may lie below itself on any day.
    ``exclusive``: columns that name a place which one key holds at a time; a new holder closes the former one.
    ``retired``: the values that retiring sets from a day on; without them the row ends on that day.
    ``rule``: problems that only this master can have, looked for in normal form.
    ``tidy``: brings values that can be written in several ways into the one that is stored.
    """

    kind: Kind
    current: type[Current]
    history: type[History]
    cause: str = "masters"
    references: Mapping[str, Reference] = field(default_factory=dict)
    tree: str | None = None
    exclusive: tuple[str, ...] = ()
    retired: Mapping[str, Any] = field(default_factory=dict)
    rule: Callable[[pl.DataFrame], list[RowProblem]] | None = None
    tidy: Callable[[pl.DataFrame], pl.DataFrame] | None = None

    @property
    def name(self) -> str:
        """The catalogue's name, as in `steelyard import partners`."""
        return self.kind.name

    @property
    def key(self) -> list[str]:
        """The columns that name one thing."""
        return list(self.kind.key)

    @property
    def columns(self) -> list[Column]:
        """Key and values, without the two dates of validity."""
        return [column for column in self.kind.columns if column.name not in ("valid_from", "valid_to")]

    @property
    def values(self) -> list[str]:
        """The columns that say something about the key."""
        return [column.name for column in self.columns if column.name not in self.kind.key]

    @property
    def schema(self) -> dict[str, pl.DataType]:
        """Key, values, valid_from, valid_to (exclusive): one statement."""
        return {column.name: column.dtype for column in self.columns} | {"valid_from": pl.Date(), "valid_to": pl.Date()}

    @property
    def dated(self) -> bool:
        """Whether a file of this master may say from when to when a row is true."""
        return self.kind.valid_from is not None
