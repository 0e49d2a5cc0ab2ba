"""The rows behind a step of a change, over REST."""

from __future__ import annotations

from typing import Any

from ninja import Schema
from pydantic import Field

from steelyard.calc.errors import Missing
from steelyard.calc.facts import Kind
from steelyard.calc.lists.listing import row_kind
from steelyard.calc.measures.listing import listed_as
from steelyard.calc.measures.natural import unit_of
from steelyard.calc.points import Reading
from steelyard.ledger.scope import Scope
from steelyard.scorecards import cards, moved, opening

from .figures import figure
from .masters import spoken
from .paging import Asking, of_rows


class MovedRow(Schema):
    """One row that a cause brought, took away or made count otherwise."""

    row: int
    kind: str
    before: str | None = Field(description="what it added before this step, as decimal text; null: it was not there")
    after: str | None
    moved: str | None = Field(description="after less before; together what the step did to the reading, where rows add up to it")
    reason: str = Field(description="why it is not counted")
    columns: dict[str, Any] = Field(examples=[{"document": "PO-1001", "date": "2025-10-07", "amount": "1250.00"}])


def moved_of(found: cards.Card, asked: tuple[str, str, Reading], paging: Asking, scope: Scope) -> dict[str, Any]:
    """A page of the rows that a cause moved in a reading of a KPI; `Missing` where the KPI does not read it."""
    cause, kpi, reading = asked
    found.line(kpi)
    if reading not in {Reading(one.selector.measure, one.selector.window) for one in opening.evidence_of(found.run, found.subject, kpi)}:
        raise Missing
    listed = moved.of_card(found, cause, reading, scope=scope).with_row_index("#place", offset=1).to_dicts()
    measure = found.framework.measures[reading.measure]
    kind, unit = row_kind(found.framework, measure), unit_of(measure)
    return of_rows(listed, paging, lambda row: row["#place"], lambda row: _row(row, kind, unit))


def _row(row: dict[str, Any], kind: Kind, unit: str) -> dict[str, Any]:
    columns = {column.name: spoken(column.type, row.get(listed_as(kind, column.name))) for column in kind.columns}
    adds = {name: figure(row[name], unit)["value"] for name in moved.ADDED}
    return {"row": row["row_id"], "kind": kind.name, **adds, "reason": row["reason"] or "", "columns": columns}
