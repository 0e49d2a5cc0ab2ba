"""Sharing out whole numbers so that the parts add up exactly: the method of the largest remainder."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from math import gcd


def spread(numerators: Sequence[int], denominator: int, target: int) -> list[int]:
    """Whole parts that add up to ``target``, each as near as can be to ``numerator / denominator``.

    Every part is rounded down and what is then missing goes to the parts with the largest remainders, one each; equal
    remainders in the order given. Normally fewer units are missing than there are parts; where earlier roundings make
    it more (or fewer than none), everybody gets (or gives) the same and the rest goes the same way.
    """
    parts = [numerator // denominator for numerator in numerators]
    missing = target - sum(parts)
    if missing == 0 or not parts:
        return parts
    everybody = 0
    if not 0 < missing < len(parts):
        everybody, missing = divmod(missing, len(parts))
    places = range(len(parts))
    ranked = sorted(places, key=lambda place: parts[place] * denominator - numerators[place])  # largest remainder first
    for place in ranked[:missing]:
        parts[place] += 1
    return [part + everybody for part in parts] if everybody else parts


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
