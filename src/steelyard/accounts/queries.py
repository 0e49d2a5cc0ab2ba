"""Reading people."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Sequence
from datetime import date

from django.utils import timezone

from steelyard.calc.errors import Missing, Problem, Refused, did_you_mean

from .models import SYSTEM_USERNAME as SYSTEM_USERNAME
from .models import ApiToken, Grant, User
from .permissions import PERMISSIONS, may, side_of


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


def user_who_may(username: str, permission: str) -> User:
    """The same, who may still do this: for jobs, which run after somebody asked for them."""
    found = user(username)
    if not may(found, permission):
        hint = "somebody who may asks for it again"
        raise Refused(Problem("not-allowed", f"this user may no longer do this: {PERMISSIONS[permission]}", "user", username, hint))
    return found


def system_user() -> User:
    """The user that acts for the installation itself; `steelyard init` adds it."""
    return user(SYSTEM_USERNAME)


def person(username: str) -> User:
    """Anybody who was ever added, also the deactivated; `Missing` if there is no such person."""
    found = User.objects.filter(username=username).exclude(username=SYSTEM_USERNAME).first()
    if found is None:
        raise Missing
    return found


def name_of(username: str) -> str:
    """What people call them; the username itself if nobody ever had it."""
    return User.objects.filter(username=username).values_list("name", flat=True).first() or username


def people() -> list[User]:
    """Every person, also the deactivated, by username; not the installation itself."""
    return list(User.objects.exclude(username=SYSTEM_USERNAME))


def users(*, search: str = "") -> list[User]:
    """Everybody, also the deactivated, by username; ``search`` looks in username and name."""
    wanted = search.casefold()
    return [person for person in User.objects.all() if wanted in f"{person.username} {person.name}".casefold()]


def grants_in_force(user: User, on: date) -> list[Grant]:
    """What counts for a person on a day."""
    return list(Grant.objects.filter(Grant.counts_on(on), user=user.pk))


def everybody_in_force(on: date) -> dict[int, list[Grant]]:
    """What counts for everybody on a day, by the number of the user."""
    found: dict[int, list[Grant]] = {}
    for grant in Grant.objects.filter(Grant.counts_on(on)):
        found.setdefault(grant.user_id, []).append(grant)
    return found


def version_of(user: User) -> str:
    """Changes whenever something said of a person changes: by it a form knows that somebody was quicker."""
    told = repr((user.username, user.name, user.email, user.language, user.roles, user.is_active))
    return hashlib.sha256(told.encode()).hexdigest()[:16]


def grants(user: User) -> list[Grant]:
    """Everything a person was ever granted, also what ended or was revoked."""
    return list(Grant.objects.filter(user=user.pk))


def tokens(user: User) -> list[ApiToken]:
    """A person's API tokens, the newest first, also those that no longer work."""
    return list(ApiToken.objects.filter(user=user.pk).order_by("-id"))


def by_token(secret: str) -> User | None:
    """Who acts with this API token, with the token on them so that they may do no more than it; None if it opens nothing."""
    parts = secret.split("_", 2)
    if len(parts) != 3 or parts[0] != "steelyard":
        return None
    # in plain words: each request of a program asks
    found = next(iter(ApiToken.objects.raw("SELECT * FROM accounts_apitoken WHERE prefix = %s", [parts[1]])), None)
    if found is None or not hmac.compare_digest(found.secret_hash, ApiToken.hashed(parts[2])):
        return None
    user = next(iter(User.objects.raw("SELECT * FROM accounts_user WHERE id = %s", [found.user_id])))
    if not found.works_at(timezone.now()) or not user.is_active:
        return None
    user.token = found
    return user


def people_of_partner(partner: str) -> list[User]:
    """Everybody with a partner's role who was granted this partner and still is, also the deactivated."""
    granted = Grant.objects.filter(Grant.counts_on(timezone.localdate()), kind=Grant.PARTNER, key=partner)
    found = User.objects.filter(pk__in=granted.values("user")).exclude(username=SYSTEM_USERNAME)
    return [person for person in found if side_of(person) == "partner"]


def partners_named(people: Sequence[User]) -> dict[int, frozenset[str]]:
    """Number of a person -> the partners that grants name for them, today or later."""
    rows = Grant.objects.filter(user__in=[person.pk for person in people], kind=Grant.PARTNER, revoked_at=None)
    found: dict[int, set[str]] = {person.pk: set() for person in people}
    for user, key in rows.exclude(valid_to__lte=timezone.localdate()).values_list("user", "key"):
        found[user].add(key)
    return {user: frozenset(keys) for user, keys in found.items()}
