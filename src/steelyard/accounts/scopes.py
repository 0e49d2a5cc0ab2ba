"""What a person may see: built here from their roles, understood by the ledger as `ledger.scope.Scope`."""

from __future__ import annotations

from steelyard.ledger.scope import EVERYTHING, NOTHING, Scope

from .models import User

# Who works for the company sees every partner; partners' own people get scopes from grants (they have no role here).
OPERATING_ROLES = frozenset({"operator", "leadership", "auditor", "system"})


def scope_of(user: User) -> Scope:
    """Everything for the company's own people, nothing for anybody else."""
    if user.is_active and OPERATING_ROLES.intersection(user.roles):
        return EVERYTHING
    return NOTHING
