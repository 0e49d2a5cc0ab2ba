"""What must hold of people, their roles and their grants, and who may manage whom."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import NamedTuple

from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils import timezone

from steelyard.calc.errors import Missing, Problem, Refused, did_you_mean

from ..models import SYSTEM_USERNAME, Grant, User
from ..permissions import ROLES, may


class Granted(NamedTuple):
    """What a person gets to see: a partner, a territory with all below it, or a representative's partners.

    ``valid_from`` None: always; ``valid_to`` (the first day without it) None: for ever.
    """

    kind: str
    key: str
    valid_from: date | None = None
    valid_to: date | None = None


def partners_of(user: User) -> frozenset[str]:
    """The partners that a person's own grants name today."""
    in_force = Grant.objects.filter(Grant.counts_on(timezone.localdate()), user=user, kind=Grant.PARTNER)
    return frozenset(in_force.values_list("key", flat=True))


def username_prefix(acting_user: User) -> str:
    """What usernames begin with that a partner's administrator gives, so that a name taken tells nothing about other partners."""
    if may(acting_user, "people.write"):
        return ""
    return f"{min(partners_of(acting_user), default='').lower()}."


def existing(username: str, acting_user: User) -> User:
    """The user of this name, locked, if the acting user may manage them."""
    user = User.objects.select_for_update().filter(username=username).first()
    if may(acting_user, "people.write"):
        if user is None:
            hint = did_you_mean(username, User.objects.values_list("username", flat=True))
            raise Refused(Problem("unknown-user", "there is no such user", "user", username, hint))
        return user
    _needs_a_permission(acting_user)
    if user is None or managing_problems(acting_user, user.roles, held(user)):
        raise Missing
    return user


def held(user: User) -> list[Granted]:
    """What a person holds today or will hold later."""
    rows = user.grants.filter(revoked_at=None).exclude(valid_to__lte=timezone.localdate())
    return [Granted(row.kind, row.key, row.valid_from, row.valid_to) for row in rows]


def managing_problems(acting_user: User, roles: Iterable[str], grants: Sequence[Granted]) -> list[Problem]:
    """Who manages people may give any role; a partner's administrator partner roles for the own partner only."""
    if may(acting_user, "people.write"):
        return []
    _needs_a_permission(acting_user)
    own, problems = partners_of(acting_user), []
    foreign = [role for role in roles if role not in ROLES or ROLES[role].side != "partner"]
    if foreign or not roles:
        problems.append(Problem("not-your-role", "a partner's administrator gives partner roles only", "roles", ", ".join(foreign)))
    if not grants or any(grant.kind != Grant.PARTNER or grant.key not in own for grant in grants):
        problems.append(Problem("not-your-partner", "a partner's administrator manages people of the own partner only", "grants"))
    return problems


def _needs_a_permission(acting_user: User) -> None:
    if not may(acting_user, "portal.people"):
        hint = "ask an administrator"
        raise Refused(Problem("not-allowed", "this user may not manage people", "user", acting_user.username, hint))


def person_problems(username: str, name: str, email: str, language: str) -> list[Problem]:
    """What is wrong with what a person is called and where they are reached."""
    problems = []
    if not username or username != username.strip() or len(username) > 150 or "/" in username or not username.isprintable():
        message = "a username is 1 to 150 characters without slashes and without spaces around it"
        problems.append(Problem("bad-username", message, "username", username))
    if not name.strip() or len(name) > 200:
        problems.append(Problem("no-name", "a name of at most 200 characters is required", "name"))
    if email:
        try:
            validate_email(email)
        except ValidationError:
            problems.append(Problem("bad-email", "this is not an e-mail address", "email", email, "write it as name@example.com"))
    if language and language not in dict(settings.LANGUAGES):
        known = did_you_mean(language, dict(settings.LANGUAGES))
        problems.append(Problem("unknown-language", "this language is not installed", "language", language, known))
    return problems


def role_problems(username: str, roles: Sequence[str], grants: Sequence[Granted]) -> list[Problem]:
    """Roles that are none, roles of two sides at once, and grants that do not go with the roles."""
    problems = []
    people = {name: role for name, role in ROLES.items() if role.side != "program" or username == SYSTEM_USERNAME}
    for role in roles:
        if role not in people:
            problems.append(Problem("unknown-role", "there is no such role", "roles", role, did_you_mean(role, people)))
    sides = {people[role].side for role in roles if role in people}
    if len(sides) > 1:
        hint = "give two accounts to a person on both sides"
        problems.append(Problem("mixed-roles", "roles of the company and of a partner do not mix", "roles", ", ".join(roles), hint))
    for grant in grants:
        if grant.kind not in Grant.KINDS:
            hint = did_you_mean(grant.kind, Grant.KINDS)
            problems.append(
                Problem("unknown-grant", "a grant names a partner, a territory or a representative", "grants", grant.kind, hint)
            )
        if not grant.key.strip():
            problems.append(Problem("empty-grant", "a grant needs the code of what it names", "grants", grant.kind))
        if grant.valid_from and grant.valid_to and grant.valid_to <= grant.valid_from:
            problems.append(Problem("empty-dates", "this ends before it begins", "grants", f"{grant.valid_from} to {grant.valid_to}"))
    if "partner" in sides:
        if not grants:
            problems.append(Problem("no-partner", "a partner role needs the partner it is for", "grants", "", "name the partner"))
        if any(grant.kind != Grant.PARTNER for grant in grants):
            message = "people of a partner see their partner only, never a territory or a representative"
            problems.append(Problem("wrong-grant", message, "grants", ", ".join(f"{grant.kind} {grant.key}" for grant in grants)))
    return problems


def password_problems(password: str, user: User, where: str = "password") -> list[Problem]:
    """Everything that is wrong with a new password; the password itself is never repeated."""
    try:
        validate_password(password, user)
    except ValidationError as refused:
        return [Problem("weak-password", str(message), where) for message in refused.messages]
    return []


def somebody_administers(*, without: User) -> None:
    """Refuse to take away the last person who can manage people."""
    others = User.objects.filter(is_active=True).exclude(pk=without.pk).exclude(username=SYSTEM_USERNAME)
    if not any(may(person, "people.write") for person in others):
        hint = "make another person an administrator first"
        raise Refused(Problem("last-administrator", "nobody else could manage people then", "user", without.username, hint))
