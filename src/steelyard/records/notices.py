"""E-mails about questions. They say that there is something and where, never what it says: mail is read by others.

Nobody is told by mail of a new question or document: it stands in the queue, and in the partner's portal.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils import formats, translation
from django.utils.translation import gettext as _

from steelyard.accounts.queries import user as user_named
from steelyard.calc.errors import Refused
from steelyard.outbox.actions import send

from .models import Question

if TYPE_CHECKING:
    from steelyard.accounts.models import User


def assigned(question: Question) -> None:
    """Somebody is to answer."""
    person = _reader(question.assigned_to)
    if person is None:
        return
    with translation.override(person.language or "en"):
        due = formats.date_format(question.due_on, "DATE_FORMAT")
        subject = _("Question %(number)s waits for your answer") % {"number": question.pk}
        text = _("Question %(number)s about a number was given to you. An answer is due by %(due)s. Sign in and open it at %(address)s.")
        _tell(person, subject, text % {"number": question.pk, "due": due, "address": f"/questions/{question.pk}"}, f"{question.pk}-given")


def moved(question: Question, acting_user: User, contribution: int) -> None:
    """An answer goes to who asked; what they say to it goes to who answers."""
    by_asker = acting_user.username == question.asked_by
    person = _reader(question.assigned_to if by_asker else question.asked_by)
    if person is None:
        return
    pages = "/portal/questions" if not by_asker and question.asked_from == "partner" else "/questions"
    with translation.override(person.language or "en"):
        subject = _("News on question %(number)s") % {"number": question.pk}
        text = _("There is news on question %(number)s about a number. Sign in and open it at %(address)s.")
        _tell(person, subject, text % {"number": question.pk, "address": f"{pages}/{question.pk}"}, f"{question.pk}-{contribution}")


def _reader(username: str) -> User | None:
    """The active person of this name who has an e-mail address."""
    try:
        person = user_named(username) if username else None
    except Refused:
        return None
    return person if person is not None and person.email else None


def _tell(person: User, subject: str, text: str, key: str) -> None:
    send(to=person.email, subject=subject, text=text, language=person.language or "en", key=f"question-{key}-{person.username}")
