"""Whole columns of whole numbers at once, exactly.

Everything fits into int64 for any real card; where a bound says it might not, the same code runs on Python's own
unbounded integers (arrays of objects). So there is one rule for both and nothing ever wraps round.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

Whole = NDArray[Any]  # int64, or objects that are ints

SAFE = 2**62


def whole(values: Iterable[int | None]) -> Whole:
    """Whole numbers as an array; None is 0."""
    plain = [value or 0 for value in values]
    try:
        return np.array(plain, dtype=np.int64)
    except OverflowError:
        return np.array(plain, dtype=object)


def widened(numbers: Whole, factor: int) -> Whole:
    """The same numbers, able to be multiplied by so much and added up without wrapping round."""
    if numbers.dtype == object or not numbers.size:
        return numbers
    largest = max(abs(int(numbers.max())), abs(int(numbers.min())), 1)
    return numbers if largest * max(abs(factor), 1) < SAFE else numbers.astype(object)


def half_even(numerators: Whole, denominator: int) -> Whole:
    """``numerators / denominator`` rounded to whole numbers, a half to the even one; the denominator is positive."""
    if denominator == 1:
        return numerators
    if denominator >= SAFE:
        numerators = numerators.astype(object)
    quotients = numerators // denominator
    twice = (numerators - quotients * denominator) * 2
    up = (twice > denominator) | ((twice == denominator) & (quotients % 2 == 1))
    return quotients + up.astype(np.int64)


def spread_columns(numerators: Whole, denominator: int, targets: Whole) -> Whole:
    """`shares.spread` for every column of an array (parts x points)."""
    count = len(numerators)
    if denominator >= SAFE:
        numerators = numerators.astype(object)
    parts = numerators // denominator
    missing = targets - parts.sum(axis=0)
    everybody = missing // count
    missing = missing - everybody * count
    if missing.any():
        remainders = numerators - parts * denominator
        order = np.argsort(-remainders, axis=0, kind="stable")
        ranks = np.empty(order.shape, dtype=np.int64)
        np.put_along_axis(ranks, order, np.broadcast_to(np.arange(count)[:, None], order.shape), axis=0)
        parts = parts + (ranks < missing).astype(np.int64)
    return parts + everybody if everybody.any() else parts


def groups(keys: Sequence[Any]) -> list[tuple[Any, NDArray[np.int64]]]:
    """Each different key with the positions that have it, keys in order of appearance."""
    if not keys:
        return []
    if keys.count(keys[0]) == len(keys):  # the usual case, found without hashing
        return [(keys[0], np.arange(len(keys)))]
    codes: dict[Any, int] = {}
    found = np.fromiter((codes.setdefault(key, len(codes)) for key in keys), dtype=np.int64, count=len(keys))
    order = np.argsort(found, kind="stable")
    ends = np.cumsum(np.bincount(found, minlength=len(codes)))[:-1]
    return list(zip(codes, np.split(order, ends), strict=True))
