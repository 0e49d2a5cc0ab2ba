"""Pairs of KPIs that go hand in hand: what one says the other says again, so it counts twice."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from ..framework.model import Node
from .backtest import Partners
from .card import Card
from .findings import Findings

LEAST = 30  # partners with both
HIGH = 95  # per cent


def check_correlated(card: Card, partners: Partners, findings: Findings) -> None:
    """Report pairs of scored KPIs with a rank correlation (Spearman) above .95 either way, where 30 partners have both."""
    root = card.framework.scorecard
    if root is None:
        return
    leaves = {leaf.kpi: leaf for leaf in root.leaves() if leaf.kpi in card.inputs and leaf.kpi not in partners.unknown}
    columns = {name: partners.cards.kpis[name].values for name in leaves if name is not None}
    known = {name: np.array([isinstance(value, int) for value in column]) for name, column in columns.items()}
    for one, other in combinations(columns, 2):
        both = known[one] & known[other]
        if int(both.sum()) < LEAST:
            continue
        places = np.flatnonzero(both)
        percent = _correlation(_ranks([columns[one][place] for place in places]), _ranks([columns[other][place] for place in places]))
        if percent is not None and abs(percent) > HIGH:
            _report(card, partners, (leaves[one], leaves[other]), percent, places.tolist(), findings)


def _ranks(values: Sequence[object]) -> NDArray[np.int64]:
    """Twice the ranks, ties with the mean of theirs, less their mean: whole numbers that add up to 0."""
    _, inverse, counts = np.unique(np.array(values, dtype=object).astype(np.int64), return_inverse=True, return_counts=True)
    ends = np.cumsum(counts)
    return (2 * ends - counts + 1)[inverse] - (len(values) + 1)


def _correlation(one: NDArray[np.int64], other: NDArray[np.int64]) -> int | None:
    """Spearman's correlation in per cent, cut towards 0 (96 is above .96); None where one does not vary."""
    above, first, second = int((one * other).sum()), int((one * one).sum()), int((other * other).sum())
    if not first or not second:
        return None
    percent = 0
    while (percent + 1) ** 2 * first * second < (above * 100) ** 2 and percent < 100:
        percent += 1
    return percent if above >= 0 else -percent


def _report(card: Card, partners: Partners, leaves: tuple[Node, Node], percent: int, places: list[int], findings: Findings) -> None:
    one, other = leaves
    way = "rise together" if percent > 0 else "go opposite ways"
    message = f"`{one.kpi}` and `{other.kpi}` {way}: who is ahead in one is {'ahead' if percent > 0 else 'behind'} in the other"
    height = f"{'' if percent > 0 else '-'}.{min(abs(percent), 99)}"
    found = f"rank correlation {height} or more over {len(places)} partners ({partners.backtest.period})"
    hint = "one of the two may do, or give them the weight of one"
    ranked = sorted(places, key=lambda place: partners.cards.kpis[one.kpi or ""].values[place])  # type: ignore[arg-type,return-value]
    witness = card.witness(partners.givens[ranked[0]], partners.givens[ranked[-1]])
    findings.add("correlated", message, other.place, found, hint, witness=witness)
