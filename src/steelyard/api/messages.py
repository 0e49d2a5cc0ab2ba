"""E-mail over REST: what left, what waits, what was given up. What a message says is not told: some open something."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from ninja import Router, Schema
from pydantic import Field

from steelyard.operations import actions
from steelyard.outbox import queries

from .addresses import Number
from .gate import Asked, needs
from .paging import Asking, Page, of_records
from .problems import answers

if TYPE_CHECKING:
    from steelyard.outbox.models import Message

router = Router(tags=["jobs"])


class EmailShown(Schema):
    """One e-mail to one address."""

    message: int = Field(examples=[31])
    to: str = Field(examples=["gina@example.com"])
    subject: str = Field(examples=["Your scorecard is published"])
    state: str = Field(description="waiting, sent, failed", examples=["sent"])
    attempts: int
    written_at: datetime
    sent_at: datetime | None
    error: str


@router.get("", response=answers(ok=Page[EmailShown]), summary="E-mails")
@needs("settings.read")
def messages(request: Asked, paging: Asking, state: str = "") -> dict[str, Any]:
    """All of them, newest first."""
    return of_records(queries.messages(states=(state,) if state else ()), paging, _shown, newest_first=True)


@router.post("/{message}/retry", response=answers(409, ok=EmailShown), summary="Deliver an e-mail again")
@needs("settings.write")
def retry(request: Asked, message: Number) -> dict[str, Any]:
    """Only one that was given up."""
    actions.retry_message(message=message, acting_user=request.user)
    return _shown(queries.message(message))


def _shown(found: Message) -> dict[str, Any]:
    same = ("to", "subject", "state", "attempts", "written_at", "sent_at", "error")
    return {"message": found.pk, **{name: getattr(found, name) for name in same}}
