"""Writing people: adding, changing, deactivating. Users are never deleted."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.utils import timezone

from steelyard.audit.actions import record
from steelyard.audit.queries import entries
from steelyard.calc.errors import Conflict, Problem, Refused

from ..models import SYSTEM_USERNAME, Grant, User
from ..permissions import ROLES, may
from ..queries import version_of
from . import rules
from .rules import Granted


@transaction.atomic
def set_up() -> User:
    """Add the user `system`, which acts where nobody is named; doing it again changes nothing."""
    found = User.objects.filter(username=SYSTEM_USERNAME).first()
    if found is not None:
        return found
    user = _new(User(username=SYSTEM_USERNAME, name="Steelyard itself"), ["system"])
    record(action="user added", subject=f"user:{user.username}", after=values(user), acting_user=user, reason="set-up")
    return user


@transaction.atomic
def add_user(
    *,
    username: str,
    name: str,
    roles: Sequence[str],
    acting_user: User,
    password: str | None = None,
    email: str = "",
    language: str = "",
    grants: Sequence[Granted | tuple[str, str]] = (),
    reason: str = "",
) -> User:
    """Add a person. Without a password they can act on the command line, and sign in once they set one by e-mail.

    ``grants`` say what a person sees whose roles do not see everything: `Granted(kind, key, valid_from, valid_to)`.
    """
    wanted = [Granted(*grant) for grant in grants]
    problems = rules.managing_problems(acting_user, roles, wanted)
    problems += rules.person_problems(username, name, email, language) + rules.role_problems(username, roles, wanted)
    if not username.startswith(rules.username_prefix(acting_user)):
        hint = f"begin with `{rules.username_prefix(acting_user)}`"
        problems.append(Problem("bad-username", "usernames of a partner begin with its code", "username", username, hint))
    elif User.objects.filter(username__iexact=username).exists():
        problems.append(Problem("user-exists", "this username is taken", "username", username, "choose another"))
    user = User(username=username, name=name.strip(), email=email.strip(), language=language)
    if password is not None:
        problems += rules.password_problems(password, user)
    if problems:
        raise Refused(problems)
    _new(user, roles, password)
    Grant.objects.bulk_create(Grant(user=user, **grant._asdict()) for grant in wanted)
    after = values(user) | {"grants": [grant._asdict() for grant in wanted]}
    record(action="user added", subject=f"user:{username}", after=after, acting_user=acting_user, reason=reason)
    return user


@transaction.atomic
def change_user(
    *,
    username: str,
    acting_user: User,
    name: str | None = None,
    roles: Sequence[str] | None = None,
    password: str | None = None,
    email: str | None = None,
    language: str | None = None,
    reason: str = "",
    seen: str = "",
) -> User:
    """Change what is said of a person, their roles or their password; what is not given stays.

    A new password ends all their sessions. New roles count from their next request on. ``seen``: the version
    (`queries.version_of`) that the change was made upon; `Conflict` if somebody else was quicker.
    """
    user = rules.existing(username, acting_user)
    if seen and seen != version_of(user):
        raise Conflict(_changed_meanwhile(user))
    before = values(user)
    user.name = user.name if name is None else name.strip()
    user.email = user.email if email is None else email.strip()
    user.language = user.language if language is None else language
    problems = rules.person_problems(username, user.name, user.email, user.language)
    if roles is not None and sorted(set(roles)) != user.roles:
        user.roles = sorted(set(roles))
        grants = rules.held(user)
        problems += rules.role_problems(username, user.roles, grants) + rules.managing_problems(acting_user, user.roles, grants)
        if "people.write" in _allowed(before["roles"]) and not may(user, "people.write"):
            rules.somebody_administers(without=user)
    if password is not None:
        if not may(acting_user, "people.write"):
            problems.append(Problem("not-allowed", "nobody sets a password for somebody else", "password", hint="send a reset link"))
        problems += rules.password_problems(password, user)
    if problems:
        raise Refused(problems)
    if password is not None:
        user.set_password(password)
        user.session_epoch += 1
    if password is not None or values(user) != before:
        user.save()
        action = "user changed" if password is None else "user and password changed"
        record(action=action, subject=f"user:{username}", before=before, after=values(user), acting_user=acting_user, reason=reason)
    return user


@transaction.atomic
def change_own_account(*, acting_user: User, name: str | None = None, language: str | None = None) -> User:
    """What everybody may change of themselves: how they are called and the language of their pages."""
    user = User.objects.select_for_update().get(pk=acting_user.pk)
    before = values(user)
    user.name = user.name if name is None else name.strip()
    user.language = user.language if language is None else language
    problems = rules.person_problems(user.username, user.name, user.email, user.language)
    if problems:
        raise Refused(problems)
    if values(user) != before:
        user.save(update_fields=["name", "language"])
        record(action="own account changed", subject=f"user:{user.username}", before=before, after=values(user), acting_user=acting_user)
    return user


@transaction.atomic
def deactivate_user(*, username: str, acting_user: User, reason: str = "") -> User:
    """From now on this person can neither act nor sign in, also where they are signed in; what they did keeps their name."""
    user = rules.existing(username, acting_user)
    if username == SYSTEM_USERNAME:
        raise Refused(Problem("system-user", "the installation itself cannot be deactivated", "user", username))
    if user.is_active:
        if username == acting_user.username:
            raise Refused(Problem("own-account", "nobody deactivates themselves", "user", username, "ask another administrator"))
        if may(user, "people.write"):
            rules.somebody_administers(without=user)
        _activate(user, False, "user deactivated", acting_user, reason)
    return user


@transaction.atomic
def reactivate_user(*, username: str, acting_user: User, reason: str = "") -> User:
    """Let a person back in, with the roles and grants they had."""
    user = rules.existing(username, acting_user)
    if not user.is_active:
        _activate(user, True, "user reactivated", acting_user, reason)
    return user


def values(user: User) -> dict[str, Any]:
    """What the trail says of a person."""
    told = {"username": user.username, "name": user.name, "roles": user.roles, "is_active": user.is_active}
    return told | {"email": user.email, "language": user.language}


def _activate(user: User, active: bool, action: str, acting_user: User, reason: str) -> None:
    before = values(user)
    user.is_active = active
    user.session_epoch += 1
    user.save(update_fields=["is_active", "session_epoch"])
    record(action=action, subject=f"user:{user.username}", before=before, after=values(user), acting_user=acting_user, reason=reason)


def _new(user: User, roles: Sequence[str], password: str | None = None) -> User:
    user.roles = sorted(set(roles))
    user.set_password(password)  # None makes it unusable
    user.save()
    return user


def _changed_meanwhile(user: User) -> Problem:
    last = entries(subject=f"user:{user.username}").exclude(before=None).last()
    found = f"{last.actor}, {timezone.localtime(last.made_at):%Y-%m-%d %H:%M}" if last else ""
    return Problem("changed-meanwhile", "somebody else changed this person while you did", "", found, "look, then save again")


def _allowed(roles: Sequence[str]) -> frozenset[str]:
    return frozenset().union(*(ROLES[role].permissions for role in roles if role in ROLES))
