"""API tokens: keys for programs, made by the person they act as, with no more rights than that person gives them."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from steelyard.audit.actions import record
from steelyard.calc.errors import Missing, Problem, Refused, did_you_mean

from ..models import ApiToken, User
from ..permissions import may, permissions_of
from . import rules

LONGEST = timedelta(days=366)
NEVER = frozenset({"account", "people.write", "portal.people"})  # a program neither makes tokens nor changes what people may do


def grantable(user: User) -> list[str]:
    """The permissions that a token of this person can have."""
    return sorted(permissions_of(user) - NEVER)


@transaction.atomic
def make_token(*, name: str, scopes: Sequence[str], expires_at: datetime, acting_user: User) -> tuple[ApiToken, str]:
    """Make a token for oneself; returns it with the secret, which is shown once and kept nowhere."""
    now = timezone.now()
    problems = []
    if not may(acting_user, "account"):
        problems.append(Problem("not-allowed", "tokens are made by people who signed in", "user", acting_user.username))
    if not name.strip() or len(name) > 100:
        problems.append(Problem("no-name", "a token needs a name of at most 100 characters", "name", "", "say which program uses it"))
    if not scopes:
        problems.append(Problem("no-scopes", "a token that may do nothing is of no use", "scopes", "", "choose at least one permission"))
    allowed = grantable(acting_user)
    for scope in scopes:
        if scope not in allowed:
            problems.append(
                Problem("not-yours", "this permission cannot be given to a token", "scopes", scope, did_you_mean(scope, allowed))
            )
    if not now < expires_at <= now + LONGEST:
        problems.append(Problem("bad-expiry", "a token lasts at least a moment and at most a year", "expires_at", f"{expires_at:%Y-%m-%d}"))
    if problems:
        raise Refused(problems)
    prefix, secret = secrets.token_hex(4), secrets.token_urlsafe(32)
    made = ApiToken.objects.create(
        user=acting_user, name=name.strip(), prefix=prefix, secret_hash=ApiToken.hashed(secret), scopes=sorted(set(scopes)),
        made_at=now, expires_at=expires_at,
    )  # fmt: skip
    record(action="token made", subject=f"user:{acting_user.username}", after=made.as_values(), acting_user=acting_user)
    return made, f"steelyard_{prefix}_{secret}"


@transaction.atomic
def revoke_token(*, token: int, acting_user: User) -> ApiToken:
    """From now on this own token opens nothing."""
    found = ApiToken.objects.select_for_update().filter(pk=token, user=acting_user.pk).first()
    if found is None:
        raise Missing
    _revoke(found, acting_user, "")
    return found


@transaction.atomic
def revoke_all_tokens(*, username: str, acting_user: User, reason: str = "") -> int:
    """From now on no token of this person opens anything; returns how many did."""
    user = rules.existing(username, acting_user)
    found = list(ApiToken.objects.select_for_update().filter(user=user, revoked_at=None))
    for token in found:
        _revoke(token, acting_user, reason)
    return len(found)


def _revoke(found: ApiToken, acting_user: User, reason: str) -> None:
    if found.revoked_at is None:
        before = found.as_values()
        found.revoked_at = timezone.now()
        found.save(update_fields=["revoked_at"])
        subject, after = f"user:{found.user.username}", found.as_values()
        record(action="token revoked", subject=subject, before=before, after=after, acting_user=acting_user, reason=reason)


def used(token: ApiToken) -> None:
    """Note that a token was used, at most once a minute. Not a change of anything, so not in the trail."""
    now = timezone.now()
    if token.last_used_at is None or now - token.last_used_at > timedelta(minutes=1):
        ApiToken.objects.filter(pk=token.pk).update(last_used_at=now)
