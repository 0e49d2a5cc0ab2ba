"""The most points a card can give when KPIs lie within intervals: exact, never too low, so what is above it is impossible."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from math import ceil

from ..formula.nodes import Value
from ..framework.model import Band, Kpi, Node, PointsRule
from ..rules import points_function
from ..units import DECIMALS, round_to
from .card import Card
from .inputs import constant_of, points_each
from .linear import Bound

_GRAIN = 10 ** DECIMALS["points"]


@dataclass(slots=True)
class Interval:
    """The values of an input that rules leave over; an end of None is open for ever."""

    low: Fraction | None = None
    high: Fraction | None = None
    low_open: bool = False
    high_open: bool = False

    def holds(self, value: Fraction) -> bool:
        """Whether the value lies within."""
        above = self.low is None or value > self.low or (value == self.low and not self.low_open)
        return above and (self.high is None or value < self.high or (value == self.high and not self.high_open))


def intervals_of(bounds: tuple[Bound, ...]) -> dict[str, Interval]:
    """The interval of every input that a bound names alone."""
    found: dict[str, Interval] = {}
    for bound in bounds:
        if len(bound.form.parts) != 1:
            continue
        ((name, coefficient),) = bound.form.parts.items()
        end, one = -bound.form.constant / coefficient, found.setdefault(name, Interval())
        if coefficient > 0 and (one.low is None or (end, bound.strict) > (one.low, one.low_open)):
            one.low, one.low_open = end, bound.strict
        if coefficient < 0 and (one.high is None or (-end, bound.strict) > (-one.high, one.high_open)):
            one.high, one.high_open = end, bound.strict
    return found


def most_of(card: Card, intervals: Mapping[str, Interval], scene: Mapping[str, Value]) -> dict[str, Fraction | None]:
    """The most points of every node, by name; None where nothing limits them."""
    found: dict[str, Fraction | None] = {}
    if card.framework.scorecard is not None:
        _Bounding(card, intervals, dict(scene), found).node(card.framework.scorecard)
    return found


@dataclass
class _Bounding:
    card: Card
    intervals: Mapping[str, Interval]
    scene: dict[str, Value]
    found: dict[str, Fraction | None]

    def node(self, node: Node) -> Fraction | None:
        """The most points of a node and, on the way, of all below it."""
        best = self.leaf(node) if node.kpi is not None else self.items(node)
        amount = None if node.kpi is None else _without_data(self.card.framework.kpis[node.kpi], node)
        best = self.limited(node, best)
        if amount is not None and best is not None:  # no data is final: no cap touches it
            best = max(best, amount)
        if any(gate.otherwise == "zero" for gate in node.require) and best is not None:
            best = max(best, Fraction(0))
        best = None if best is None else Fraction(ceil(best * _GRAIN), _GRAIN)  # a node is stored in the grain of points
        self.found[node.name] = best
        return best

    def limited(self, node: Node, best: Fraction | None) -> Fraction | None:
        if node.cap is not None:
            best = Fraction(node.cap) if best is None else min(best, Fraction(node.cap))
        if node.floor is not None and best is not None:
            best = max(best, Fraction(node.floor))
        if node.scale_to is not None:
            return None  # scaled from its own highest points; not worth a second computation
        if node.round is not None and best is not None:
            best = Fraction(round_to(best, node.round, "up" if best > 0 else "down"))
        return best

    def items(self, node: Node) -> Fraction | None:
        bests = [self.node(item) for item in node.items]
        if any(best is None for best in bests):
            return None
        known = [best for best in bests if best is not None]
        if node.combine == "worst" and node.missing == "share":
            return max(known)  # an item without data is left out, so any of them can be the only one
        if node.combine == "sum":
            return self.added(node, known)
        weights = [self.weight(item) for item in node.items]
        if node.combine == "mean" and not self.may_miss(node) and all(weight is not None for weight in weights):
            total = sum((weight for weight in weights if weight is not None), Fraction(0))
            if total > 0:
                return sum((weight * best for weight, best in zip(weights, known, strict=True) if weight is not None), Fraction(0)) / total
        return max([*known, *([Fraction(0)] if node.missing == "zero" else [])])

    def added(self, node: Node, known: list[Fraction]) -> Fraction | None:
        """A sum; where items may be missing, those left are stretched to the highest points of all."""
        if not self.may_miss(node):
            return sum(known, Fraction(0))
        outs = [item.out_of for item in node.items]
        if any(out is None or out <= 0 for out in outs) or node.missing == "zero":
            return sum((max(best, Fraction(0)) for best in known), Fraction(0)) if node.missing == "zero" else None
        everything = sum((Fraction(out) for out in outs if out is not None), Fraction(0))
        shares = [best / Fraction(out) for best, out in zip(known, outs, strict=True) if out is not None]
        return max(shares) * everything

    def weight(self, item: Node) -> Fraction | None:
        if item.weight is None:
            return Fraction(1)
        value = constant_of(self.card.framework, item.weight.tree, self.scene)
        return max(Fraction(value), Fraction(0)) if isinstance(value, int | Fraction) and not isinstance(value, bool) else None

    def may_miss(self, node: Node) -> bool:
        return any(self._missing(item) for item in node.items)

    def _missing(self, node: Node) -> bool:
        if any(gate.otherwise == "skip" for gate in node.require) or node.needs_data is not None:
            return True
        if node.kpi is None:
            return any(self._missing(item) for item in node.items)
        policy = self.card.framework.kpis[node.kpi].no_data.policy
        blank = policy in ("skip", "carry") and node.kpi not in self.intervals
        return blank or (node.points is not None and not self._covers(node.points, self.interval(node.kpi)))

    def _covers(self, rule: PointsRule, interval: Interval) -> bool:
        """Whether every value of the interval earns points; gaps between bands are refused when the framework is read."""
        if rule.kind == "per":
            return self.fixed(rule)
        if rule.kind != "bands":
            return rule.kind != "choice"
        low, high = rule.bands[0].low, rule.bands[-1].high
        below = low is None or (interval.low is not None and interval.low >= low)
        return below and (high is None or (interval.high is not None and interval.high <= high))

    def leaf(self, node: Node) -> Fraction | None:
        rule = node.points
        if rule is None:
            return None
        if rule.kind == "choice":
            return max(Fraction(points) for _, points in rule.choices)
        return _most(rule, points_each(self.card.framework, rule), self.interval(node.kpi or ""), self.fixed(rule))

    def fixed(self, rule: PointsRule) -> bool:
        """Whether the points of `per` are the same for everybody of the scene."""
        return rule.points is None or constant_of(self.card.framework, rule.points.tree, {}) is not None

    def interval(self, name: str) -> Interval:
        one, found = self.card.inputs.get(name), self.intervals.get(name)
        if found is not None or one is None:
            return found or Interval()
        return Interval(None if one.low is None else Fraction(one.low), None if one.high is None else Fraction(one.high))


def _without_data(kpi: Kpi, node: Node) -> Fraction | None:
    """What no data earns at most; None if it earns no points of its own."""
    policy = kpi.no_data.policy
    if policy == "full":
        return None if node.out_of is None else Fraction(node.out_of)
    return Fraction(kpi.no_data.amount) if policy == "points" else Fraction(0) if policy in ("zero", "fail") else None


def _most(rule: PointsRule, each: Fraction | int | None, interval: Interval, fixed: bool) -> Fraction | None:
    """The most points of a rule over an interval."""
    if rule.kind == "bands":
        found = [Fraction(band.points) for band in rule.bands if _overlap(band, interval)]
        return max(found, default=Fraction(0))
    if rule.kind == "line":
        points = points_function(rule)
        inside = [Fraction(value) for value, _ in rule.corners if interval.holds(Fraction(value))]
        ends = [end for end in (interval.low, interval.high) if end is not None]
        outer = [Fraction(rule.corners[0][0])] if interval.low is None else []
        outer += [Fraction(rule.corners[-1][0])] if interval.high is None else []
        return max(Fraction(points(value)) for value in (*inside, *ends, *outer))  # type: ignore[arg-type]
    if rule.kind == "per" and (each is None or not fixed):
        return None
    factor = Fraction(1) if rule.kind == "value" else Fraction(each or 0) / Fraction(rule.each)
    end = interval.high if factor > 0 else interval.low
    return None if end is None else max(factor * end, Fraction(0)) if rule.whole else factor * end


def _overlap(band: Band, interval: Interval) -> bool:
    low, high = band.low, band.high
    shut = interval.high_open or not band.low_closed
    if low is not None and interval.high is not None and (low > interval.high or (low == interval.high and shut)):
        return False
    if high is not None and interval.low is not None:
        return high > interval.low or (high == interval.low and not interval.low_open and band.high_closed)
    return True
