"""Names that mean no partner yet, over REST: the queue, and what people decide about them."""

from __future__ import annotations

from datetime import date
from typing import Any

from ninja import Router, Schema
from pydantic import Field

from steelyard.attribution import actions, names

from .gate import Asked, needs
from .paging import Asking, Page, of_rows
from .problems import answers

router = Router(tags=["matching"])


class NameShown(Schema):
    """A name at a source that means no partner yet."""

    source: str
    party: str = Field(examples=["ACME-4711"])
    names: list[str] = Field(examples=[["Acme Diagnostics Ltd"]])
    rows: int = Field(examples=[42])
    first: date | None
    last: date | None


class Deciding(Schema):
    """Which partner a name means; blank: none of ours."""

    source: str = Field(max_length=100)
    party: str = Field(max_length=300, examples=["ACME-4711"])
    partner: str = Field(max_length=200)


class TakingBack(Schema):
    """The name that shall wait again."""

    source: str = Field(max_length=100)
    party: str = Field(max_length=300, examples=["ACME-4711"])
    reason: str = Field("", max_length=500)


class Decided(Schema):
    """Whether that changed anything."""

    changed: bool = Field(examples=[True])


class Matched(Schema):
    """Source: name: partner."""

    matched: dict[str, dict[str, str]] = Field(examples=[{"erp": {"ACME-4711": "GB-0001"}}])


@router.get("", response=answers(ok=Page[NameShown]), summary="Names that mean no partner yet")
@needs("intake.read")
def unmatched(request: Asked, paging: Asking) -> dict[str, Any]:
    """Their rows count nowhere until somebody says who they are."""
    found = sorted(names.queue(), key=lambda name: (name.source, name.party))
    return of_rows(found, paging, lambda name: [name.source, name.party], _name)


@router.post("/match", response=answers(ok=Matched), summary="Match all names that are sure")
@needs("intake.write")
def match(request: Asked) -> dict[str, Any]:
    """Names that exactly one partner bears."""
    return {"matched": actions.match_waiting(acting_user=request.user)}


@router.post("/decide", response=answers(ok=Decided), summary="Say which partner a name means")
@needs("intake.write")
def decide(request: Asked, sent: Deciding) -> dict[str, Any]:
    """For all facts that came and will come under this name; no fact is rewritten."""
    return {"changed": actions.decide_name(source=sent.source, party=sent.party, partner=sent.partner, acting_user=request.user)}


@router.post("/take-back", response=answers(ok=Decided), summary="Take a decision about a name back")
@needs("intake.write")
def take_back(request: Asked, sent: TakingBack) -> dict[str, Any]:
    """The name waits again."""
    return {"changed": actions.take_back_name(source=sent.source, party=sent.party, acting_user=request.user, reason=sent.reason)}


def _name(found: names.Name) -> dict[str, Any]:
    same = ("source", "party", "rows", "first", "last")
    return {**{name: getattr(found, name) for name in same}, "names": list(found.names)}
