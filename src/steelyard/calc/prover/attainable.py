"""Thresholds and the totals that can occur: exact where every item gives points in steps."""

from __future__ import annotations

from fractions import Fraction
from itertools import pairwise

from ..formula.nodes import Binary, Name, Value
from ..framework.model import Level, Node
from ..framework.numbers import spoken
from ..units import Exact, round_to
from .card import Card
from .findings import Findings
from .inputs import constant_of, exact
from .requirements import limiting

MOST_TOTALS = 20_000


def check_attainable(card: Card, findings: Findings) -> None:
    """Report thresholds that no total hits, and levels between which no total lies, for subjects with all their data."""
    root = card.framework.scorecard
    thresholds = [(level, at) for level in card.framework.levels if (at := _threshold(card, level)) is not None]
    if root is None or not thresholds:
        return
    totals: set[Fraction] = set()
    for scene in card.scenes:
        found = _totals(card, root, dict(scene))
        if found is None:
            return
        totals |= found
    order = sorted(totals)
    for level, asked in thresholds:
        if asked in totals or asked > order[-1] or asked <= order[0]:
            continue
        above = next(total for total in order if total > asked)
        below = max(total for total in order if total < asked)
        message = f"with full data no total is exactly {spoken(asked)}: {level.name} in truth begins at {spoken(exact(above))}"
        found_text = f"the totals around it are {spoken(exact(below))} and {spoken(exact(above))} ({len(order):,} can occur)"
        findings.add("threshold-between-totals", message, level.place, found_text, f"write {spoken(exact(above))}, which says the same")
    for (lower, low), (upper, high) in pairwise(thresholds):
        only_points = len(upper.require) == 1 and not upper.any and not limiting(card.framework, upper)
        if low <= high and only_points and not any(low <= total < high for total in order):
            ends = f"{lower.name} ({spoken(low)}) and {upper.name} ({spoken(high)})"
            message = f"with full data no total lies between {ends}: nobody ends with {lower.name}"
            near = ", ".join(spoken(exact(total)) for total in order if total >= high)[:60]
            findings.add("levels-equal", message, upper.place, f"the next totals are {near}", "move one of the two thresholds")


def _threshold(card: Card, level: Level) -> Exact | None:
    """The total that a level asks for, if it asks for one plainly."""
    for formula in level.require:
        tree = formula.tree
        if isinstance(tree, Binary) and tree.operator == ">=" and isinstance(tree.left, Name) and tree.left.name in ("points", "overall"):
            value = constant_of(card.framework, tree.right, {})
            if isinstance(value, int | Fraction) and card.framework.history is None:
                return value
    return None


def _totals(card: Card, node: Node, scene: dict[str, Value]) -> set[Fraction] | None:
    """Every total that the node can have, or None where there are too many (or a rule without steps)."""
    if any(gate.otherwise == "skip" for gate in node.require):
        return None
    found = _leaf(card, node, scene) if node.kpi is not None else _items(card, node, scene)
    if found is None or len(found) > MOST_TOTALS or node.scale_to is not None:
        return None
    if node.cap is not None:
        found = {min(total, Fraction(node.cap)) for total in found}
    if node.floor is not None:
        found = {max(total, Fraction(node.floor)) for total in found}
    found = {_stored(total, node.round, card) for total in found}
    for gate in node.require:
        if gate.otherwise == "zero":
            found |= {Fraction(0)}
        elif gate.otherwise == "cap":
            found |= {min(total, Fraction(gate.cap)) for total in found}
    return found


def _stored(total: Fraction, digits: int | None, card: Card) -> Fraction:

    if digits is not None:
        return Fraction(round_to(total, digits, card.framework.rounding))
    return Fraction(round_to(total, 6, "half_even"))


def _leaf(card: Card, node: Node, scene: dict[str, Value]) -> set[Fraction] | None:
    rule = node.points
    one = card.inputs.get(node.kpi or "")
    if rule is None:
        return None
    if rule.kind == "choice":
        found = {Fraction(points) for _, points in rule.choices}
    elif rule.kind == "bands":
        found = {Fraction(band.points) for band in rule.bands}
    elif rule.kind == "per" and rule.whole and node.cap is not None and one is not None and one.low is not None and one.low >= 0:
        each = None if rule.points is None else constant_of(card.framework, rule.points.tree, scene)
        if not isinstance(each, int | Fraction) or each <= 0:
            return None
        found = {Fraction(each) * count for count in range(int(Fraction(node.cap) / each) + 2)}
    else:
        return None
    policy = None if node.kpi is None else card.framework.kpis[node.kpi].no_data
    if policy is not None and policy.policy in ("zero", "fail"):
        found |= {Fraction(0)}
    elif policy is not None and policy.policy == "points":
        found |= {Fraction(policy.amount)}
    elif policy is not None and policy.policy == "full" and node.out_of is not None:
        found |= {Fraction(node.out_of)}
    return found


def _items(card: Card, node: Node, scene: dict[str, Value]) -> set[Fraction] | None:
    parts = [_totals(card, item, scene) for item in node.items]
    if any(part is None for part in parts):
        return None
    known = [part for part in parts if part is not None]
    if node.combine in ("best", "worst"):
        return set().union(*known)
    shares = [Fraction(1)] * len(known)
    if node.combine == "mean":
        weights = [_weight(card, item, scene) for item in node.items]
        plain = [weight for weight in weights if weight is not None]
        if len(plain) < len(weights) or sum(plain) <= 0:
            return None
        shares = [weight / sum(plain) for weight in plain]
    sums = {Fraction(0)}
    for part, share in zip(known, shares, strict=True):
        sums = {total + share * points for total in sums for points in part}
        if len(sums) > MOST_TOTALS:
            return None
    return sums


def _weight(card: Card, item: Node, scene: dict[str, Value]) -> Fraction | None:
    value = Fraction(1) if item.weight is None else constant_of(card.framework, item.weight.tree, scene)
    return Fraction(value) if isinstance(value, int | Fraction) and not isinstance(value, bool) else None
