"""What the trail says of sign-ins."""

from __future__ import annotations

from django.db import transaction

from steelyard.audit.actions import record

from ..models import User
from .passwords import UNKNOWN


@transaction.atomic
def signed_in(*, acting_user: User) -> None:
    """Somebody signed in."""
    record(action="signed in", subject=f"user:{acting_user.username}", acting_user=acting_user)


@transaction.atomic
def sign_in_failed(*, username: str) -> None:
    """Somebody did not get in. A name that is nobody's is not kept: people type passwords there."""
    known = User.objects.filter(username=username).exists()
    record(action="sign-in failed", subject=f"user:{username}" if known else UNKNOWN, acting_user="anonymous")


@transaction.atomic
def signed_out(*, acting_user: User) -> None:
    """Somebody signed out."""
    record(action="signed out", subject=f"user:{acting_user.username}", acting_user=acting_user)


@transaction.atomic
def end_other_sessions(*, acting_user: User) -> User:
    """End every session of this person; who asked is let in again by the page."""
    user = User.objects.select_for_update().get(pk=acting_user.pk)
    user.session_epoch += 1
    user.save(update_fields=["session_epoch"])
    record(action="other sessions ended", subject=f"user:{user.username}", acting_user=user)
    return user
