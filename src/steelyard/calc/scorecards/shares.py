"""Sharing out whole numbers so that the parts add up exactly: the method of the largest remainder."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from math import gcd

from ..units import divide


def spread(numerators: Sequence[int], denominator: int, target: int) -> list[int]:
    """Whole parts that add up to ``target``, each as near as can be to ``numerator / denominator``.

    Every part is rounded down and what is then missing goes to the parts with the largest remainders, one each; equal
    remainders in the order given. Normally fewer units are missing than there are parts; where earlier roundings make
    it more (or fewer than none), everybody gets (or gives) the same and the rest goes the same way.
    """
    parts: list[int] = []
    remainders: list[int] = []
    for numerator in numerators:
        part, remainder = divmod(numerator, denominator)
        parts.append(part)
        remainders.append(remainder)
    missing = target - sum(parts)
    if missing == 0 or not parts:
        return parts
    everybody, missing = divmod(missing, len(parts))
    ranked = sorted(range(len(parts)), key=lambda position: -remainders[position])
    for position in ranked[:missing]:
        parts[position] += 1
    return [part + everybody for part in parts] if everybody else parts


def weighted(products: Sequence[int], total_weight: int) -> tuple[int, list[int]]:
    """The weighted mean, rounded once, and each item's contribution to it. ``products`` are weight x points."""
    mean = divide(sum(products), total_weight)
    return mean, spread(products, total_weight, mean)


@lru_cache(maxsize=65_536)
def exact_text(numerator: int, denominator: int) -> str:
    """An exact ratio as decimal text where it ends within 12 places (`0.4`), otherwise as a ratio (`5/8` stays `0.625`)."""
    common = gcd(numerator, denominator)
    numerator, denominator = numerator // common, denominator // common
    if denominator == 1:
        return str(numerator)
    rest, places = denominator, 0
    while rest % 10 == 0:
        rest, places = rest // 10, places + 1
    for prime in (2, 5):
        while rest % prime == 0:
            rest, places = rest // prime, places + 1
    if rest != 1 or places > 12:
        return f"{numerator}/{denominator}"
    digits = f"{abs(numerator) * 10**places // denominator:0{places + 1}d}"
    text = f"{digits[:-places]}.{digits[-places:].rstrip('0')}"
    return f"-{text}" if numerator < 0 else text
