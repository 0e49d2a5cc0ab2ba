"""Reads of the audit trail."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from . import models


def entries(*, subject: str | None = None, action: str | None = None) -> QuerySet[models.Entry]:
    """Entries, oldest first, of one subject or action if named."""
    found = models.Entry.objects.all()
    if subject is not None:
        found = found.filter(subject=subject)
    return found if action is None else found.filter(action=action)


def actions() -> list[str]:
    """Every kind of action there was."""
    return sorted(models.Entry.objects.order_by().values_list("action", flat=True).distinct())


@dataclass(frozen=True)
class Change:
    """One value before and after; None where there was none."""

    name: str
    old: str | None
    new: str | None


def changes(entry: models.Entry) -> list[Change]:
    """What an entry says was changed: every value that is not as it was."""
    before, after = entry.before or {}, entry.after or {}
    names = [*before, *(name for name in after if name not in before)]
    told = [Change(name, _text(before.get(name)), _text(after.get(name))) for name in names if before.get(name) != after.get(name)]
    return [change for change in told if change.old or change.new]


def changes_text(entry: models.Entry) -> str:
    """The same in one line; where nothing was before or nothing is left, only what there is."""
    told = changes(entry)
    if not entry.before or not entry.after:
        return "; ".join(f"{change.name}: {change.new or change.old}" for change in told)
    return "; ".join(f"{change.name}: {change.old or '–'} → {change.new or '–'}" for change in told)


def _text(value: Any) -> str | None:
    if value in (None, "", [], {}):
        return None
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return ", ".join(_text(item) or "–" for item in value)
    if isinstance(value, dict):
        return " ".join(_text(item) for item in value.values() if _text(item))  # type: ignore[misc]
    return str(value)
