"""Exact matching of what a source calls a partner; anything less than exact is for the model or a person."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from steelyard.calc.matching.letters import same_letters as normalised
from steelyard.partners.queries import names as partner_names
from steelyard.partners.queries import remembered


@dataclass(frozen=True)
class Match:
    """The partner meant, and how that is known: code, alias or name. An alias may say that it is none of ours."""

    partner: str | None
    method: str


def match_names(names: Iterable[str]) -> dict[str, str]:
    """Name -> code, for the names that exactly one partner bears."""
    bearers: dict[str, set[str]] = {}
    for code, name in partner_names():
        bearers.setdefault(normalised(name), set()).add(code)
    found = {name: bearers.get(normalised(name), set()) for name in set(names)}
    return {name: next(iter(codes)) for name, codes in found.items() if len(codes) == 1}


def match(parties: Iterable[str], *, source: str) -> dict[str, Match]:
    """Party key -> match, for the keys that mean one partner exactly; the others are unmatched.

    What was decided for this source comes first, then what was decided for all, the exact code, the exact unique name.
    """
    wanted = set(parties)
    codes = {code for code, _name in partner_names()}
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
