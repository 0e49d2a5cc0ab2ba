"""Points against `better`: a points rule that gives fewer points for a better value."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from itertools import pairwise

from ..formula.nodes import Value
from ..framework.model import Framework, Node
from ..framework.numbers import spoken
from ..rules import points_function
from ..units import Exact
from .card import Card
from .findings import Findings
from .inputs import points_each


def check_directions(card: Card, findings: Findings) -> set[str]:
    """Report leaves whose points fall while the KPI gets better; returns the names of their KPIs."""
    opposed: set[str] = set()
    for leaf in _leaves(card.framework):
        one = card.inputs.get(leaf.kpi or "")
        rule = leaf.points
        each = None if rule is None else points_each(card.framework, rule)
        if one is None or rule is None or rule.kind == "choice" or (rule.kind == "per" and each is None):
            continue
        points = points_function(rule, each)
        worst: tuple[Fraction, Value, Value, Exact, Exact] | None = None
        for way in one.ways:
            found = _fall([(value, points(value)) for value in way])
            if found is not None and (worst is None or found[0] > worst[0]):
                worst = found
        if worst is None:
            continue
        opposed.add(one.name)
        _, value, better, before, after = worst
        wanted = card.framework.kpis[one.name].better
        way_said = f"`better: {wanted}`" if isinstance(wanted, str) else "`better: between`"
        message = f"`{leaf.name}` gives fewer points for a better value of `{one.name}`"
        found_text = (
            f"{card.say(one.name, value)} earns {spoken(before)} points, {card.say(one.name, better)} earns {spoken(after)}; {way_said}"
        )
        hint = "turn the points rule round, or correct `better` of the KPI"
        base = card.everything("middle", card.scenes[0])
        witness = card.witness({**base, one.name: value}, {**base, one.name: better})
        findings.add("points-against-better", message, leaf.place, found_text, hint, witness=witness)
    return opposed


def _fall(values: Sequence[tuple[Value, object]]) -> tuple[Fraction, Value, Value, Exact, Exact] | None:
    """The largest fall between two neighbours: (size, worse value, better value, points before, points after)."""
    largest = None
    known = [(value, points) for value, points in values if isinstance(points, int | Fraction)]
    for (value, before), (better, after) in pairwise(known):
        fall = Fraction(before) - Fraction(after)
        if fall > 0 and (largest is None or fall > largest[0]):
            largest = (fall, value, better, before, after)
    return largest


def _leaves(framework: Framework) -> list[Node]:
    return [] if framework.scorecard is None else framework.scorecard.leaves()
