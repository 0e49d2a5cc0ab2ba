"""Reads of the audit trail."""

from __future__ import annotations

from django.db.models import QuerySet

from . import models


def entries(*, subject: str | None = None, action: str | None = None) -> QuerySet[models.Entry]:
    """Entries, oldest first, of one subject or action if named."""
    found = models.Entry.objects.all()
    if subject is not None:
        found = found.filter(subject=subject)
    return found if action is None else found.filter(action=action)
