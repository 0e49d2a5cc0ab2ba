"""Nominal against real weight: how much of what tells partners' totals apart comes from each item."""

from __future__ import annotations

from fractions import Fraction

from ..scorecards.columns import NodeColumn
from ..units import round_to
from .backtest import Partners
from .card import Card
from .findings import Findings

LEAST = 20  # partners
FAR = Fraction(1, 10)  # shares further apart than this, and by a factor of two, are told


def check_weights(card: Card, partners: Partners, findings: Findings) -> None:
    """One finding with the shares of the variance of the total beside the weights, if some are far apart.

    Contributions add up to the total, so the covariances of contributions with it add up to its variance: exact shares.
    """
    root = partners.cards.root
    if root is None:
        return
    scored = [place for place, points in enumerate(root.points) if points is not None]
    leaves = [column for column in root.walk() if column.kpi is not None]
    spread = _covariance(root.points, root.points, scored)
    if len(scored) < LEAST or not spread or not leaves:
        return
    nominal = _nominal(leaves, scored)
    shares = [(column, weight, _covariance(column.totals, root.points, scored) / spread) for column, weight in nominal]
    far = [(column, weight, real) for column, weight, real in shares if _is_far(weight, real)]
    if not far:
        return
    told = sorted(shares, key=lambda one: abs(one[2] - one[1]), reverse=True)[:8]
    said = ", ".join(f"{column.node.name} {_percent(real)} (weight {_percent(weight)})" for column, weight, real in told)
    first = max(far, key=lambda one: abs(one[2] - one[1]))
    message = f"`{first[0].node.name}` makes {_percent(first[2])} of the differences between totals and weighs {_percent(first[1])}"
    hint = "an item that hardly varies weighs nothing whatever its weight says; move its ends to where partners are, or its weight"
    order = sorted(scored, key=lambda place: root.points[place] or 0)
    witness = card.witness(partners.givens[order[0]], partners.givens[order[-1]])
    found = f"share of the variance of the total over {len(scored)} partners ({partners.backtest.period}): {said}"
    findings.add("real-weight", message, first[0].node.place, found, hint, witness=witness)


def _nominal(leaves: list[NodeColumn], scored: list[int]) -> list[tuple[NodeColumn, Fraction]]:
    """Each item's share of the highest points, as its weight in the total says, averaged over partners."""
    weights = []
    for column in leaves:
        own = sum((Fraction(*column.total_weights[place]) for place in scored), Fraction(0)) / len(scored)
        weights.append(own * Fraction(column.node.out_of if column.node.out_of is not None else 1))
    everything = sum(weights, Fraction(0)) or Fraction(1)
    return [(column, weight / everything) for column, weight in zip(leaves, weights, strict=True)]


def _covariance(one: list[int] | list[int | None], other: list[int | None], places: list[int]) -> Fraction:
    """The covariance over some partners, times their number squared: whole numbers, exact."""
    first, second = [one[place] or 0 for place in places], [other[place] or 0 for place in places]
    return Fraction(len(places) * sum(a * b for a, b in zip(first, second, strict=True)) - sum(first) * sum(second))


def _is_far(weight: Fraction, real: Fraction) -> bool:
    return abs(real - weight) > FAR and (real > 2 * weight or 2 * real < weight)


def _percent(share: Fraction) -> str:
    return f"{int(round_to(share * 100, 0, 'half_up'))} %"
