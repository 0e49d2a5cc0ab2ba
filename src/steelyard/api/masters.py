"""Partners and all other master data over REST: lists, one record with its history, adding, changing, ending, loading many."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Annotated, Any

import polars as pl
from django.http import HttpResponse
from ninja import Query, Router, Schema, Status
from pydantic import Field

from steelyard.calc.errors import Problem, Refused
from steelyard.calc.units import DECIMALS, to_text
from steelyard.ledger.queries import commits
from steelyard.masters import normal, reading, seen
from steelyard.masters.actions import Actions, Loaded
from steelyard.masters.catalogue import One
from steelyard.masters.keys import key_path
from steelyard.masters.master import Master
from steelyard.masters.typed import catalogue_row
from steelyard.partners.catalogue import CATALOGUE

from .filters import Filtering, narrowed
from .gate import Asked, needs
from .paging import Asking, Page, of_keyed, of_rows
from .parsing import Value
from .problems import answers
from .versions import must_match, tagged

router = Router(tags=["masters"])
MOST_ROWS = 10_000
VALUES = Field(
    description="column: value; numbers as decimal text, days as ISO dates, null for blank",
    examples=[{"code": "GB-0099", "name": "Northern Diagnostics", "country": "GB"}],
)


class MasterShown(Schema):
    """One kind of master data and its columns."""

    master: str
    meaning: str
    key: list[str]
    columns: list[str]
    records: int


class Record(Schema):
    """What is known of one key now; what is true from a day on has more in its history."""

    master: str
    key: str = Field(description="as it ends an address")
    values: dict[str, Any] = VALUES
    valid_from: date | None
    last_day: date | None


class WholeRecord(Record):
    """The same with its version."""

    version: int = Field(description="the commit that said something about it last")


class Statement(Schema):
    """What one commit said of a record."""

    cut: int
    made_at: datetime | None
    actor: str
    note: str
    values: dict[str, Any] = VALUES
    valid_from: date | None
    last_day: date | None
    over: bool = Field(description="whether it says that from then on nothing holds")


class Statements(Schema):
    """Values, from when to when they are true, and why."""

    values: dict[str, Value] = VALUES
    valid_from: date | None = Field(None, description="null: always")
    last_day: date | None = Field(None, description="null: for ever")
    reason: str = Field("", max_length=500)


class Adding(Statements):
    """A new record."""

    beside: bool = Field(False, description="of a place that one holds at a time: whoever has it keeps it too")


class Loading(Schema):
    """Rows as a file would have them: columns that are left out stay as they are known."""

    rows: list[dict[str, Value]] = Field(min_length=1, max_length=MOST_ROWS, examples=[[{"code": "GB-0099", "city": "Leeds"}]])
    reason: str = Field("", max_length=500)


class Done(Schema):
    """What a write did: rows by outcome; without a cut nothing was written, because it was known already."""

    new: int
    changed: int
    unchanged: int
    cut: int | None


class Ending(Schema):
    """From when on it is over, and why."""

    valid_from: date | None = Field(None, description="the first day on which it is no longer so; null: it never was")
    reason: str = Field("", max_length=500)


@router.get("", response=answers(ok=list[MasterShown]), summary="All masters")
@needs("masters.read")
def masters(request: Asked) -> list[dict[str, Any]]:
    """Which masters there are, with the number of records in sight."""
    return [_master(name, request) for name in CATALOGUE.masters]


@router.get("/{master}", response=answers(ok=Page[Record]), summary="The records of a master")
@needs("masters.read")
def records(request: Asked, paging: Asking, filtering: Filtering, master: str) -> dict[str, Any]:
    """Current records in the order of their keys, found by words or by `where=column:value`."""
    declared = CATALOGUE.master(master)
    hidden = CATALOGUE.hidden(master, request.scope)
    found = CATALOGUE.queries.records(master, CATALOGUE.limits(master, request.scope))
    found = narrowed(found, declared.columns, filtering, hidden)
    return of_keyed(found, declared.key, paging, lambda row: _brief(declared, row, hidden))


@router.post("/{master}", response=answers(made=WholeRecord), summary="Add a record")
@needs("masters.write")
def add(request: Asked, response: HttpResponse, master: str, sent: Adding) -> Any:
    """Record something new."""
    declared = CATALOGUE.master(master)
    _known(declared, sent.values)
    values: dict[str, Any] = {**sent.values, **({"beside": True} if sent.beside else {})}
    Actions(CATALOGUE.masters).add(
        master, acting_user=request.user, valid_from=sent.valid_from, last_day=sent.last_day, reason=sent.reason, **values
    )
    path = key_path(sent.values.get(name) for name in declared.key)
    return Status(201, tagged(response, _record(CATALOGUE.one(master, path, request.scope), request)))


@router.post("/{master}/load", response=answers(ok=Done), summary="Load many records")
@needs("masters.write")
def load(request: Asked, master: str, sent: Loading) -> dict[str, Any]:
    """One commit; refused whole if a row has a problem, with all problems."""
    declared = CATALOGUE.master(master)
    columns = list(dict.fromkeys(name for row in sent.rows for name in row))
    if any(set(row) != set(columns) for row in sent.rows):
        hint = "give every row the same columns, null for blank"
        raise Refused(Problem("uneven_rows", "rows have different columns", "rows", ", ".join(columns)[:200], hint))
    frames = [_row(declared, place, row) for place, row in enumerate(sent.rows, start=1)]
    loaded = Actions(CATALOGUE.masters).load(master, pl.concat(frames), acting_user=request.user, note=sent.reason)
    return _done(loaded)


@router.get("/{master}/{path:key}/history", response=answers(ok=Page[Statement]), summary="The history of a record")
@needs("masters.read")
def history(request: Asked, paging: Asking, master: str, key: str) -> dict[str, Any]:
    """Every statement ever made about it, oldest first: nothing is ever overwritten."""
    found = CATALOGUE.one(master, key, request.scope)
    hidden = CATALOGUE.hidden(master, request.scope)
    rows = seen.only(reading.statements(found.master, **found.key), CATALOGUE.limits(master, request.scope))
    rows = rows.sort("commit_seq", maintain_order=True)
    told = pl.concat([normal.to_catalogue(found.master, rows), rows.select("commit_seq", "retracted")], how="horizontal").to_dicts()
    made = commits(rows["commit_seq"].to_list())
    numbered = list(enumerate(told))
    return of_rows(numbered, paging, lambda row: row[0], lambda row: _statement(found.master, row[1], made, hidden))


@router.get("/{master}/{path:key}", response=answers(ok=WholeRecord), summary="One record")
@needs("masters.read")
def one(request: Asked, response: HttpResponse, master: str, key: str) -> dict[str, Any]:
    """What is known of it now."""
    return tagged(response, _record(CATALOGUE.one(master, key, request.scope), request))


@router.patch("/{master}/{path:key}", response=answers(ok=WholeRecord), summary="Change a record")
@needs("masters.write")
def change(request: Asked, response: HttpResponse, master: str, key: str, sent: Statements) -> dict[str, Any]:
    """Other values from a day on; values that are not sent stay."""
    found = CATALOGUE.one(master, key, request.scope)
    before = _record(found, request)
    must_match(request, before)
    _known(found.master, sent.values, besides=found.master.key)
    Actions(CATALOGUE.masters).change(
        master, acting_user=request.user, valid_from=sent.valid_from, last_day=sent.last_day, reason=sent.reason,
        version=before["version"], **found.key, **sent.values,
    )  # fmt: skip
    return tagged(response, _record(CATALOGUE.one(master, key, request.scope), request))


@router.delete("/{master}/{path:key}", response=answers(ok=Done), summary="End a record")
@needs("masters.write")
def retire(request: Asked, master: str, key: str, ending: Annotated[Ending, Query(...)]) -> dict[str, Any]:
    """From a day on it is over, or it never was. Its history stays."""
    found = CATALOGUE.one(master, key, request.scope)
    before = _record(found, request)
    must_match(request, before)
    done = Actions(CATALOGUE.masters).retire(
        master, acting_user=request.user, valid_from=ending.valid_from, reason=ending.reason, version=before["version"], **found.key
    )
    return _done(done)


def _known(master: Master, values: dict[str, Any], besides: list[str] | None = None) -> None:
    """Only the master's own columns: the actions take options under other names."""
    allowed = {column.name for column in master.columns} - set(besides or ())
    problems = [
        Problem("unknown_column", "there is no such column to be said here", name, hint=", ".join(sorted(allowed)))
        for name in values
        if name not in allowed
    ]
    missing = [] if besides else [name for name in master.key if name not in values]
    problems += [Problem("required", "a value is required", name) for name in missing]
    if problems:
        raise Refused(problems)


def _row(master: Master, place: int, row: dict[str, Any]) -> pl.DataFrame:
    values = {name: value for name, value in row.items() if name not in ("valid_from", "valid_to")}
    days = []
    for name in ("valid_from", "valid_to"):
        try:
            days.append(date.fromisoformat(str(row[name])) if row.get(name) else None)
        except ValueError:
            raise Refused(Problem("bad-value", "this is not a date", f"row {place}, column `{name}`", str(row[name])[:60])) from None
    frame = catalogue_row(master, values, days[0], days[1]).with_columns(source_row=pl.lit(place, dtype=pl.Int64))
    return frame if master.dated else frame.drop("valid_from", "valid_to", strict=False)


def _done(loaded: Loaded) -> dict[str, Any]:
    return {"new": loaded.new, "changed": loaded.changed, "unchanged": loaded.unchanged, "cut": loaded.commit_seq}


def _master(name: str, request: Asked) -> dict[str, Any]:
    master, hidden = CATALOGUE.masters[name], CATALOGUE.hidden(name, request.scope)
    return {
        "master": name, "meaning": master.kind.meaning, "key": master.key,
        "columns": [column.name for column in master.columns if column.name not in hidden],
        "records": CATALOGUE.queries.records(name, CATALOGUE.limits(name, request.scope)).count(),
    }  # fmt: skip


def _record(found: One, request: Asked) -> dict[str, Any]:
    told = _brief(found.master, found.row, CATALOGUE.hidden(found.master.name, request.scope))
    return told | {"version": CATALOGUE.queries.version(found.master.name, **found.key)}


def _brief(master: Master, row: Any, hidden: frozenset[str]) -> dict[str, Any]:
    values = {column.name: spoken(column.type, getattr(row, column.name)) for column in master.columns if column.name not in hidden}
    dated = master.dated
    return {
        "master": master.name, "key": key_path(getattr(row, name) for name in master.key), "values": values,
        "valid_from": row.valid_from if dated else None,
        "last_day": row.valid_to - timedelta(days=1) if dated and row.valid_to else None,
    }  # fmt: skip


def _statement(master: Master, row: dict[str, Any], made: Any, hidden: frozenset[str]) -> dict[str, Any]:
    commit = made.get(row["commit_seq"])
    return {
        "cut": row["commit_seq"], "made_at": commit.made_at if commit else None, "actor": commit.actor if commit else "",
        "note": commit.note if commit else "", "valid_from": row.get("valid_from"), "last_day": row.get("valid_to"),
        "over": bool(row["retracted"]),
        "values": {column.name: spoken(column.type, row[column.name]) for column in master.columns if column.name not in hidden},
    }  # fmt: skip


def spoken(kind: str, value: Any) -> Any:
    """A stored value as JSON: numbers as decimal text in natural units, days as ISO dates, blank as null."""
    if value is None or value == "":
        return None
    if isinstance(value, bool):
        return value
    if kind in DECIMALS and isinstance(value, int):
        return to_text(value, kind)
    return value.isoformat() if isinstance(value, date) else value
