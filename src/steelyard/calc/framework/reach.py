"""The highest possible points of each node, from the leaves up, and what depends on knowing them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction

from ..units import Exact, round_to
from .bands import Scale
from .context import Context
from .formulas import constant_of
from .model import Kpi, Node
from .numbers import spoken
from .rules import most_points
from .section import Section, exact


@dataclass(frozen=True)
class Reach:
    """What the computation needs besides the node itself."""

    section: Section
    kpi: Kpi | None
    scale: Scale


def out_of(context: Context, node: Node, reach: Reach) -> Node:
    """The node with ``out_of`` filled in; reports what cannot work where it is unknown."""
    best = most_points(context, node.points, reach.scale) if node.points else _best_of_items(context, node, reach.section)
    if node.items:
        _check_weights(context, node, reach.section)
        _check_sharing(context, node)
    _check_full(context, node, best, reach)
    if node.cap is not None:
        best = node.cap if best is None else min(best, node.cap)
    if node.floor is not None and best is not None:
        best = max(best, node.floor)
    if node.scale_to is not None:
        known = best is not None and (node.cap is not None or node.points is None or node.points.kind in ("line", "bands", "choice"))
        if not known or best == 0:
            message = f"the highest points of `{node.name}` are unknown, so they cannot be scaled"
            found = f"`scale_to: {spoken(node.scale_to)}`"
            context.log.add("no-cap", message, reach.section.at("scale_to"), found, "add a cap")
        best = node.scale_to
    if node.round is not None and best is not None:
        best = exact(Fraction(round_to(best, node.round, "half_up")))
    return replace(node, out_of=best)


def _weights(context: Context, node: Node) -> list[Exact | None]:
    return [1 if item.weight is None else constant_of(context, item.weight.tree) for item in node.items]


def _best_of_items(context: Context, node: Node, section: Section) -> Exact | None:
    bests = [item.out_of for item in node.items]
    known = [best for best in bests if best is not None]
    if not known or len(known) < len(bests):
        return None
    if node.combine == "sum":
        return exact(sum((Fraction(best) for best in known), Fraction(0)))
    if node.combine == "best":
        return max(known)
    if node.combine == "worst":
        return min(known)
    if len(set(known)) == 1:
        return known[0]
    return _unequal(context, node, section, known)


def _unequal(context: Context, node: Node, section: Section, known: list[Exact]) -> Exact | None:
    weights = [weight for weight in _weights(context, node) if weight is not None]
    total = sum((Fraction(weight) for weight in weights), Fraction(0))
    best = None
    if len(weights) == len(known) and total > 0:
        best = exact(sum((Fraction(weight) * one for weight, one in zip(weights, known, strict=True)), Fraction(0)) / total)
    scales = " and ".join(spoken(one) for one in sorted(set(known)))
    found = "" if best is None else f"with these weights the best total is {spoken(best)}"
    hint = f"use `scale_to: {spoken(max(known))}` if {spoken(min(known))} should mean full"
    context.log.add("unequal-scale", f"items under `mean` are out of {scales}", section.at("of"), found, hint)
    return best


def _check_weights(context: Context, node: Node, section: Section) -> None:
    """Under `mean` weights are 0 or more and one is above 0."""
    if node.combine != "mean":
        return
    weights = _weights(context, node)
    if any(weight is not None and weight < 0 for weight in weights):
        problem = f"a weight among the items of `{node.name}` is below 0"
    elif any(weight is None or weight > 0 for weight in weights):
        return
    else:
        problem = f"no positive weight among the items of `{node.name}`"
    found = ", ".join("a formula" if weight is None else spoken(weight) for weight in weights)
    context.log.add("weights", problem, section.at("of"), found, "weights are 0 or more and one is above 0")


def _check_sharing(context: Context, node: Node) -> None:
    """Under `sum` a missing item's points are shared out, which needs the highest points of every item."""
    if node.combine != "sum" or node.missing != "share" or not any(_may_be_missing(context, item) for item in node.items):
        return
    for item in node.items:
        if item.out_of is None and len(node.items) > 1 and _is_whole(context, item):
            message = f"the highest points of `{item.name}` are unknown, so a missing item cannot be shared out"
            hint = "add a cap, a `range` of the KPI, or `missing: zero` above"
            found = f"`{item.points.kind}` without cap or range" if item.points else "an item below without cap or range"
            context.log.add("no-cap", message, item.place, found, hint)


def _is_whole(context: Context, item: Node) -> bool:
    """Whether the item could be read in full; a part that is already reported causes no further problem."""
    return bool(item.points and item.kpi) or bool(item.items)


def _may_be_missing(context: Context, node: Node) -> bool:
    if any(gate.otherwise == "skip" for gate in node.require):
        return True
    if node.kpi is not None:
        kpi = context.kpis.get(node.kpi)
        return kpi is not None and kpi.no_data.policy in ("skip", "carry")
    return any(_may_be_missing(context, item) for item in node.items) or node.needs_data is not None


def _check_full(context: Context, node: Node, best: Exact | None, reach: Reach) -> None:
    if reach.kpi is not None and node.points and reach.kpi.no_data.policy == "full" and best is None and node.cap is None:
        message = f"the highest points of `{node.name}` are unknown, so no data cannot count as full"
        context.log.add("no-cap", message, node.place, f"`no_data: full` of `{reach.kpi.name}`", "add a cap")
