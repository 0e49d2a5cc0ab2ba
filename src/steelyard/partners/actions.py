"""Every write of partners, affiliations, aliases, territories, representatives, assignments and authorities."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING

import polars as pl

from steelyard.masters.actions import Actions, Loaded

from .masters import MASTERS

if TYPE_CHECKING:
    from steelyard.accounts.models import User

_verbs = Actions(MASTERS)
add, change, retire, load, check, preview = _verbs.add, _verbs.change, _verbs.retire, _verbs.load, _verbs.check, _verbs.preview


def assign(
    *, representative: str, acting_user: User, territory: str = "", partner: str = "", valid_from: date | None = None,
    last_day: date | None = None, beside: bool = False, reason: str = "",
) -> Loaded:  # fmt: skip
    """Give a territory or a partner to a representative from a day on; whoever had it before has it until the day before.

    ``beside``: others keep it too. Which one is then credited is for resolution to say (`calc.resolve`).
    """
    place = {
        "representative": [representative],
        "territory": [territory],
        "partner": [partner],
        "valid_from": [valid_from],
        "valid_to": [last_day],
    }
    schema = {"representative": pl.String, "territory": pl.String, "partner": pl.String, "valid_from": pl.Date, "valid_to": pl.Date}
    return _verbs.load("assignments", pl.DataFrame(place, schema=schema), acting_user=acting_user, note=reason, beside=beside)


def remember_matches(
    *, source: str, matches: Mapping[str, str], method: str, acting_user: User, note: str = "",
    certainty: Mapping[str, tuple[int | None, int | None]] | None = None,
) -> Loaded:  # fmt: skip
    """Decide which partner the party keys of a source mean ("" is none of ours), from now on and for all earlier facts.

    One history row each; no fact is rewritten. ``method``: code, name, model or person. ``certainty``: party key ->
    probability and margin of the partner as the model saw them then, in the grain of percents.
    """
    seen = certainty or {}
    columns = {
        "source": source, "party": list(matches), "partner": list(matches.values()), "method": method,
        "probability": [seen.get(party, (None, None))[0] for party in matches],
        "margin": [seen.get(party, (None, None))[1] for party in matches],
    }  # fmt: skip
    text, whole = pl.String(), pl.Int64()
    schema = {"source": text, "party": text, "partner": text, "method": text, "probability": whole, "margin": whole}
    frame = pl.DataFrame(columns, schema=schema)
    return load("aliases", frame, acting_user=acting_user, note=note or f"matched by {method}")
