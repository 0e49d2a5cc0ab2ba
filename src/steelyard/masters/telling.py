"""What is known of one record, as its page tells it: values in force, from when to when, and every statement ever made."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import polars as pl
from django.urls import reverse
from django.utils.translation import gettext as _

from steelyard.calc.units import DECIMALS, to_text
from steelyard.ledger import queries as ledger
from steelyard.ui import formats

from . import normal, reading
from .catalogue import Catalogue, One
from .keys import key_path
from .master import Master
from .seen import Limit, only
from .titles import column_title, master_title


@dataclass(frozen=True)
class Fact:
    """One value: its title, how people read it, and the page of what it names."""

    title: Any
    text: str
    url: str = ""


@dataclass(frozen=True)
class Statement:
    """What one commit said of a record."""

    cut: int
    made_at: datetime | None
    actor: str
    note: str
    first: date | None
    last: date | None
    over: bool
    facts: Sequence[Fact]


@dataclass(frozen=True)
class Related:
    """Records of another master that name this one."""

    title: Any
    count: int
    url: str


def spoken(master: Master, name: str, value: Any) -> str:
    """A value as people read it; numbers with all their decimals."""
    if value is None or value == "":
        return ""
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, date):
        return formats.day(value)
    unit = next((column.type for column in master.columns if column.name == name), "text")
    return to_text(value, unit) if unit in DECIMALS and isinstance(value, int) else str(value)


def facts_of(catalogue: Catalogue, one: One, scope: Any) -> list[Fact]:
    """The values in force, with the names of what they refer to."""
    found, hidden = [], catalogue.hidden(one.master.name, scope)
    for column in one.master.columns:
        if column.name in hidden:
            continue
        value = getattr(one.row, column.name)
        text, url = spoken(one.master, column.name, value), ""
        owner = catalogue.owner_of(one.master, column.name)
        if owner is not None and value:
            named = catalogue.queries.records(owner.name, catalogue.limits(owner.name, scope)).filter(**{owner.key[0]: value}).first()
            name = getattr(named, "name", "")
            text = f"{name} ({value})" if name and name != value else text
            url = reverse("masters:one", args=(owner.name, key_path([value]))) if named else ""
        found.append(Fact(column_title(column.name), text, url))
    return found


def periods(one: One, limits: Sequence[Limit], hidden: Collection[str] = ()) -> list[Statement]:
    """From when to when what was true, as known now: the newest first."""
    rows = only(normal.to_catalogue(one.master, reading.known(one.master, **one.key)), limits)
    rows = rows.sort("valid_from", nulls_last=False, descending=False) if one.master.dated else rows
    return [
        Statement(0, None, "", "", row.get("valid_from"), row.get("valid_to"), False, _facts(one.master, row, hidden))
        for row in reversed(rows.rows(named=True))
    ]


def statements(one: One, limits: Sequence[Limit], most: int | None = None, hidden: Collection[str] = ()) -> list[Statement]:
    """Every statement ever made, the newest first, with who made it."""
    rows = only(reading.statements(one.master, **one.key), limits).sort("commit_seq", descending=True, maintain_order=True)
    told = pl.concat([normal.to_catalogue(one.master, rows), rows.select("commit_seq", "retracted")], how="horizontal")
    told = told.head(most) if most else told
    made = ledger.commits(told["commit_seq"].to_list())
    return [_statement(one.master, row, made.get(row["commit_seq"]), hidden) for row in told.rows(named=True)]


def _statement(master: Master, row: dict[str, Any], commit: Any, hidden: Collection[str]) -> Statement:
    return Statement(
        row["commit_seq"], commit.made_at if commit else None, commit.actor if commit else "", commit.note if commit else "",
        row.get("valid_from"), row.get("valid_to"), row["retracted"], [] if row["retracted"] else _facts(master, row, hidden),
    )  # fmt: skip


def _facts(master: Master, row: dict[str, Any], hidden: Collection[str]) -> list[Fact]:
    return [Fact(column_title(name), text) for name in master.values if name not in hidden and (text := spoken(master, name, row[name]))]


def related(catalogue: Catalogue, one: One, scope: Any) -> list[Related]:
    """The lists of other records that name this one, as far as the reader sees them."""
    if len(one.master.key) != 1:
        return []
    code, found = next(iter(one.key.values())), []
    for other in catalogue.masters.values():
        for column in other.references:
            owner = catalogue.owner_of(other, column)
            if owner is None or owner.name != one.master.name:
                continue
            count = catalogue.queries.records(other.name, catalogue.limits(other.name, scope)).filter(**{column: code}).count()
            title = master_title(other.name)
            if other.name == one.master.name:
                title = f"{title}: {str(column_title(column)).lower()}"
            if count:
                found.append(Related(title, count, f"{reverse('masters:list', args=(other.name,))}?{column}={code}"))
    return found
