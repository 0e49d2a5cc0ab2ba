"""The best possible total: items that cannot give all their points, and a card whose full marks nobody can have."""

from __future__ import annotations

from fractions import Fraction

from ..framework.numbers import spoken
from ..units import from_grain
from .bounds import most_of
from .card import Card
from .findings import Findings
from .inputs import exact


def check_best_total(card: Card, findings: Findings) -> None:
    """Compare what nodes are out of with what can be earned: exactly for items, with the best card as witness for the total."""
    root = card.framework.scorecard
    if root is None:
        return
    most = [most_of(card, {}, scene) for scene in card.scenes]
    for leaf in root.leaves():
        bests = [found[leaf.name] for found in most]
        known = [best for best in bests if best is not None]
        if leaf.out_of is None or len(known) < len(bests) or max(known) >= leaf.out_of:
            continue
        one = card.inputs.get(leaf.kpi or "")
        end = "" if one is None else f"the values of `{one.name}` end at {card.say(one.name, one.best)}"
        message = f"`{leaf.name}` gives {spoken(exact(max(known)))} points at most, its rule goes to {spoken(leaf.out_of)}"
        findings.add("points-out-of-reach", message, leaf.place, end, "correct the rule, or `range` of the KPI")
    _check_root(card, findings, [found[root.name] for found in most])


def _check_root(card: Card, findings: Findings, bounds: list[Fraction | None]) -> None:
    root = card.framework.scorecard
    if root is None or root.out_of is None:
        return
    givens = [card.everything("best", scene) for scene in card.scenes]
    totals = [(outcome.total, place) for place, outcome in enumerate(card.outcomes(givens)) if outcome.total is not None]
    if not totals:
        return
    total, place = max(totals)
    best = Fraction(from_grain(total, "points"))
    if best >= root.out_of:
        return
    known = [bound for bound in bounds if bound is not None]
    proved = len(known) == len(bounds) and max(known) == best
    what = "the best possible total is" if proved else "the best total that was found is"
    message = f"{what} {spoken(exact(best))}, the card is out of {spoken(root.out_of)}"
    found = f"every KPI at its best gives {card.says(card.outcome(givens[place]))}"
    hint = "correct the rule that keeps it down, or scale the card"
    findings.add("best-total", message, root.place, found, hint, witness=card.witness(givens[place]))
