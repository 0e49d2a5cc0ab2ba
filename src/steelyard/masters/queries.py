"""Every read of a master, whichever it is: lists, one, its history, what was known at a cut, export."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import polars as pl
from django.db.models import Max, QuerySet

from steelyard.calc.errors import Problem, Refused, did_you_mean

from . import normal, reading
from .master import Current, Master
from .seen import Limit, as_condition

_TOGETHER = 5_000  # values that one question names


@dataclass(frozen=True)
class Queries:
    """The reads of one app's masters; the app's `queries.py` hands them out under its own name."""

    masters: Mapping[str, Master]

    def listing(self, master_name: str, *, search: str = "") -> pl.DataFrame:
        """The current rows in catalogue form, sorted by key; ``search`` looks in all text, whatever its case."""
        master = self.masters[master_name]
        rows = reading.current(master)
        if search:
            texts = [column.name for column in master.columns if column.type == "text"]
            found = pl.concat_str([pl.col(name).fill_null("") for name in texts], separator=" ").str.to_lowercase()
            rows = rows.filter(found.str.contains(search.lower(), literal=True))
        return normal.to_catalogue(master, rows)

    def records(self, master_name: str, limits: Sequence[Limit] = ()) -> QuerySet[Any]:
        """The current rows, for lists that search, sort and page in the database; only those that pass the limits."""
        master = self.masters[master_name]
        return master.current._default_manager.filter(as_condition(limits)).order_by(*master.key)

    def version(self, master_name: str, **key: Any) -> int:
        """The commit that said something about a key last; 0 if none ever did."""
        return last_commit(self.masters[master_name], key)

    def last_said(self, master_name: str, column: str, values: Sequence[str]) -> dict[str, int]:
        """Value of a column -> the commit that said something about a row with it last; values without any are left out."""
        master, found = self.masters[master_name], dict[str, int]()
        for start in range(0, len(values), _TOGETHER):
            rows = master.history._default_manager.filter(**{f"{column}__in": values[start : start + _TOGETHER]}).order_by()
            found |= dict(rows.values_list(column).annotate(newest=Max("commit_seq")))
        return found

    def get(self, master_name: str, *key: str) -> Current:
        """The current row of a key; refused with the nearest known code if there is none."""
        master = self.masters[master_name]
        wanted = dict(zip(master.key, key, strict=False))
        found = master.current._default_manager.filter(**wanted)[:2]
        if len(found) != 1:
            raise Refused(_several(master, wanted) if found else unknown(master, wanted))
        return found[0]

    def exists(self, master_name: str, **key: Any) -> bool:
        """Whether there is a current row with these values."""
        return self.masters[master_name].current._default_manager.filter(**key).exists()

    def history_of(self, master_name: str, *key: str) -> pl.DataFrame:
        """Every statement ever made about a key, in the order of their commits: catalogue columns, commit_seq, retracted."""
        master = self.masters[master_name]
        wanted: dict[str, Any] = dict(zip(master.key, key, strict=False))
        rows = reading.statements(master, **wanted).sort("commit_seq", "valid_from", nulls_last=False)
        if rows.is_empty():
            raise Refused(unknown(master, wanted))
        return pl.concat([normal.to_catalogue(master, rows), rows.select("commit_seq", "retracted")], how="horizontal")

    def known(self, master_name: str, cut: int | None = None, **only: Any) -> pl.DataFrame:
        """What is known at a cut (None: now), as calculation reads it: null is blank, valid_to is exclusive."""
        return normal.text_to_blank(reading.known(self.masters[master_name], cut, **only))

    def export(self, master_name: str, cut: int | None = None, **only: Any) -> pl.DataFrame:
        """The master at a cut (None: now) in catalogue form, whole or where columns have the values given.

        Importing it again changes nothing.
        """
        master = self.masters[master_name]
        return normal.to_catalogue(master, reading.known(master, cut, **only).sort([*master.key, "valid_from"], nulls_last=False))


def last_commit(master: Master, key: Mapping[str, Any]) -> int:
    """The commit that said something about a key last; 0 if none ever did."""
    newest: int | None = master.history._default_manager.filter(**key).aggregate(newest=Max("commit_seq"))["newest"]
    return newest or 0


def unknown(master: Master, key: Mapping[str, Any]) -> Problem:
    """There is no such key; the hint names the nearest."""
    first = master.key[0]
    codes = master.current._default_manager.order_by(first).values_list(first, flat=True)[:10_000]
    return Problem(
        "unknown", f"this is not among the {master.name}", "", named(key), did_you_mean(str(key.get(first, "")), map(str, codes))
    )


def _several(master: Master, key: Mapping[str, Any]) -> Problem:
    return Problem("ambiguous", f"several {master.name} have this key", "", named(key), f"name all of: {', '.join(master.key)}")


def named(key: Mapping[str, Any]) -> str:
    """A key as people write it: its parts that are not blank."""
    return " / ".join(str(value) for value in key.values() if value not in ("", None))
