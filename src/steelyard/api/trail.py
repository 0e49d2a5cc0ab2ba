"""The audit trail over REST: who did what to what, when, from where."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from ninja import Router, Schema
from pydantic import Field

from steelyard.audit import queries

from .filters import clean
from .gate import Asked, needs
from .paging import Asking, Page, of_records
from .problems import answers

if TYPE_CHECKING:
    from steelyard.audit.models import Entry

router = Router(tags=["audit"])


class ChangeShown(Schema):
    """One value before and after."""

    name: str
    old: str | None
    new: str | None


class EntryShown(Schema):
    """One action. Entries are only ever added."""

    entry: int
    made_at: datetime
    actor: str
    action: str
    subject: str = Field(examples=["partners:GB-0001"])
    reason: str
    origin: str
    changes: list[ChangeShown]


@router.get("", response=answers(ok=Page[EntryShown]), summary="The audit trail")
@needs("audit.read")
def trail(request: Asked, paging: Asking, actor: str = "", action: str = "", subject: str = "") -> dict[str, Any]:
    """Every entry, oldest first: whoever pages on while entries are added misses none."""
    found = queries.entries(subject=clean(subject) or None, action=clean(action) or None)
    return of_records(found.filter(actor=clean(actor)) if actor else found, paging, _entry)


def _entry(found: Entry) -> dict[str, Any]:
    same = ("made_at", "actor", "action", "subject", "reason", "origin")
    changes = [{"name": one.name, "old": one.old, "new": one.new} for one in queries.changes(found)]
    return {"entry": found.pk, **{name: getattr(found, name) for name in same}, "changes": changes}
