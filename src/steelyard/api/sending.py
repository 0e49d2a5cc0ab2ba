"""Facts in real time: send one row, many rows or orders with their lines; cancel; ask what became of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.http import HttpRequest
from ninja import Router, Schema, Status
from pydantic import ConfigDict, Field, ValidationError

from steelyard.calc.errors import Missing
from steelyard.intake.limits import MOST_SENT
from steelyard.ledger import actions as ledger
from steelyard.ledger.queries import Delivered, delivered

from . import actions
from .addresses import Number
from .facts import COLUMNS
from .facts import router as facts
from .gate import Asked, needs, prepares
from .looking import Looked, look_at
from .paging import Asking, Page, of_records
from .parsing import Value
from .problems import Told, answers

rows, cancellations, orders, received = (Router(tags=["sending"]) for _ in range(4))
SOURCE = Field(min_length=1, max_length=100, description="the system that these rows come from", examples=["erp"])
DELIVERY = Field("", max_length=200, description="the sender's own id of the message: again within 30 days, it has no effect")
ATOMIC = Field(description="true: all rows or none; false: the good rows are taken, and each other one is told why not")
LINE = {"line": "1", "product": "REA-1", "quantity": "5", "amount": "1250.00"}
HEADER = {"document": "PO-1001", "date": "2025-10-07", "party": "GB-0001", "currency": "EUR"}


class RowsSent(Schema):
    """What is sent; a field that is not described is refused (400)."""

    model_config = ConfigDict(extra="forbid")


class Sending(RowsSent):
    """One fact, as a source says it."""

    source: str = SOURCE
    columns: dict[str, Value] = COLUMNS
    delivery: str = DELIVERY


class SendingRows(RowsSent):
    """Many facts of one kind. A row may say `source_version`: a lower one than is known changes nothing."""

    source: str = SOURCE
    rows: list[dict[str, Value]] = Field(min_length=1, description=f"at most {MOST_SENT:,}", examples=[[HEADER | LINE]])
    atomic: bool = ATOMIC
    delivery: str = DELIVERY


class OrderSent(RowsSent):
    """An order: what all its lines share, and its lines."""

    columns: dict[str, Value] = Field(description="document, date, party, currency and whatever else all lines share", examples=[HEADER])
    lines: list[dict[str, Value]] = Field(min_length=1, examples=[[LINE]])


class SendingOrders(RowsSent):
    """Orders with their lines."""

    source: str = SOURCE
    orders: list[OrderSent] = Field(min_length=1, description=f"at most {MOST_SENT:,} lines in all")
    atomic: bool = ATOMIC
    delivery: str = DELIVERY


class Cancelling(RowsSent):
    """What counts no longer: lines by document and line, or whole documents."""

    source: str = SOURCE
    keys: list[dict[str, Value]] = Field(min_length=1, examples=[[{"document": "PO-1001", "line": "1"}]])
    atomic: bool = ATOMIC
    delivery: str = DELIVERY


class Received(Schema):
    """The fact is safe; it counts as soon as the worker has looked what it corrects, within two seconds as a rule."""

    number: int = Field(description="by which `/api/received/{received}` tells what became of it")
    state: str
    again: bool = Field(description="whether this delivery was known already")
    unmatched: bool = Field(description="its party means no partner yet: it counts nowhere until it does")


class RowTaken(Schema):
    """One row of a request: taken, known already, or refused with every reason."""

    index: int = Field(description="its place among all rows of the request, from 0")
    place: str = Field(examples=["orders[0].lines[1]"])
    state: str = Field(description="accepted, again or refused", examples=["accepted"])
    number: int | None
    unmatched: bool
    problems: list[Told]


class Taken(Schema):
    """What was taken: durable when this answers. Refused rows are nowhere; send them again when they are right."""

    rows_in: int
    accepted: int
    again: int
    refused: int
    unmatched: int
    results: list[RowTaken]


class ReceivedShown(Schema):
    """A row that was received, and what became of it."""

    number: int
    kind: str
    source: str
    delivery: str
    index: int
    state: str = Field(description="received: not looked at yet; live: it was made part of the ledger; settled: it changed nothing",
                       examples=["live"])  # fmt: skip
    outcome: str | None = Field(description="new, restated, duplicate, outdated, cancelled, nothing to cancel", examples=["new"])
    row: int | None = Field(description="the row that it became: `/api/facts/{kind}/{row}`")
    cut: int | None = Field(description="the commit since which that is so")
    received_at: datetime


def looked_at(model: type[RowsSent], look: Callable[..., Looked]) -> Callable[[Any], Any]:
    """Look at what is sent before the transaction of an operation begins; what is not as described is refused in its place."""

    def prepare(request: HttpRequest, **names: Any) -> None:
        try:
            sent = model.model_validate(getattr(request, "read_as_json", None))
        except ValidationError:
            return
        request.looked = look(sent, **names)  # type: ignore[attr-defined]

    return prepares(prepare)


def _one(sent: Sending, kind: str) -> Looked:
    return look_at(kind, [sent.columns], [""], source=sent.source, delivery=sent.delivery)


def _rows(sent: SendingRows, kind: str) -> Looked:
    return _many(sent, kind, sent.rows, [f"rows[{place}]" for place in range(len(sent.rows))])


def _orders(sent: SendingOrders) -> Looked:
    merged = [{**order.columns, **line} for order in sent.orders for line in order.lines]
    places = [f"orders[{first}].lines[{second}]" for first, order in enumerate(sent.orders) for second in range(len(order.lines))]
    return _many(sent, "orders", merged, places)


def _keys(sent: Cancelling, kind: str) -> Looked:
    return _many(sent, kind, sent.keys, [f"keys[{place}]" for place in range(len(sent.keys))], cancels=True)


def _many(
    sent: SendingRows | SendingOrders | Cancelling, kind: str, found: Sequence[Mapping[str, Any]], places: list[str], cancels: bool = False
) -> Looked:
    return look_at(kind, found, places, source=sent.source, delivery=sent.delivery, atomic=sent.atomic, cancels=cancels)


@facts.post("/{kind}", response=answers(accepted=Received), summary="Send one fact")
@needs("intake.write")
@looked_at(Sending, _one)
def send(request: Asked, kind: str, sent: Sending) -> Any:
    """Durable when this answers; checked by the same rules as the row of a file."""
    looked: Looked = request.looked  # type: ignore[attr-defined]
    (got,) = actions.take(looked=looked, acting_user=request.user)
    assert got is not None  # it would have been refused
    return Status(202, {"number": got.number, "state": got.state, "again": got.again, "unmatched": bool(looked.unmatched)})


@rows.post("/{kind}", response=answers(accepted=Taken), summary="Send many facts")
@needs("intake.write")
@looked_at(SendingRows, _rows)
def send_rows(request: Asked, kind: str, sent: SendingRows) -> Any:
    """Each row is answered. 202: something was taken; 422: nothing was. Files are better for more than a thousand rows."""
    return _told(request, [f"rows[{place}]" for place in range(len(sent.rows))])


@cancellations.post("/{kind}", response=answers(accepted=Taken), summary="Cancel facts")
@needs("intake.write")
@looked_at(Cancelling, _keys)
def cancel(request: Asked, kind: str, sent: Cancelling) -> Any:
    """What has these keys counts no longer, from the next commit on; without `line`, all lines of a document. Earlier cuts stay."""
    return _told(request, [f"keys[{place}]" for place in range(len(sent.keys))])


@orders.post("", response=answers(accepted=Taken), summary="Send orders with their lines")
@needs("intake.write")
@looked_at(SendingOrders, _orders)
def send_orders(request: Asked, sent: SendingOrders) -> Any:
    """The same order sent again changes nothing; a line with other content corrects what was known of it. Lines left out stay."""
    return _told(request, [f"orders[{n}].lines[{m}]" for n, order in enumerate(sent.orders) for m in range(len(order.lines))])


@received.get("", response=answers(ok=Page[ReceivedShown]), summary="What became of what was sent")
@needs("intake.write")
def deliveries(request: Asked, paging: Asking, source: str = "", delivery: str = "") -> Any:
    """Rows that the asking person or token sent within the last 30 days, in the order of their arrival."""
    return of_records(delivered(actor=request.user.username, source=source, delivery=delivery), paging, _shown)


@received.get("/{received}", response=answers(ok=ReceivedShown), summary="What became of one row")
@needs("intake.write")
def one_delivery(request: Asked, received: Number) -> Any:
    """Received, live or settled, with what it turned out to be."""
    found = delivered(actor=request.user.username).filter(pk=received).first()
    if found is None:
        raise Missing
    return _shown(found)


def _told(request: Asked, places: Sequence[str]) -> Any:
    """The answer for many rows, each in its place."""
    looked: Looked = request.looked  # type: ignore[attr-defined]
    got = actions.take(looked=looked, acting_user=request.user)
    results = [_result(index, place, looked, one) for index, (place, one) in enumerate(zip(places, got, strict=True))]
    states = [one["state"] for one in results]
    counts = {name: states.count(name) for name in ("accepted", "again", "refused")}
    return Status(202, {"rows_in": len(results), **counts, "unmatched": len(looked.unmatched), "results": results})


def _result(index: int, place: str, looked: Looked, got: ledger.Received | None) -> dict[str, Any]:
    state = "refused" if got is None else "again" if got.again else "accepted"
    problems = [problem.as_dict() for problem in looked.rows[index].problems]
    return {
        "index": index, "place": place, "state": state, "number": None if got is None else got.number,
        "unmatched": index in looked.unmatched, "problems": problems,
    }  # fmt: skip


def _shown(row: Delivered) -> dict[str, Any]:
    return {
        "number": row.pk, "kind": row.kind, "source": row.source, "delivery": row.delivery, "index": row.place,
        "state": "live" if row.state == row.SEALED else row.state, "outcome": row.outcome or None, "row": row.row_id, "cut": row.commit_seq,
        "received_at": row.received_at,
    }  # fmt: skip
