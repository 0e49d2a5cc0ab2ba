"""E-mails about reviews: that there is something to do and where, never the score or the ratings themselves."""

from __future__ import annotations

from django.utils import translation
from django.utils.translation import gettext as _

from steelyard.accounts.queries import user as user_named
from steelyard.calc.errors import Refused
from steelyard.outbox.actions import send

from .models import Review


def returned(review: Review) -> None:
    """The manager is to look at it again."""
    try:
        person = user_named(review.submitted_by) if review.submitted_by else None
    except Refused:
        person = None
    if person is None or not person.email:
        return
    with translation.override(person.language or "en"):
        subject = _("Review %(number)s came back to you") % {"number": review.pk}
        text = _("Review %(number)s was given back with a reason. Sign in and open it at %(address)s.")
        told = {"number": review.pk, "address": f"/reviews/{review.pk}"}
        key = f"review-{review.pk}-{review.version}-returned"
        send(to=person.email, subject=subject, text=text % told, language=person.language or "en", key=key)
