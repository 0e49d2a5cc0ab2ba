"""Single facts go live and find their partners in the same commit: by what is decided, by code, by an
exact unique name, by the model."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import polars as pl

from steelyard.ledger import actions as ledger
from steelyard.partners.queries import known_parties

from .matching import Found, match_parties, remember_found

if TYPE_CHECKING:
    from steelyard.accounts.models import User


def settle(*, acting_user: User) -> ledger.Settled:
    """Make received facts live; who is not found by an exact name waits in the queue."""

    def beside(kind: str, source: str, added: pl.DataFrame) -> Callable[[], None] | None:
        if not {"party", "party_name"} <= set(added.columns):
            return None
        parties = added.drop_nulls("party").group_by("party", "party_name").len("rows")
        strange = set(parties["party"]) - known_parties(set(parties["party"]), source=source)
        if not strange:
            return None
        found = match_parties(parties.filter(pl.col("party").is_in(sorted(strange))), source=source)
        return (lambda: _remember(found, source, acting_user)) if found.partners else None

    return ledger.settle(acting_user=acting_user, beside=beside)


def _remember(found: Found, source: str, acting_user: User) -> None:
    remember_found(found, source=source, acting_user=acting_user)
