"""Sales that two systems tell of, over REST: who, how many, both rows, and the decision."""

from __future__ import annotations

from datetime import date
from typing import Any

from ninja import Router, Schema
from pydantic import Field

from steelyard.intake import actions, twice

from .filters import clean
from .gate import Asked, needs
from .paging import Asking, Page, of_rows
from .problems import answers

router = Router(tags=["intake"])


class GroupShown(Schema):
    """What two systems tell alike of one partner."""

    kind: str = Field(examples=["orders"])
    partner: str
    name: str
    first: str = Field(examples=["erp"])
    second: str = Field(examples=["shop"])
    pairs: int = Field(examples=[12])
    sure: int = Field(description="of which agree in amount and product", examples=[9])
    since: date
    until: date
    at_stake: dict[str, str] = Field(description="currency -> the smaller amounts of the pairs", examples=[{"EUR": "1200.00"}])


class ToldRow(Schema):
    """One of the two rows, as its source said it."""

    row: int
    source: str
    document: str | None
    line: str | None
    party: str | None
    product: str | None
    quantity: str | None = Field(examples=["2"])
    amount: str | None = Field(examples=["100.00"])
    currency: str | None
    batch: int
    source_row: int | None


class PairShown(Schema):
    """Two rows that look like one sale."""

    kind: str
    partner: str
    day: date
    rule: str = Field(description="amount and product, product and quantity, amount", examples=["amount and product"])
    first: ToldRow
    second: ToldRow


class OneCounts(Schema):
    """Which source counts for a kind, for whom, from when to when."""

    kind: str = Field(max_length=40, examples=["orders"])
    source: str = Field("", max_length=100, description="blank: every source counts", examples=["erp"])
    partner: str = Field("", max_length=200, description="blank: every partner of whom nothing else is said", examples=["ALP"])
    first_day: date | None = None
    last_day: date | None = None
    reason: str = Field("", max_length=500)


class BothCount(Schema):
    """Pairs that are two different sales: those named, or all of the group."""

    kind: str = Field(max_length=40, examples=["orders"])
    partner: str = Field(max_length=200)
    first: str = Field(max_length=100, examples=["erp"])
    second: str = Field(max_length=100, examples=["shop"])
    rows: list[tuple[int, int]] | None = Field(None, max_length=10_000, description="pairs of `row`; null: all of the group")
    reason: str = Field("", max_length=500)


class CountsDecided(Schema):
    """How many statements or pairs were recorded; 0: it was known."""

    recorded: int


@router.get("", response=answers(ok=Page[GroupShown]), summary="Sales told twice")
@needs("intake.read")
def groups(request: Asked, paging: Asking) -> dict[str, Any]:
    """Each partner of whom two systems tell alike."""
    found = sorted(twice.groups(), key=lambda group: (group.kind, group.partner, group.first, group.second))
    return of_rows(found, paging, lambda group: [group.kind, group.partner, group.first, group.second], twice.Group.as_dict)


@router.get("/pairs", response=answers(ok=Page[PairShown]), summary="Both rows of sales told twice")
@needs("intake.read")
def pairs(request: Asked, paging: Asking, kind: str = "", partner: str = "", first: str = "", second: str = "") -> dict[str, Any]:
    """The pairs of one group, by day; none, if there is no such group."""
    found = sorted(twice.pairs(clean(kind), clean(partner), clean(first), clean(second)), key=_place)
    return of_rows(found, paging, _place, twice.Pair.as_dict)


@router.post("/authority", response=answers(ok=CountsDecided), summary="Say which system counts")
@needs("intake.write")
def authority(request: Asked, sent: OneCounts) -> dict[str, Any]:
    """Rows of other sources are left out when they are read, with that reason; published results stay."""
    done = actions.declare_authority(**sent.dict(), acting_user=request.user)
    return {"recorded": done.new + done.changed}


@router.post("/different", response=answers(ok=CountsDecided), summary="Say that they are different sales")
@needs("intake.write")
def different(request: Asked, sent: BothCount) -> dict[str, Any]:
    """Both rows of each pair count, and it is no longer listed."""
    given = sent.dict() | {"rows": None if sent.rows is None else set(sent.rows)}
    return {"recorded": actions.keep_both(**given, acting_user=request.user)}


def _place(pair: twice.Pair) -> list[Any]:
    return [pair.day.isoformat(), pair.first["row_id"], pair.second["row_id"]]
