"""Reading questions, comments, saved views and documents: always as far as the reader's scope sees."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from django.db.models import Count, Q, QuerySet
from django.utils import timezone

from steelyard.calc.errors import Missing
from steelyard.ledger.scope import Scope

from . import files, working_days
from .models import AnswerTerms, Comment, Document, Message, Question, SavedView
from .working_days import Terms

WAITING = (Question.State.OPEN, Question.State.REOPENED)  # the company's turn
STATES = tuple(Question.State.values)


def seen_by(scope: Scope) -> Q:
    """The condition on the partner of a record."""
    return Q() if scope.everything else Q(partner__in=scope.partners)


# --- questions --------------------------------------------------------------------------------------------------------


def questions(
    scope: Scope,
    *,
    partner: str | None = None,
    states: Sequence[str] | None = None,
    framework: str | None = None,
    period: str | None = None,
    subject: str | None = None,
    kpi: str | None = None,
    row: int | None = None,
) -> QuerySet[Question]:
    """Questions, the soonest due first, narrowed by what is given."""
    found = Question.objects.filter(seen_by(scope)).annotate(contributions=Count("messages"))
    given = {"partner": partner, "framework": framework, "period": period, "subject": subject, "kpi": kpi, "row": row, "state__in": states}
    return found.filter(**{name: value for name, value in given.items() if value is not None})


def question(number: int, scope: Scope) -> Question:
    """One question; `Missing` if it is not there or not to be seen."""
    found = Question.objects.filter(seen_by(scope), pk=number).first()
    if found is None:
        raise Missing
    return found


def thread(question: Question) -> list[Message]:
    """What was written to it, oldest first."""
    return list(question.messages.all())


def waiting(scope: Scope) -> int:
    """How many questions wait for an answer of the company."""
    return Question.objects.filter(seen_by(scope), state__in=WAITING).count()


def overdue(scope: Scope, today: date | None = None) -> int:
    """How many of them wait longer than promised."""
    day = today or timezone.localdate()
    return Question.objects.filter(seen_by(scope), state__in=WAITING, due_on__lt=day).count()


def periods(scope: Scope) -> list[str]:
    """The periods that anybody asked about."""
    return sorted(Question.objects.filter(seen_by(scope)).order_by().values_list("period", flat=True).distinct(), reverse=True)


def for_partner(scope: Scope) -> int:
    """How many questions have an answer that the partner has not closed."""
    return Question.objects.filter(seen_by(scope), state=Question.State.ANSWERED).count()


def terms() -> Terms:
    """How long an answer may take."""
    row = AnswerTerms.objects.order_by("-pk").first()
    return working_days.read(row.working_days, row.weekend, row.holidays) if row else working_days.DEFAULT


# --- comments ---------------------------------------------------------------------------------------------------------


def comments(record: str, *, partner_only: bool = False) -> list[Comment]:
    """What was remarked on a record, oldest first. The caller has already been allowed to see the record."""
    found = Comment.objects.filter(record=record)
    return list(found.filter(partner_sees=True) if partner_only else found)


# --- saved views ------------------------------------------------------------------------------------------------------


def is_our_page(page: str) -> bool:
    """Whether an address is a page of this installation: browsers read a backslash as a slash, and leave tabs out."""
    return page.startswith("/") and not page.startswith("//") and "\\" not in page and page.isprintable() and len(page) <= 300


@dataclass(frozen=True)
class View:
    """A saved view as a tab of its list."""

    number: int
    name: str
    page: str
    query: str

    @property
    def url(self) -> str:
        """The address that shows it."""
        return f"{self.page}?{self.query}" if self.query else self.page


def saved_views(username: str, page: str | None = None) -> list[View]:
    """This person's views, of one page or of all, by name."""
    rows = SavedView.objects.filter(username=username)
    return [View(row.pk, row.name, row.page, row.query) for row in (rows.filter(page=page) if page else rows)]


def saved_view(number: int, username: str) -> View:
    """One of this person's own views; `Missing` for everybody else's."""
    row = SavedView.objects.filter(pk=number, username=username).first()
    if row is None:
        raise Missing
    return View(row.pk, row.name, row.page, row.query)


# --- documents --------------------------------------------------------------------------------------------------------


def documents(scope: Scope, partner: str | None = None) -> QuerySet[Document]:
    """Documents that were not withdrawn, newest first."""
    found = Document.objects.filter(seen_by(scope), withdrawn_at=None)
    return found.filter(partner=partner) if partner is not None else found


@dataclass(frozen=True)
class Download:
    """A document's bytes with what a response says about them."""

    path: Path
    file_name: str
    media_type: str
    size: int
    sha256: str
    added_at: datetime


def document(number: int, scope: Scope) -> Document:
    """One document; `Missing` if it is not there, withdrawn, or not to be seen."""
    found = documents(scope).filter(pk=number).first()
    if found is None:
        raise Missing
    return found


def download(number: int, scope: Scope) -> Download:
    """The bytes of a document."""
    found = document(number, scope)
    return Download(
        files.place(found.sha256), files.name_of(found.title, found.ending), found.media_type, found.size, found.sha256, found.added_at
    )
