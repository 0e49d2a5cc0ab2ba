"""Whose pages these are: the one gate of the portal. Every read asks here, so that nobody ever reads past their own partner."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils import timezone

from steelyard.accounts.gate import Asked
from steelyard.calc.errors import Missing
from steelyard.ledger.scope import NOTHING, Scope
from steelyard.partners.scopes import scope_by, visible
from steelyard.scorecards.directory import directory

CHOSEN = "portal_partner"  # of the session: which of several partners somebody looks at


@dataclass(frozen=True, slots=True)
class Whose:
    """The partner of a page, with the scope that sees it and nothing else, and the others that this person may switch to."""

    code: str
    name: str
    city: str
    scope: Scope
    others: tuple[tuple[str, str], ...] = ()


def sight(request: Asked) -> Scope:
    """What this person may see in the portal; nothing for whoever is not bound to partners."""
    return NOTHING if request.scope.everything else request.scope


def whose(request: Asked, code: str | None = None) -> Whose:
    """The partner somebody looks at: the one named, else the one they chose, else their first; `Missing` without any."""
    scope = sight(request)
    if code is not None:
        visible(scope, code)
    known = {row["code"]: row for row in directory(scope=scope).sort("name", "code").to_dicts()} if scope.partners else {}
    names = {one: known[one]["name"] or one for one in known} | {one: one for one in sorted(scope.partners - known.keys())}
    chosen = code or request.session.get(CHOSEN)
    if chosen not in names:
        chosen = next(iter(names), None)
    if chosen is None:
        raise Missing
    own = scope if len(scope.partners) == 1 else scope_by([("partner", chosen)], timezone.localdate())
    others = tuple((one, name) for one, name in names.items() if one != chosen)
    return Whose(chosen, names[chosen], (known.get(chosen) or {}).get("city") or "", own, others)


def choose(request: Asked, code: str) -> None:
    """Look at another of one's partners from now on."""
    request.session[CHOSEN] = visible(sight(request), code)
