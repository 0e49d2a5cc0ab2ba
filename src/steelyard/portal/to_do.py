"""What waits for the partner: a scorecard to acknowledge, answers to read, new documents."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from steelyard.accounts.permissions import may
from steelyard.audit.queries import entries
from steelyard.comparisons import queries as comparisons
from steelyard.records import queries as records
from steelyard.reviews import queries as reviews
from steelyard.reviews import workflow

from . import published
from .whose import Whose

if TYPE_CHECKING:
    from steelyard.accounts.models import User

NEW = timedelta(days=30)  # a document is new that long, or until it was opened
SHOWN = 5


@dataclass(frozen=True, slots=True)
class Due:
    """One thing to do, with the one button that does it."""

    icon: str
    title: str
    until: date | None
    note: str
    url: str
    label: str
    first: bool = False
    late: bool = False


def to_do(own: Whose, user: User) -> list[Due]:
    """Everything that waits, the most pressing first."""
    found = [*_scorecards(own, user), *_questions(own), *_documents(own, user), *_comparisons(own)]
    return sorted(found, key=lambda due: (not due.first, due.until or date.max))


def _scorecards(own: Whose, user: User) -> list[Due]:
    speaks = may(user, "portal.acknowledge")
    found = []
    for review in reviews.reviews(own.scope, partner=own.code, states=[workflow.PUBLISHED]):
        if published.or_none(own, review.cycle.framework, review.cycle.period) is None:
            continue
        found.append(
            Due(
                "edit",
                _("Acknowledge the scorecard of %(period)s") % {"period": review.cycle.period},
                review.cycle.due_on,
                "" if speaks else _("your administrator does it"),
                reverse("portal:card", kwargs={"framework": review.cycle.framework, "period": review.cycle.period}) + "#acknowledge",
                _("Read"),
                first=speaks,
                late=review.cycle.due_on < timezone.localdate(),
            )
        )
    return found


def _questions(own: Whose) -> list[Due]:
    answered = records.questions(own.scope, partner=own.code, states=["answered"])[:SHOWN]
    return [
        Due("comment", _("Answer to: %(about)s") % {"about": asked.about}, None, asked.period, _of("question", asked.pk), _("Read"))
        for asked in answered
    ]


def _documents(own: Whose, user: User) -> list[Due]:
    new = [document for document in records.documents(own.scope, own.code)[:50] if document.added_at > timezone.now() - NEW]
    opened = (
        set(
            entries(action="exported")
            .filter(actor=user.username, subject__in=[subject_of(document.pk) for document in new])
            .values_list("subject", flat=True)
        )
        if new
        else set()
    )
    return [
        Due("file", document.title, None, _("New document"), _of("document", document.pk), _("Open"))
        for document in new
        if subject_of(document.pk) not in opened
    ][:SHOWN]  # fmt: skip


def _comparisons(own: Whose) -> list[Due]:
    new = comparisons.shares(own.scope, partner=own.code).filter(shared_at__gt=timezone.now() - NEW)[:SHOWN]
    return [
        Due("chart", _("Your former figures of %(period)s beside ours") % {"period": share.part.comparison.period}, None, share.note,
            _of("comparison", share.pk), _("Open"))
        for share in new
    ]  # fmt: skip


def _of(page: str, number: int) -> str:
    return reverse(f"portal:{page}", args=[number])


def subject_of(document: int) -> str:
    """How the trail names a document that was opened."""
    return f"list:document-{document}"
