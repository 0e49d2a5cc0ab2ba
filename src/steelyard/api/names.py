"""Names that mean no partner yet, over REST: the queue, and what people decide about them."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import polars as pl
from ninja import Router, Schema
from pydantic import Field

from steelyard.attribution import actions, decisions, names, waiting
from steelyard.calc.errors import Conflict, Problem
from steelyard.calc.units import to_text

from .filters import clean
from .gate import Asked, needs
from .paging import Asking, Page, of_records, of_rows
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
    reason: str = Field("", max_length=500)
    instead_of: str | None = Field(None, max_length=200, description="the decision that this one takes the place of; without it, 409")


class Counting(Schema):
    """The waiting names that hold all these words."""

    words: str = Field(min_length=1, max_length=200, examples=["labmedicin skaraby"])


class Counted(Schema):
    """What deciding them together would settle."""

    names: int
    rows: int


class DecidingSeveral(Counting):
    """Which partner they all mean; blank: none of ours. ``names`` is how many they were when they were counted."""

    partner: str = Field(max_length=200)
    names: int = Field(ge=1, le=2_000, description="as counted; refused if there are more or fewer by now")
    reason: str = Field("", max_length=500)


class DecidedSeveral(Schema):
    """How many names were decided."""

    decided: int


class DecisionShown(Schema):
    """A decision as it was made."""

    source: str
    party: str
    partner: str = Field(description="blank: none of ours")
    method: str = Field(description="person, model, name or code", examples=["person"])
    probability: str | None = Field(description="how likely the model held the partner to be, 0 to 1", examples=["0.98"])
    margin: str | None = Field(description="how far the next partner was behind it", examples=["0.41"])
    by: str
    at: datetime | None
    why: str
    stands: bool
    taken_back: bool


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
    waits = waiting.keys().sort(waiting.KEY)
    page = of_rows(waits.select(waiting.KEY).rows(), paging, list, list)
    keys = pl.DataFrame(page["items"], schema=dict.fromkeys(waiting.KEY, pl.String), orient="row")
    return page | {"items": [_name(name) for name in names.some(keys.join(waits, on=waiting.KEY, maintain_order="left"))]}


@router.post("/match", response=answers(ok=Matched), summary="Match all names that are sure")
@needs("intake.write")
def match(request: Asked) -> dict[str, Any]:
    """Names that exactly one partner bears."""
    return {"matched": actions.match_waiting(acting_user=request.user)}


@router.post("/decide", response=answers(ok=Decided), summary="Say which partner a name means")
@needs("intake.write")
def decide(request: Asked, sent: Deciding) -> dict[str, Any]:
    """For all facts that came and will come under this name; no fact is rewritten."""
    name = names.find(sent.source, sent.party)
    sure = names.certainty(name, sent.partner) if name and sent.partner else (None, None)
    changed = actions.decide_name(
        source=sent.source, party=sent.party, partner=sent.partner, acting_user=request.user, reason=sent.reason,
        instead_of=sent.instead_of, certainty=sure,
    )  # fmt: skip
    return {"changed": changed}


@router.post("/count", response=answers(ok=Counted), summary="Count the names that hold some words")
@needs("intake.write")
def count(request: Asked, sent: Counting) -> dict[str, Any]:
    """What deciding them together would settle; nothing is written."""
    found = waiting.ordered("value", sent.words)
    return {"names": found.height, "rows": int(found["rows"].sum())}


@router.post("/decide-several", response=answers(ok=DecidedSeveral), summary="Say which partner several names mean")
@needs("intake.write")
def decide_several(request: Asked, sent: DecidingSeveral) -> dict[str, Any]:
    """In one commit, one row of history each; refused if the queue holds another number of such names by now."""
    found = waiting.ordered("value", sent.words)
    if found.height != sent.names:
        hint = "count them again"
        raise Conflict(Problem("queue_changed", "the queue holds another number of such names", "names", str(found.height), hint))
    keys = list(found.select(waiting.KEY).iter_rows())
    return {"decided": actions.decide_names(keys=keys, partner=sent.partner, acting_user=request.user, reason=sent.reason)}


@router.get("/decisions", response=answers(ok=Page[DecisionShown]), summary="Every decision about a name")
@needs("intake.read")
def every_decision(request: Asked, paging: Asking, source: str = "", party: str = "", method: str = "") -> dict[str, Any]:
    """The newest first: method, probability, margin, who, and whether it stands."""
    asked = {"source": source, "party": party, "method": method}
    found = decisions.records().filter(**{name: clean(value) for name, value in asked.items() if value})
    page = of_records(found, paging, lambda row: row, newest_first=True)
    return page | {"items": [_decision(one) for one in decisions.told(page["items"])]}


@router.post("/take-back", response=answers(ok=Decided), summary="Take a decision about a name back")
@needs("intake.write")
def take_back(request: Asked, sent: TakingBack) -> dict[str, Any]:
    """The name waits again."""
    return {"changed": actions.take_back_name(source=sent.source, party=sent.party, acting_user=request.user, reason=sent.reason)}


def _decision(found: decisions.Decision) -> dict[str, Any]:
    same = ("source", "party", "partner", "method", "by", "at", "why", "stands", "taken_back")
    likely = {
        name: None if value is None else to_text(value, "percent")
        for name, value in (("probability", found.probability), ("margin", found.margin))
    }
    return {name: getattr(found, name) for name in same} | likely


def _name(found: names.Name) -> dict[str, Any]:
    same = ("source", "party", "rows", "first", "last")
    return {**{name: getattr(found, name) for name in same}, "names": list(found.names)}
