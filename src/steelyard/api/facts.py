"""Orders and all other facts over REST: browse them, open one row. Sending them: `sending`."""

from __future__ import annotations

from datetime import date
from typing import Any

import polars as pl
from django.http import HttpResponse
from ninja import Router, Schema
from pydantic import Field

from steelyard.accounts.permissions import may
from steelyard.calc.errors import Missing
from steelyard.calc.facts import FACTS, Kind
from steelyard.partners.row_columns import search_in
from steelyard.partners.rows import FactRows
from steelyard.partners.scopes import narrowed
from steelyard.scorecards.one_fact import OneFact, one_fact

from .addresses import Number
from .filters import Filtering, Narrowing, clean, wanted
from .gate import Asked, needs
from .masters import spoken
from .paging import Asking, Page, of_numbered
from .problems import answers
from .versions import tagged

router = Router(tags=["facts"])
ORIGIN = ("source", "batch", "source_row")
COLUMNS = Field(
    description="what the source said; numbers as decimal text in natural units",
    examples=[{"document": "PO-1001", "line": "1", "date": "2025-10-07", "amount": "1250.00", "currency": "EUR"}],
)


class ColumnShown(Schema):
    """A column of a kind."""

    name: str
    type: str
    meaning: str
    required: bool


class KindShown(Schema):
    """A kind of fact."""

    kind: str
    title: str
    meaning: str
    key: list[str]
    columns: list[ColumnShown]


class FactShown(Schema):
    """One row that counts now."""

    row: int = Field(description="its number, which never changes")
    source: str
    batch: int
    source_row: int | None
    columns: dict[str, Any] = COLUMNS


class MeantShown(Schema):
    """Whom the row means on its own date, and by which decision."""

    partner: str | None
    name: str | None
    how: str
    representative: str | None
    representative_how: str
    territory: str | None


class CountsInShown(Schema):
    """One reading of a scorecard that the row is listed behind."""

    framework: str
    period: str
    subject: str
    measure: str
    window: str | None
    kpis: list[str]
    counted: bool
    reason: str | None


class Correction(Schema):
    """Another row of the same line: what was said before or after."""

    row: int
    columns: dict[str, Any] = COLUMNS


class WholeFact(FactShown):
    """A row, whole: where it came from, whom it means, which scores it counts in."""

    kind: str
    live: bool = Field(description="false: it was corrected or taken back")
    file: str | None
    meant: MeantShown
    counts_in: list[CountsInShown]
    corrections: list[Correction]


@router.get("", response=answers(ok=list[KindShown]), summary="The kinds of facts")
@needs("orders.read")
def kinds(request: Asked) -> list[dict[str, Any]]:
    """What can be reported, column by column."""
    return [_kind(kind) for kind in FACTS.values()]


@router.get("/{kind}", response=answers(ok=Page[FactShown]), summary="Rows of a kind")
@needs("orders.read")
def facts(
    request: Asked, paging: Asking, filtering: Filtering, kind: str, partner: str = "", source: str = "", batch: int | None = None,
    first_day: date | None = None, last_day: date | None = None,
) -> dict[str, Any]:  # fmt: skip
    """The rows that count now, in the order of their numbers: whoever pages on while rows are added misses none."""
    declared = kind_named(kind)
    passing = conditions(declared, filtering, first_day, last_day)
    passing += [pl.col("source") == clean(source)] if source else []
    passing += [pl.col("batch") == batch] if batch is not None and 0 <= batch < 2**63 else []
    rows = FactRows(declared, scope=narrowed(request.scope, partner))
    return of_numbered(lambda after, size: rows.following(after, size, passing), paging, "row_id", lambda row: shown(declared, row))


@router.get("/{kind}/{row}", response=answers(ok=WholeFact), summary="One row")
@needs("orders.read")
def fact(request: Asked, response: HttpResponse, kind: str, row: Number) -> dict[str, Any]:
    """What its source said, where it came from, whom it means and why, and the scores it counts in."""
    return tagged(response, _whole(one_fact(kind, row, scope=request.scope), batches=may(request.user, "intake.read")))


def kind_named(name: str) -> Kind:
    """The kind of this name; `Missing` if there is none."""
    if name not in FACTS:
        raise Missing
    return FACTS[name]


def conditions(
    kind: Kind, filtering: Narrowing, first_day: date | None, last_day: date | None, hidden: frozenset[str] = frozenset()
) -> list[pl.Expr]:
    """What rows must fulfil; a column that is hidden is neither found by nor searched."""
    passing: list[pl.Expr] = []
    for name, value in wanted(filtering, kind.columns, hidden).items():
        passing.append(pl.col(name).is_null() if value is None else (pl.col(name) == value).fill_null(False))
    for word in clean(filtering.q).split():
        texts = [name for name in search_in(kind) if name not in hidden]
        inside = [pl.col(name).str.to_lowercase().str.contains(word.casefold(), literal=True) for name in texts]
        passing.append(pl.any_horizontal(inside).fill_null(False) if inside else pl.lit(False))
    if kind.date and first_day:
        passing.append(pl.col(kind.date) >= first_day)
    if kind.date and last_day:
        passing.append(pl.col(kind.date) <= last_day)
    return passing


def shown(kind: Kind, row: dict[str, Any]) -> dict[str, Any]:
    """A row as JSON."""
    return {"row": row["row_id"], **{name: row[name] for name in ORIGIN}, "columns": columns_of(kind, row)}


def columns_of(kind: Kind, row: dict[str, Any], hidden: frozenset[str] = frozenset()) -> dict[str, Any]:
    """What the source said, column by column."""
    return {column.name: spoken(column.type, row[column.name]) for column in kind.columns if column.name not in hidden}


def _kind(kind: Kind) -> dict[str, Any]:
    columns = [
        {"name": column.name, "type": column.type, "meaning": column.meaning, "required": column.required} for column in kind.columns
    ]
    return {"kind": kind.name, "title": kind.title, "meaning": kind.meaning, "key": list(kind.key), "columns": columns}


def _whole(found: OneFact, *, batches: bool) -> dict[str, Any]:
    meant = {name: getattr(found.meant, name) for name in ("partner", "name", "how", "representative", "representative_how", "territory")}
    counts_in = [
        {
            "framework": one.run.framework.code, "period": one.run.period, "subject": one.subject, "measure": one.measure,
            "window": one.window, "kpis": [code for code, _title in one.kpis], "counted": one.counted, "reason": one.reason,
        }
        for one in found.counts_in
    ]  # fmt: skip
    return {
        **shown(found.kind, found.values), "kind": found.kind.name, "live": found.live,
        "file": found.batch.name if found.batch and batches else None,
        "meant": meant, "counts_in": counts_in,
        "corrections": [{"row": one["row_id"], "columns": columns_of(found.kind, one)} for one in found.said_later],
    }  # fmt: skip
