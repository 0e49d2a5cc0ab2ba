"""How sure one may be of a precision that was audited: the exact bound of Clopper and Pearson."""

from __future__ import annotations

from math import exp, lgamma, log, log1p

LEAST_PRECISION = 0.99  # below, the model accepts nothing
LEAST_LABELS = 300  # with fewer, neither
_STEPS = 60  # halvings, beyond what a double can tell apart


def lower_bound(right: int, wrong: int, confidence: float = 0.95) -> float:
    """The precision that so many audits show at least, one-sided; 0 without any."""
    if right <= 0:
        return 0.0
    total, low, high = right + wrong, 0.0, 1.0
    for _ in range(_STEPS):
        middle = (low + high) / 2
        if _at_least(right, total, middle) > 1 - confidence:
            high = middle
        else:
            low = middle
    return low


def _at_least(right: int, total: int, share: float) -> float:
    """How likely so many or more are right, if this share is; summed over what is wrong, which is little."""
    if share <= 0:
        return 0.0
    if share >= 1:
        return 1.0
    whole = lgamma(total + 1)
    terms = (
        exp(whole - lgamma(wrong + 1) - lgamma(total - wrong + 1) + wrong * log1p(-share) + (total - wrong) * log(share))
        for wrong in range(total - right + 1)
    )
    return min(sum(terms), 1.0)


def certified(right: int, wrong: int, labels: int) -> bool:
    """Whether the model may accept by itself."""
    return labels >= LEAST_LABELS and lower_bound(right, wrong) >= LEAST_PRECISION


def needed(wrong: int) -> int:
    """How many audits it takes with so many errors: 299, 473, 628 with none, one, two."""
    low, high = wrong, max(LEAST_LABELS, 2 * wrong)  # too few, enough
    while lower_bound(high - wrong, wrong) < LEAST_PRECISION:
        low, high = high, 2 * high
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if lower_bound(middle - wrong, wrong) >= LEAST_PRECISION else (middle, high)
    return high
