"""Questions about numbers: ask, answer, close, reopen, assign."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from django.db import IntegrityError, transaction
from django.utils import timezone

from steelyard.accounts.permissions import may, side_of
from steelyard.accounts.queries import SYSTEM_USERNAME
from steelyard.accounts.queries import user as user_named
from steelyard.audit.actions import record as write_audit
from steelyard.calc.errors import Conflict, Missing, Problem, Refused
from steelyard.ledger.scope import Scope

from .. import notices, queries, working_days
from ..keys import own_key
from ..models import AnswerTerms, Message, Question

if TYPE_CHECKING:
    from steelyard.accounts.models import User

LONGEST = 5000
State = Question.State

# verb -> from which states, to which state (None: as it is)
TURNS: dict[str, tuple[frozenset[str], str | None]] = {
    "reply": (frozenset({State.OPEN, State.REOPENED}), None),
    "answer": (frozenset({State.OPEN, State.REOPENED, State.ANSWERED}), State.ANSWERED),
    "close": (frozenset({State.OPEN, State.REOPENED, State.ANSWERED}), State.CLOSED),
    "reopen": (frozenset({State.ANSWERED, State.CLOSED}), State.REOPENED),
}
Verb = Literal["reply", "answer", "close", "reopen"]


@dataclass(frozen=True, slots=True)
class About:
    """The number a question is about. ``partner`` says whose it is; ``title`` calls it in words."""

    partner: str
    framework: str
    period: str
    subject: str
    title: str
    kpi: str = ""
    kind: str = ""
    row: int | None = None
    partner_name: str = ""


def ask(*, about: About, text: str, acting_user: User, form_key: str = "") -> Question:
    """Question a number. Who calls has made sure that the number is there and that the person may see it."""
    number = (about.framework, about.period, about.subject, about.kpi, about.kind, about.row)
    key = own_key(form_key, acting_user, "ask", about.partner, *number)
    before = Question.objects.filter(form_key=key, asked_by=acting_user.username).first()
    if before is not None:
        return before
    _must_say(text)
    now = timezone.now()
    side = "partner" if side_of(acting_user) == "partner" else "staff"
    try:
        with transaction.atomic():
            asked = Question.objects.create(
                partner=about.partner, partner_name=about.partner_name, framework=about.framework, period=about.period,
                subject=about.subject, kpi=about.kpi, kind=about.kind, row=about.row, about=about.title[:300],
                asked_by=acting_user.username, asked_by_name=acting_user.name, asked_from=side, asked_at=now,
                due_on=queries.terms().due(timezone.localdate(now)), form_key=key,
            )  # fmt: skip
            _write(asked, "ask", text, acting_user, key)
            write_audit(
                action="question.ask", subject=f"question:{asked.pk}", acting_user=acting_user,
                after={
                    "partner": about.partner, "framework": about.framework, "period": about.period, "subject": about.subject,
                    "kpi": about.kpi, "kind": about.kind, "row": about.row, "due_on": asked.due_on,
                },
            )  # fmt: skip
    except IntegrityError:
        return Question.objects.get(form_key=key, asked_by=acting_user.username)
    return asked


def answer(*, question: int, text: str, acting_user: User, scope: Scope, form_key: str = "") -> Question:
    """The company's answer; the partner then closes the question or reopens it."""
    return _turn("answer", question, text, acting_user, scope, form_key)


def reply(*, question: int, text: str, acting_user: User, scope: Scope, form_key: str = "") -> Question:
    """Add something to a question that waits for its answer."""
    return _turn("reply", question, text, acting_user, scope, form_key)


def close(*, question: int, acting_user: User, scope: Scope, text: str = "", form_key: str = "") -> Question:
    """Nothing more is to be said about it."""
    return _turn("close", question, text, acting_user, scope, form_key)


def reopen(*, question: int, text: str, acting_user: User, scope: Scope, form_key: str = "") -> Question:
    """The answer is not enough: it waits for the company again, with a new due date."""
    return _turn("reopen", question, text, acting_user, scope, form_key)


def _turn(verb: Verb, number: int, text: str, acting_user: User, scope: Scope, form_key: str) -> Question:
    key = own_key(form_key, acting_user, verb, number)
    if verb != "close":
        _must_say(text)
    elif len(text) > LONGEST:
        raise Refused(_too_long(text))
    with transaction.atomic():
        question = _locked(number, scope)
        if question.messages.filter(form_key=key, author=acting_user.username).exists():
            return question
        states, to = TURNS[verb]
        if question.state not in states:
            raise Conflict(_moved_on(question))
        before = question.state
        now = timezone.now()
        question.state = to or before
        question.closed_at = now if to == State.CLOSED else None
        if to == State.REOPENED:
            question.due_on = queries.terms().due(timezone.localdate(now))
        question.save(update_fields=["state", "closed_at", "due_on"])
        message = _write(question, verb, text, acting_user, key)
        write_audit(
            action=f"question.{verb}", subject=f"question:{question.pk}", before={"state": before},
            after={"state": question.state, "due_on": question.due_on}, acting_user=acting_user,
        )  # fmt: skip
        notices.moved(question, acting_user, message.pk)
    return question


def assign(*, question: int, to: str, acting_user: User, scope: Scope) -> Question:
    """Say who answers; blank takes it back."""
    with transaction.atomic():
        found = _locked(question, scope)
        if to and (to == SYSTEM_USERNAME or not may(user_named(to), "questions.answer")):
            raise Refused(Problem("may-not-answer", "this person may not answer questions", "to", to, "choose somebody who may"))
        if found.assigned_to != to:
            before, found.assigned_to = found.assigned_to, to
            found.save(update_fields=["assigned_to"])
            write_audit(
                action="question.assign", subject=f"question:{found.pk}", before={"assigned_to": before}, after={"assigned_to": to},
                acting_user=acting_user,
            )  # fmt: skip
            if to:
                notices.assigned(found)
    return found


@transaction.atomic
def set_terms(*, days: int, weekend: str = "5,6", holidays: str = "", acting_user: User, reason: str = "") -> working_days.Terms:
    """How many working days an answer may take, from the next question on."""
    terms = working_days.read(days, weekend, holidays)
    before = queries.terms()
    if terms != before:
        AnswerTerms.objects.create(working_days=days, weekend=weekend, holidays=holidays)
        write_audit(
            action="answer terms changed", subject="answer terms", before=_plain(before), after=_plain(terms),
            acting_user=acting_user, reason=reason,
        )  # fmt: skip
    return terms


def _plain(terms: working_days.Terms) -> dict[str, object]:
    return {"working_days": terms.working_days, "weekend": list(terms.weekend), "holidays": list(terms.holidays)}


def _locked(number: int, scope: Scope) -> Question:
    found = Question.objects.select_for_update().filter(queries.seen_by(scope), pk=number).first()
    if found is None:
        raise Missing
    return found


def _write(question: Question, verb: str, text: str, author: User, key: str) -> Message:
    return Message.objects.create(
        question=question, author=author.username, author_name=author.name, verb=verb, text=text.strip(), form_key=key,
        side="partner" if side_of(author) == "partner" else "staff", written_at=timezone.now(),
    )  # fmt: skip


def _must_say(text: str) -> None:
    if not text.strip():
        raise Refused(Problem("nothing-said", "say what is meant", "text", hint="one sentence is enough"))
    if len(text) > LONGEST:
        raise Refused(_too_long(text))


def _too_long(text: str) -> Problem:
    return Problem("too-long", f"at most {LONGEST} characters", "text", f"{len(text)} characters", "make it shorter")


def _moved_on(question: Question) -> Problem:
    last = question.messages.last()
    who = f"{last.author_name}: {last.verb}, {last.written_at:%Y-%m-%d %H:%M} UTC" if last else question.state
    return Problem("question-moved-on", f"the question is {question.state} by now", found=who, hint="look at it again")
