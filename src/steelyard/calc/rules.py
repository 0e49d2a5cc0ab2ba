"""The five points rules: how a KPI's value becomes points (docs/reference/framework-language.md).

A rule is compiled once into whole numbers; a value comes in as an exact ratio ``(numerator, denominator)`` and points
leave as an exact ratio of points in their grain. Only the node that ends there rounds.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from math import lcm

from .framework.model import Band, PointsRule
from .units import DECIMALS, Blank, Exact

Ratio = tuple[int, int]  # numerator, denominator > 0
Rule = Callable[[int, int], "Ratio | Blank"]

POINTS_SCALE = 10 ** DECIMALS["points"]


def ratio(value: Exact) -> Ratio:
    """An exact number as numerator and denominator."""
    return (value, 1) if isinstance(value, int) else (value.numerator, value.denominator)


def points_ratio(points: Exact) -> Ratio:
    """So many points as a ratio in their grain."""
    numerator, denominator = ratio(points)
    return numerator * POINTS_SCALE, denominator


def compile_rule(rule: PointsRule, per_points: Exact | None = None) -> Rule:
    """The rule as a function of a number; ``per_points`` is the value of `per.points` where the rule is `per`."""
    if rule.kind == "line":
        return _line(rule.corners)
    if rule.kind == "bands":
        return _bands(rule.bands)
    if rule.kind == "per":
        return _per(rule, per_points if per_points is not None else 0)
    if rule.kind == "value":
        return lambda numerator, denominator: (numerator * POINTS_SCALE, denominator)
    return lambda numerator, denominator: Blank("a number where a choice was expected")


def choose(rule: PointsRule) -> Callable[[object], Ratio | Blank]:
    """The rule `choice`: text answers, or yes/no, to points."""
    known = {answer: points_ratio(points) for answer, points in rule.choices}

    def points(value: object) -> Ratio | Blank:
        answer = {True: "yes", False: "no"}.get(value, "") if isinstance(value, bool) else str(value)
        return known.get(answer) or Blank(f"no points are set for the answer “{answer}”")

    return points


def points_function(rule: PointsRule, per_points: Exact | None = None) -> Callable[[object], Exact | Blank]:
    """The rule as a function in natural units, as curves in formulas need it."""
    by_answer, by_number = choose(rule), compile_rule(rule, per_points)

    def points(value: object) -> Exact | Blank:
        if isinstance(value, Blank):
            return value
        if rule.kind == "choice":
            found = by_answer(value)
        elif isinstance(value, (int, Fraction)):
            found = by_number(*ratio(value))
        else:
            found = Blank("a choice where a number was expected")
        if isinstance(found, Blank):
            return found
        exact = Fraction(found[0], found[1] * POINTS_SCALE)
        return exact.numerator if exact.denominator == 1 else exact

    return points


def _line(corners: tuple[tuple[Exact, Exact], ...]) -> Rule:
    """Straight between the corners, flat outside; where two corners share a value, the later one holds from there."""
    across = lcm(*(ratio(x)[1] for x, _ in corners))
    up = lcm(*(ratio(y)[1] for _, y in corners))
    xs = [int(x * across) for x, _ in corners]
    ys = [int(y * up) * POINTS_SCALE for _, y in corners]
    last = len(xs) - 1

    def points(numerator: int, denominator: int) -> Ratio:
        value = numerator * across
        if value < xs[0] * denominator:
            return ys[0], up
        if value >= xs[last] * denominator:
            return ys[last], up
        position = 0
        while value >= xs[position + 1] * denominator:
            position += 1
        run = xs[position + 1] - xs[position]
        rise = ys[position + 1] - ys[position]
        return (
            ys[position] * run * denominator + (value - xs[position] * denominator) * rise,
            up * run * denominator,
        )

    return points


def _bands(bands: tuple[Band, ...]) -> Rule:
    """The points of the band that holds the value; bands are checked for gaps when the framework is read."""
    compiled = [
        (
            None if band.low is None else ratio(band.low),
            band.low_closed,
            None if band.high is None else ratio(band.high),
            band.high_closed,
            points_ratio(band.points),
        )
        for band in bands
    ]

    def points(numerator: int, denominator: int) -> Ratio | Blank:
        for low, low_closed, high, high_closed, earned in compiled:
            if low is not None:
                side = numerator * low[1] - low[0] * denominator
                if side < 0 or (side == 0 and not low_closed):
                    continue
            if high is not None:
                side = high[0] * denominator - numerator * high[1]
                if side < 0 or (side == 0 and not high_closed):
                    continue
            return earned
        return Blank(f"no band holds {Fraction(numerator, denominator)}")

    return points


def _per(rule: PointsRule, per_points: Exact) -> Rule:
    """So many points for each unit; with ``whole`` only full units count, towards zero."""
    each, each_denominator = ratio(rule.each)
    earned, earned_denominator = points_ratio(per_points)

    def points(numerator: int, denominator: int) -> Ratio:
        units, unit_denominator = numerator * each_denominator, denominator * each
        if rule.whole:
            full = abs(units) // unit_denominator
            return (earned * (full if units >= 0 else -full), earned_denominator)
        return earned * units, earned_denominator * unit_denominator

    return points
