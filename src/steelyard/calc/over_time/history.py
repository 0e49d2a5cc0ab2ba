"""The overall score from the totals of several periods: a weighted mean, or smoothing. Exact until the one rounding at the end.

Smoothing is the method of SAP's supplier evaluation: new = old x (1 - share) + current x share. The weighted mean is
ERPNext's: the sum of weight x total over the sum of weights, where a period without a total is in neither sum.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from math import lcm

from ..framework.history import weights
from ..framework.model import Framework, History
from ..points import Points
from ..units import DECIMALS, Blank, Exact, Rounding, divide, to_grain
from .past import Past

PLACES = DECIMALS["points"]


def overall(framework: Framework, points: Points, totals: Sequence[int | None], past: Past) -> list[int | None]:
    """The overall score at every point, in the grain of points; None where no total counts."""
    history = framework.history
    if history is None:
        return list(totals)
    if history.smooth is not None:
        return _smooth(framework, history, points, totals, past)
    counted = [Fraction(weight or 0) for weight in weights(history, framework.settings)]
    common = lcm(*(weight.denominator for weight in counted))
    whole = [int(weight * common) for weight in counted]
    back = [_totals(past, index, "points") for index in reversed(range(len(past.moments)))][: history.periods - 1]
    return [
        weighted([now, *(earlier.get(subject) for earlier in back)], whole, history.round, framework.rounding)
        for subject, now in zip(points.subjects, totals, strict=True)
    ]


def weighted(totals: Sequence[int | None], weights: Sequence[int], digits: int | None, rounding: Rounding) -> int | None:
    """The weighted mean of totals, the newest first; blank ones are in neither sum. None if nothing with weight is left."""
    above = below = 0
    for total, weight in zip(totals, weights, strict=False):
        if total is not None:
            above += total * weight
            below += weight
    return None if below == 0 else rounded(above, below, digits, rounding)


def smoothed(current: int | None, before: int | None, share: Exact, digits: int | None, rounding: Rounding) -> int | None:
    """Old x (1 - share) + current x share; the first scored period starts it, a period without a total leaves it as it was."""
    if current is None or before is None:
        known = before if current is None else current
        return known if known is None or current is None else rounded(known, 1, digits, rounding)
    exact = before * (1 - Fraction(share)) + current * Fraction(share)
    return rounded(exact.numerator, exact.denominator, digits, rounding)


def rounded(above: int, below: int, digits: int | None, rounding: Rounding) -> int:
    """A quotient of points in their grain, rounded once: to so many digits by the method, else to the grain."""
    if digits is None:
        return divide(above, below)
    step = 10 ** (PLACES - digits)
    return divide(above, below * step, rounding) * step


def _smooth(framework: Framework, history: History, points: Points, totals: Sequence[int | None], past: Past) -> list[int | None]:
    assert history.smooth is not None
    before: dict[tuple[str, ...], int | None] = {}
    for index in range(len(past.moments)):
        before |= {subject: value for subject, value in _totals(past, index, "overall").items() if value is not None}
    return [
        smoothed(now, before.get(subject), history.smooth, history.round, framework.rounding)
        for subject, now in zip(points.subjects, totals, strict=True)
    ]


def _totals(past: Past, index: int, name: str) -> dict[tuple[str, ...], int | None]:
    """Total (`points`) or `overall` of each subject at a moment, in the grain of points."""
    moment = past.moments[index]
    if name not in moment.known:
        return {}
    values = moment.known[name]()
    return {
        subject: None if isinstance(value, Blank) or not isinstance(value, (int, Fraction)) else to_grain(value, "points")
        for subject, value in zip(moment.points.subjects, values, strict=True)
    }
