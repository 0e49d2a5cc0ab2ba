"""The published total beside ours: points and weights of the workbook, then its figures, then each reason, in points."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction

from .causes import OPEN
from .figures import Published, Step
from .states import Outcome


@dataclass(frozen=True, slots=True)
class Card:
    """What a workbook says of a subject's points: KPI -> points (in the grain), KPI -> weight as written."""

    points: Mapping[str, int] = field(default_factory=dict)
    weights: Mapping[str, Fraction] = field(default_factory=dict)


def from_published(published: Published, card: Card, given: Outcome) -> list[Step]:
    """What leads from the published total to the total that our rules give the published figures."""
    end = given.total or 0
    if not card.points and not card.weights:
        return _rest(published, end)
    shares = {kpi: share for kpi, (points, share) in given.items.items() if points is not None and share}
    points = {kpi: Fraction(card.points.get(kpi, given.items[kpi][0] or 0)) for kpi in shares}
    weights = _shares(card.weights, shares)
    start = round(sum((points[kpi] * weights[kpi] for kpi in shares), Fraction(0)))
    steps = _rest(published, start)
    reached, exact = start, sum((points[kpi] * weights[kpi] for kpi in shares), Fraction(0))
    for kpi in shares:
        exact += points[kpi] * (shares[kpi] - weights[kpi])
        if weights[kpi] != shares[kpi]:
            steps.append(Step("weight", round(exact) - reached, kpi, f"{_text(weights[kpi])} {_text(shares[kpi])}"))
            reached = round(exact)
    for kpi in shares:
        ours = given.items[kpi][0] or 0
        exact += (ours - points[kpi]) * shares[kpi]
        if points[kpi] != ours:
            steps.append(Step("points", round(exact) - reached, kpi, f"{points[kpi]} {ours}"))
            reached = round(exact)
    if end != reached:
        steps.append(Step("points", end - reached, "card", "gates, caps and shares"))
    return [step for step in steps if step.amount]


def total_steps(outcomes: Sequence[tuple[Step, Outcome]], start: int) -> list[Step]:
    """One step per state, each with the cause it puts right, from the total ``start``: what it moved the total by."""
    steps, reached = [], start
    for step, outcome in outcomes:
        now = outcome.total or 0
        if now != reached:
            steps.append(Step(step.cause, now - reached, step.key, step.detail, step.sure, step.found))
        reached = now
    return steps


def _rest(published: Published, start: int) -> list[Step]:
    gap = start - published.value
    if not gap:
        return []
    return [Step("rounding", gap) if abs(gap) <= published.coarse else Step("unexplained", gap, sure=OPEN)]


def _shares(weights: Mapping[str, Fraction], ours: Mapping[str, Fraction]) -> dict[str, Fraction]:
    """Their weights as shares of the total; ours for items of which the workbook says none."""
    known = {kpi: weights[kpi] for kpi in ours if kpi in weights}
    if len(known) < len(ours) or not sum(known.values()):
        return dict(ours)
    whole = sum(known.values(), Fraction(0))
    return {kpi: weight / whole for kpi, weight in known.items()}


def _text(share: Fraction) -> str:
    tenths = round(share * 1000)
    return f"{tenths // 10}.{tenths % 10}%"
