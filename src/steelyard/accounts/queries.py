"""Reading people."""

from __future__ import annotations

from datetime import date

from steelyard.calc.errors import Problem, Refused, did_you_mean

from .models import SYSTEM_USERNAME, Grant, User
from .permissions import ROLES

__all__ = ["ROLES", "system_user", "user", "users"]


def user(username: str) -> User:
    """The active user of this name; refused with the nearest known name if there is none."""
    found = User.objects.filter(username=username).first()
    if found is None:
        known = User.objects.filter(is_active=True).values_list("username", flat=True)
        hint = did_you_mean(username, known) or "run `steelyard init` first"
        raise Refused(Problem("unknown-user", "there is no such user", "user", username, hint))
    if not found.is_active:
        raise Refused(Problem("inactive-user", "this user is deactivated", "user", username, "act as another user"))
    return found


def system_user() -> User:
    """The user that acts for the installation itself; `steelyard init` adds it."""
    return user(SYSTEM_USERNAME)


def users(*, search: str = "") -> list[User]:
    """Everybody, also the deactivated, by username; ``search`` looks in username and name."""
    wanted = search.casefold()
    return [person for person in User.objects.all() if wanted in f"{person.username} {person.name}".casefold()]


def grants_in_force(user: User, on: date) -> list[Grant]:
    """What counts for a person on a day."""
    return list(Grant.objects.filter(Grant.counts_on(on), user=user.pk))


def grants(user: User) -> list[Grant]:
    """Everything a person was ever granted, also what ended or was revoked."""
    return list(Grant.objects.filter(user=user.pk))
