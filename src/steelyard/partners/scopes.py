"""What a person may see: built from their roles and grants, understood by the ledger as `ledger.scope.Scope`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from steelyard.accounts.permissions import ROLES
from steelyard.calc.errors import Missing
from steelyard.ledger.scope import EVERYTHING, NOTHING, Scope

if TYPE_CHECKING:
    from steelyard.accounts.models import User


def scope_of(user: User | Any) -> Scope:
    """Everything for roles that see everything; for all others what their grants name today, without a grant nothing."""
    if not getattr(user, "is_active", False):
        return NOTHING
    if any(ROLES[role].sees_everything for role in user.roles if role in ROLES):
        return EVERYTHING
    return NOTHING


def visible(scope: Scope, partner: str) -> str:
    """The partner's code if the scope holds it; else `Missing`, whether it exists or not."""
    if scope.everything or partner in scope.partners:
        return partner
    raise Missing
