"""Sharing out whole numbers so that the parts add up exactly: the method of the largest remainder."""

from __future__ import annotations

from collections.abc import Sequence
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


def exact_text(numerator: int, denominator: int) -> str:
    """An exact ratio as decimal text where it ends within 12 places (`0.625`), otherwise as a ratio (`1/3`)."""
    common = gcd(numerator, denominator)
    if common != 1:
        numerator, denominator = numerator // common, denominator // common
    if denominator == 1:
        return str(numerator)
    for places, power in _POWERS:
        if power % denominator == 0:
            digits = f"{abs(numerator) * (power // denominator):0{places + 1}d}"
            return f"{'-' if numerator < 0 else ''}{digits[:-places]}.{digits[-places:]}"
    return f"{numerator}/{denominator}"


_POWERS = [(places, 10**places) for places in range(1, 13)]
