"""Exact matching of what a source calls a partner; anything less than exact is for the model or a person."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from steelyard.partners.queries import codes as partner_codes
from steelyard.partners.queries import exists, remembered

from .known import match_names


@dataclass(frozen=True)
class Match:
    """The partner meant, and how that is known: code, alias or name. An alias may say that it is none of ours."""

    partner: str | None
    method: str


def decided(party: str, *, source: str) -> Match | None:
    """What was decided about one key, or whose code it is; None while it waits. A few short questions, for under the ledger's lock."""
    said = {said_for: partner for said_for, _party, partner in remembered(source=source, party=party)}
    for said_for in (source, ""):
        if said_for in said:
            return Match(said[said_for] or None, "alias")
    return Match(party, "code") if exists("partners", code=party) else None


def match(parties: Iterable[str], *, source: str) -> dict[str, Match]:
    """Party key -> match, for the keys that mean one partner exactly; the others are unmatched.

    What was decided for this source comes first, then what was decided for all, the exact code, the exact unique name:
    the same letters, or the same normal form; never the name of a person.
    """
    wanted = set(parties)
    codes = set(partner_codes())
    decided: dict[str, dict[str, str]] = {"": {}, source: {}}
    for said_by, party, partner in remembered(source=source):
        decided[said_by][party] = partner
    matches: dict[str, Match] = {}
    for party in wanted:
        for aliases in (decided[source], decided[""]):
            if party in aliases and party not in matches:
                matches[party] = Match(aliases[party] or None, "alias")
        if party not in matches and party in codes:
            matches[party] = Match(party, "code")
    named = match_names(wanted - matches.keys())
    return matches | {party: Match(code, "name") for party, code in named.items()}
