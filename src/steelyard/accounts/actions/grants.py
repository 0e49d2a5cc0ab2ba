"""Writing what people see: grants begin, end and are revoked; they are never deleted."""

from __future__ import annotations

from datetime import date

from django.db import transaction
from django.utils import timezone

from steelyard.audit.actions import record
from steelyard.calc.errors import Missing, Refused

from ..models import Grant, User
from . import rules
from .rules import Granted


@transaction.atomic
def grant(
    *,
    username: str,
    kind: str,
    key: str,
    acting_user: User,
    valid_from: date | None = None,
    valid_to: date | None = None,
    reason: str = "",
) -> Grant:
    """Let a person see a partner, a territory with all below it, or a representative's partners. The same again changes nothing.

    ``valid_to`` is the first day without it.
    """
    user = rules.existing(username, acting_user)
    wanted = Granted(kind, key, valid_from, valid_to)
    problems = rules.role_problems(username, user.roles, [wanted]) + rules.managing_problems(acting_user, user.roles, [wanted])
    if problems:
        raise Refused(problems)
    same = user.grants.filter(revoked_at=None, **wanted._asdict()).first()
    if same is not None:
        return same
    made = Grant.objects.create(user=user, **wanted._asdict())
    record(action="access granted", subject=f"user:{username}", after=wanted._asdict(), acting_user=acting_user, reason=reason)
    return made


@transaction.atomic
def revoke(*, username: str, grant: int, acting_user: User, reason: str = "") -> Grant:
    """From now on the person no longer sees what this grant (its number) let them see."""
    user = rules.existing(username, acting_user)
    found = user.grants.select_for_update().filter(pk=grant).first()
    if found is None:
        raise Missing
    if found.revoked_at is None:
        found.revoked_at = timezone.now()
        found.save(update_fields=["revoked_at"])
        before = Granted(found.kind, found.key, found.valid_from, found.valid_to)._asdict()
        record(action="access revoked", subject=f"user:{username}", before=before, acting_user=acting_user, reason=reason)
    return found
