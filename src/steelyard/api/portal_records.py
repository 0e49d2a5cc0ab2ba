"""The partner's own questions and documents over REST, and what waits for it."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.http import HttpResponse
from ninja import Router, Schema, Status
from pydantic import Field

from steelyard.portal import own_rows, published
from steelyard.portal.to_do import to_do
from steelyard.portal.whose import Whose
from steelyard.records import actions, queries
from steelyard.reviews import actions as reviews

from .addresses import MOST, Number
from .documents import FILE, DocumentShown, as_file, document_shown
from .gate import Asked, needs
from .paging import Asking, Page, of_records
from .portal import own_of
from .problems import answers
from .questions import TEXT, Closing, QuestionShown, Saying, WholeQuestion, question_shown, whole
from .versions import tagged

router = Router(tags=["portal"])


class OwnDoubt(Schema):
    """The own number that is questioned. Without a KPI the score as a whole."""

    framework: str = Field(max_length=100)
    period: str = Field(max_length=40)
    kpi: str = Field("", max_length=100, examples=[""])
    kind: str = Field("orders", max_length=50, description="with `row`: the kind of fact")
    row: int | None = Field(None, ge=0, le=MOST, examples=[None])
    text: str = TEXT


class OwnWaiting(Schema):
    """One thing to do."""

    title: str = Field(examples=["Acknowledge the scorecard of 2025-Q4"])
    until: date | None
    note: str
    late: bool
    address: str = Field(description="the page where it is done", examples=["/portal/questions/9"])


@router.get("/waiting", response=answers(ok=list[OwnWaiting]), summary="What waits for the partner")
@needs("portal.read")
def waiting(request: Asked, partner: str = "") -> list[dict[str, Any]]:
    """A scorecard to acknowledge, answers to read, new documents: the list of the portal's home, the most pressing first."""
    found = to_do(own_of(request, partner), request.user)
    return [{"address": one.url, **{name: getattr(one, name) for name in ("title", "until", "note", "late")}} for one in found]


@router.get("/questions", response=answers(ok=Page[QuestionShown]), summary="Own questions")
@needs("portal.read")
def questions(request: Asked, paging: Asking, partner: str = "") -> dict[str, Any]:
    """In the order they were asked."""
    own = own_of(request, partner)
    return of_records(queries.questions(own.scope, partner=own.code), paging, question_shown)


@router.post("/questions", response=answers(made=WholeQuestion), summary="Question an own number")
@needs("portal.ask")
def ask(request: Asked, sent: OwnDoubt, partner: str = "") -> Any:
    """A published score, one of its KPIs, or a row behind it."""
    own = own_of(request, partner)
    number = _number(own, sent)
    return Status(201, whole(reviews.ask(**number, text=sent.text, acting_user=request.user, scope=own.scope)))


@router.get("/questions/{question}", response=answers(ok=WholeQuestion), summary="An own question")
@needs("portal.read")
def question(request: Asked, response: HttpResponse, question: Number, partner: str = "") -> dict[str, Any]:
    """What was said."""
    return tagged(response, whole(queries.question(question, own_of(request, partner).scope)))


@router.post("/questions/{question}/reply", response=answers(ok=WholeQuestion), summary="Add to an own question")
@needs("portal.ask")
def reply(request: Asked, question: Number, sent: Saying, partner: str = "") -> dict[str, Any]:
    """While it waits for its answer."""
    return whole(actions.reply(question=question, text=sent.text, acting_user=request.user, scope=own_of(request, partner).scope))


@router.post("/questions/{question}/close", response=answers(ok=WholeQuestion), summary="Close an own question")
@needs("portal.ask")
def close(request: Asked, question: Number, sent: Closing, partner: str = "") -> dict[str, Any]:
    """The answer is enough."""
    return whole(actions.close(question=question, text=sent.text, acting_user=request.user, scope=own_of(request, partner).scope))


@router.post("/questions/{question}/reopen", response=answers(ok=WholeQuestion), summary="Reopen an own question")
@needs("portal.ask")
def reopen(request: Asked, question: Number, sent: Saying, partner: str = "") -> dict[str, Any]:
    """The answer is not enough."""
    return whole(actions.reopen(question=question, text=sent.text, acting_user=request.user, scope=own_of(request, partner).scope))


@router.get("/documents", response=answers(ok=Page[DocumentShown]), summary="Own documents")
@needs("portal.read")
def documents(request: Asked, paging: Asking, partner: str = "") -> dict[str, Any]:
    """Newest first."""
    own = own_of(request, partner)
    return of_records(queries.documents(own.scope, own.code), paging, document_shown, newest_first=True)


@router.get("/documents/{document}", response=answers(ok=None), summary="An own document's file", openapi_extra=FILE)
@needs("portal.read")
def download(request: Asked, document: Number, partner: str = "") -> Any:
    """The bytes, always as a file to keep."""
    return as_file(document, queries.download(document, own_of(request, partner).scope))


def _number(own: Whose, sent: OwnDoubt) -> dict[str, Any]:
    """The number that is named, if it is published and theirs; else `Missing`."""
    card = published.card(own, sent.framework, sent.period)
    number: dict[str, Any] = {"framework": sent.framework, "period": sent.period, "subject": card.subject, "kpi": sent.kpi}
    if sent.kpi:
        card.line(sent.kpi)
    if sent.row is not None:
        own_rows.own_row(own, sent.kind, sent.row)
        number |= {"row": sent.row, "kind": sent.kind}
    return number
