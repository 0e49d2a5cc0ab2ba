"""Amounts: each line shared out in whole ten-thousandths that add up to it exactly."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

from ..units import INT64_MAX
from .shares import Numbers


@dataclass(frozen=True, slots=True)
class Allotted:
    """One row for each line and each share of its case: the line's place in its frame, the share's, and the part."""

    line: Numbers
    share: Numbers
    part: Numbers


def allot(case: Numbers, amount: Numbers, shares: pl.DataFrame) -> Allotted:
    """Share out the amounts of lines of these cases; ``shares`` has the rows of each case together, cases ascending.

    What rounding down leaves over goes, one each, to the largest remainders, equal ones in the order of the touches. A
    return is shared as the sale it takes back, with the other sign, so both together leave nothing with anybody.
    """
    of, tops, bottoms = (shares[name].to_numpy() for name in ("case", "numerator", "denominator"))
    starts = np.flatnonzero(np.concatenate([np.ones(min(len(of), 1), bool), of[1:] != of[:-1]]))
    lengths = np.diff(np.append(starts, len(of)))
    found = np.searchsorted(of[starts], case)
    start, length = starts[found], lengths[found]
    begin = np.cumsum(length) - length
    parts = np.empty(int(length.sum()), np.int64)
    entries = np.empty(len(parts), np.int64)
    for size in np.unique(length):
        lines = np.flatnonzero(length == size)
        columns = np.arange(size)
        rows = start[lines][:, None] + columns
        to = begin[lines][:, None] + columns
        entries[to] = rows
        parts[to] = _split(amount[lines], tops[rows], bottoms[start[lines]])
    return Allotted(np.repeat(np.arange(len(case)), length), entries, parts)


def _split(amount: Numbers, top: Numbers, bottom: Numbers) -> Numbers:
    """Each amount in parts of top / bottom."""
    if top.shape[1] == 1:
        return amount[:, None]
    size, sign = np.abs(amount), np.sign(amount)
    if int(size.max(initial=0)) * int(top.max(initial=0)) > INT64_MAX:  # rare: then in whole numbers of any width
        size, top, bottom = size.astype(object), top.astype(object), bottom.astype(object)
    products = size[:, None] * top
    parts = products // bottom[:, None]
    over = size - parts.sum(axis=1)
    short = np.flatnonzero(over > 0)
    if len(short):
        rest = products[short] - parts[short] * bottom[short][:, None]
        order = np.argsort(-rest, axis=1, kind="stable")
        rank = np.argsort(order, axis=1, kind="stable")
        parts[short] += rank < over[short][:, None]
    return (parts * sign[:, None]).astype(np.int64)
