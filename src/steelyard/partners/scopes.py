"""What a person may see: built from their roles and grants, understood by the ledger as `ledger.scope.Scope`.

A grant counts from one day to another, and so does what it names: a territory's partners are those that lie in its
subtree today, a representative's those that are theirs today, directly or through the partner's territory, exactly as
scoring credits them (`calc.resolve`).

`Scope.partners` are codes. `Scope.parties` are all keys by which sources ever called these partners: every alias, also
former ones, and the code itself under every source. A key can have meant another partner at another time, or at one
source; so whatever shows rows also resolves each on its own date: `partners.facts.visible_facts`.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from datetime import date
from typing import TYPE_CHECKING, Any

from django.utils import timezone

from steelyard.accounts.permissions import ROLES, permissions_of
from steelyard.accounts.queries import grants_in_force
from steelyard.calc.errors import Missing, Problem, Refused, did_you_mean
from steelyard.ledger.scope import EVERYTHING, NOTHING, Scope

from . import belonging

if TYPE_CHECKING:
    from steelyard.accounts.models import User

KINDS = ("partner", "territory", "representative")


def scope_of(user: User | Any, on: date | None = None) -> Scope:
    """Everything for roles that see everything; for all others what their grants name on a day (default: today).

    The deactivated, people without a role or with one that is gone, and people without a grant in force see nothing.
    """
    day = on or timezone.localdate()
    whole = _without_grants(user)
    return scope_with(user, grants_in_force(user, day), day) if whole is None else whole


def scope_with(user: User | Any, grants: Iterable[Any], on: date) -> Scope:
    """The same where the grants in force are known already."""
    whole = _without_grants(user)
    if whole is not None:
        return whole
    partner_side = any(ROLES[role].side == "partner" for role in user.roles if role in ROLES)
    return scope_by(((grant.kind, grant.key) for grant in grants if grant.kind == "partner" or not partner_side), on)


def _without_grants(user: User | Any) -> Scope | None:
    """What somebody sees whatever was granted; None if grants decide."""
    roles = [ROLES[role] for role in getattr(user, "roles", ()) if role in ROLES]
    if not getattr(user, "is_active", False) or not roles:
        return NOTHING
    return EVERYTHING if any(role.sees_everything for role in roles) else None


def scope_by(grants: Iterable[tuple[str, str]], on: date) -> Scope:
    """What grants, as (kind, key), let somebody see on a day: the union of what each names."""
    wanted = frozenset(grants)
    return belonging.on(on).scope(wanted) if wanted else NOTHING


def visible(scope: Scope, partner: str) -> str:
    """The partner's code if the scope holds it; else `Missing`, whether it exists or not."""
    if scope.everything or partner in scope.partners:
        return partner
    raise Missing


def narrowed(scope: Scope, partner: str) -> Scope:
    """The scope, or of it the one partner that is asked for; nothing where that lies outside."""
    if not partner:
        return scope
    return scope_by([("partner", partner)], timezone.localdate()) if scope.everything or partner in scope.partners else NOTHING


def choices(kind: str) -> list[tuple[str, str]]:
    """(code, name) of what a grant of this kind can name today."""
    known = belonging.on(timezone.localdate())
    return sorted(known.names[kind].items(), key=lambda item: item[1].casefold()) if kind in known.names else []


def sight(user: User, scope: Scope) -> Hashable:
    """What people have in common who see the same partners and may do the same: they may be shown the same rows."""
    return permissions_of(user), scope.everything or scope.partners


def check_grant(kind: str, key: str) -> None:
    """Refuse a grant that names nothing, with the nearest code."""
    if kind not in KINDS:
        raise Refused(Problem("unknown-grant", "a grant names one of these", "kind", kind, ", ".join(KINDS)))
    known = dict(choices(kind))
    if key not in known:
        raise Refused(Problem("unknown", f"there is no such {kind}", "key", key, did_you_mean(key, known)))
