"""Writing people: adding, changing, deactivating. Users are never deleted."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import transaction

from steelyard.audit.actions import record
from steelyard.calc.errors import Problem, Refused, did_you_mean

from .models import SYSTEM_USERNAME, User
from .permissions import ROLES


@transaction.atomic
def set_up() -> User:
    """Add the user `system`, which acts where nobody is named; doing it again changes nothing."""
    existing = User.objects.filter(username=SYSTEM_USERNAME).first()
    if existing is not None:
        return existing
    user = _new(SYSTEM_USERNAME, "Steelyard itself", ["system"])
    record(action="user added", subject=f"user:{user.username}", after=_values(user), acting_user=user, reason="set-up")
    return user


@transaction.atomic
def add_user(*, username: str, name: str, roles: Sequence[str], acting_user: User, password: str | None = None) -> User:
    """Add a person. Without a password they can act on the command line but never sign in."""
    problems = _problems(username, name, roles)
    if User.objects.filter(username=username).exists():
        problems.append(Problem("user-exists", "this username is taken", "username", username, "choose another"))
    if problems:
        raise Refused(problems)
    user = _new(username, name, roles, password)
    record(action="user added", subject=f"user:{username}", after=_values(user), acting_user=acting_user)
    return user


@transaction.atomic
def change_user(
    *,
    username: str,
    acting_user: User,
    name: str | None = None,
    roles: Sequence[str] | None = None,
    password: str | None = None,
    reason: str = "",
) -> User:
    """Change the name, the roles or the password of a person; what is not given stays."""
    user = _existing(username)
    before = _values(user)
    user.name = user.name if name is None else name
    user.roles = user.roles if roles is None else sorted(set(roles))
    problems = _problems(username, user.name, user.roles)
    if problems:
        raise Refused(problems)
    if password is not None:
        user.set_password(password)
    if password is not None or _values(user) != before:
        user.save()
        action = "user changed" if password is None else "user and password changed"
        record(action=action, subject=f"user:{username}", before=before, after=_values(user), acting_user=acting_user, reason=reason)
    return user


@transaction.atomic
def deactivate_user(*, username: str, acting_user: User, reason: str = "") -> User:
    """From now on this person can neither act nor sign in; what they did keeps their name."""
    user = _existing(username)
    if username == SYSTEM_USERNAME:
        raise Refused(Problem("system-user", "the installation itself cannot be deactivated", "user", username))
    if user.is_active:
        before = _values(user)
        user.is_active = False
        user.save()
        record(
            action="user deactivated",
            subject=f"user:{username}",
            before=before,
            after=_values(user),
            acting_user=acting_user,
            reason=reason,
        )
    return user


def _new(username: str, name: str, roles: Sequence[str], password: str | None = None) -> User:
    user = User(username=username, name=name, roles=sorted(set(roles)))
    user.set_password(password)  # None makes it unusable
    user.save()
    return user


def _existing(username: str) -> User:
    user = User.objects.select_for_update().filter(username=username).first()
    if user is None:
        hint = did_you_mean(username, User.objects.values_list("username", flat=True))
        raise Refused(Problem("unknown-user", "there is no such user", "user", username, hint))
    return user


def _values(user: User) -> dict[str, object]:
    return {"username": user.username, "name": user.name, "roles": user.roles, "is_active": user.is_active}


def _problems(username: str, name: str, roles: Sequence[str]) -> list[Problem]:
    problems = []
    if not username or username != username.strip() or len(username) > 150:
        problems.append(Problem("bad-username", "a username is 1 to 150 characters without spaces around it", "username", username))
    if not name.strip():
        problems.append(Problem("no-name", "a name is required", "name"))
    for role in roles:
        if role not in ROLES:
            problems.append(Problem("unknown-role", "there is no such role", "roles", role, did_you_mean(role, ROLES)))
    return problems
