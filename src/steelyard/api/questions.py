"""Questions about numbers over REST: asking at a score, a KPI or a row; answering, adding, closing, reopening."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from django.http import HttpResponse
from ninja import Router, Schema, Status
from pydantic import Field

from steelyard.records import actions, queries
from steelyard.reviews import actions as reviews

from .addresses import MOST, Number
from .gate import Asked, needs
from .paging import Asking, Page, of_records
from .problems import answers
from .versions import tagged

if TYPE_CHECKING:
    from steelyard.records.models import Question

router = Router(tags=["questions"])
TEXT = Field(max_length=5000, description="one sentence is enough")


class QuestionShown(Schema):
    """A question about one number."""

    question: int
    partner: str
    framework: str
    period: str
    subject: str
    kpi: str
    kind: str
    row: int | None
    about: str
    state: str
    asked_by: str
    asked_from: str = Field(description="staff or partner")
    asked_at: datetime
    due_on: date
    assigned_to: str
    late: bool


class MessageShown(Schema):
    """One contribution."""

    author: str
    side: str
    verb: str
    text: str
    written_at: datetime


class WholeQuestion(QuestionShown):
    """A question with everything said about it, oldest first."""

    thread: list[MessageShown]


class Doubt(Schema):
    """The number that is questioned, and why. Without a KPI the score as a whole."""

    framework: str = Field(max_length=100)
    period: str = Field(max_length=40)
    subject: str = Field(max_length=300)
    kpi: str = Field("", max_length=100, examples=[""])
    kind: str = Field("", max_length=50, description="with `row`: the kind of fact", examples=[""])
    row: int | None = Field(None, ge=0, le=MOST, examples=[None])
    text: str = TEXT


class Saying(Schema):
    """What somebody says."""

    text: str = TEXT


class Closing(Schema):
    """A last word, if there is one."""

    text: str = Field("", max_length=5000)


class Assigning(Schema):
    """Who answers; blank takes it back."""

    to: str = Field(max_length=150, examples=["anna"])


@router.get("", response=answers(ok=Page[QuestionShown]), summary="Questions")
@needs("questions.read")
def questions(request: Asked, paging: Asking, state: str = "", partner: str = "", period: str = "") -> dict[str, Any]:
    """All questions in sight, in the order they were asked."""
    found = queries.questions(request.scope, states=[state] if state else None, partner=partner or None, period=period or None)
    return of_records(found, paging, question_shown)


@router.post("", response=answers(made=WholeQuestion), summary="Question a number")
@needs("questions.ask")
def ask(request: Asked, sent: Doubt) -> Any:
    """The number has to be there and in sight."""
    asked = reviews.ask(**sent.dict(), acting_user=request.user, scope=request.scope)
    return Status(201, whole(asked))


@router.get("/{question}", response=answers(ok=WholeQuestion), summary="One question")
@needs("questions.read")
def question(request: Asked, response: HttpResponse, question: Number) -> dict[str, Any]:
    """What it is about and what was said."""
    return tagged(response, whole(queries.question(question, request.scope)))


@router.post("/{question}/answer", response=answers(ok=WholeQuestion), summary="Answer a question")
@needs("questions.answer")
def answer(request: Asked, question: Number, sent: Saying) -> dict[str, Any]:
    """The company's answer."""
    return whole(actions.answer(question=question, text=sent.text, acting_user=request.user, scope=request.scope))


@router.post("/{question}/reply", response=answers(ok=WholeQuestion), summary="Add to a question")
@needs("questions.ask")
def reply(request: Asked, question: Number, sent: Saying) -> dict[str, Any]:
    """While it waits for its answer."""
    return whole(actions.reply(question=question, text=sent.text, acting_user=request.user, scope=request.scope))


@router.post("/{question}/close", response=answers(ok=WholeQuestion), summary="Close a question")
@needs("questions.ask")
def close(request: Asked, question: Number, sent: Closing) -> dict[str, Any]:
    """Nothing more is to be said."""
    return whole(actions.close(question=question, text=sent.text, acting_user=request.user, scope=request.scope))


@router.post("/{question}/reopen", response=answers(ok=WholeQuestion), summary="Reopen a question")
@needs("questions.ask")
def reopen(request: Asked, question: Number, sent: Saying) -> dict[str, Any]:
    """The answer is not enough."""
    return whole(actions.reopen(question=question, text=sent.text, acting_user=request.user, scope=request.scope))


@router.post("/{question}/assign", response=answers(ok=WholeQuestion), summary="Say who answers")
@needs("questions.answer")
def assign(request: Asked, question: Number, sent: Assigning) -> dict[str, Any]:
    """Somebody who may answer."""
    return whole(actions.assign(question=question, to=sent.to, acting_user=request.user, scope=request.scope))


def question_shown(found: Question) -> dict[str, Any]:
    """A question as JSON."""
    same = (
        "partner", "framework", "period", "subject", "kpi", "kind", "row", "about", "state", "asked_by", "asked_from", "asked_at",
        "due_on", "assigned_to",
    )  # fmt: skip
    return {"question": found.pk, **{name: getattr(found, name) for name in same}, "late": found.is_late}


def whole(found: Question) -> dict[str, Any]:
    """A question as JSON, with what was said."""
    said = ("author", "side", "verb", "text", "written_at")
    thread = [{name: getattr(message, name) for name in said} for message in queries.thread(found)]
    return {**question_shown(found), "thread": thread}
