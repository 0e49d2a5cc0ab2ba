"""Matches of the model that somebody should look at, in an order that nobody chooses."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from steelyard.partners import queries as partners

from .models import MatchCheck, ModelMatch


@dataclass(frozen=True)
class ToAudit:
    """One match of the model that nobody has checked."""

    source: str
    party: str
    name: str
    partner: str
    called: str  # what the partner is called
    probability: int
    margin: int


def to_audit(most: int = 20) -> list[ToAudit]:
    """The next matches to look at: by a hash of their keys, so that the sample is fair and the same for everybody."""
    standing = {(source, party): partner for source, party, partner in partners.decided_by("model")}
    checked = set(MatchCheck.objects.values_list("source", "party", "proposed"))
    left = [key for key, partner in standing.items() if (*key, partner) not in checked]
    chosen = sorted(left, key=_place)[:most]
    made = {
        (one.source, one.party): one
        for one in ModelMatch.objects.filter(party__in=[party for _source, party in chosen]).order_by("pk")
        if (one.source, one.party) in standing
    }
    names = partners.called({standing[key] for key in chosen})
    return [
        ToAudit(one.source, one.party, one.name, one.partner, names.get(one.partner, one.partner), one.probability, one.margin)
        for key in chosen
        if (one := made.get(key)) is not None
    ]


def _place(key: tuple[str, str]) -> str:
    return hashlib.sha256("\x00".join(key).encode()).hexdigest()
