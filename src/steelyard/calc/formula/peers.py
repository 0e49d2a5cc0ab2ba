"""Functions over peers: the scored subjects of one group on one as-of date.

Blanks are left out. With fewer peers than ``least`` the result is blank, and says how many there were; `peer_count`
alone always has a value, so that a rule can ask. Without ``with_self`` a subject's own value is left out.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Hashable, Sequence
from fractions import Fraction
from typing import Any

from ..framework.model import Peers
from ..units import Blank
from .nodes import Value
from .operators import Column, quotient


class _Group:
    """The known values of one group, in order; ``without`` a value they are asked for by rank."""

    def __init__(self) -> None:
        self.values: list[Any] = []
        self.total: Any = None

    def ranked(self, rank: int, without: int | None) -> Any:
        return self.values[rank if without is None or rank < without else rank + 1]


def over_peers(function: str, column: Sequence[Value], groups: Sequence[Hashable], peers: Peers) -> Column:
    """One of peer_mean, peer_median, peer_min, peer_max, peer_count, percentile, for every point."""
    found: dict[Hashable, _Group] = {}
    for value, key in zip(column, groups, strict=True):
        group = found.setdefault(key, _Group())
        if not isinstance(value, Blank):
            group.values.append(value)
    for group in found.values():
        group.values.sort()
        group.total = sum(group.values) if function == "peer_mean" else 0
    results: dict[tuple[Hashable, Value], Value] = {}
    answers: Column = []
    for value, key in zip(column, groups, strict=True):
        asked = (key, value)
        answer = results.get(asked)
        if answer is None:
            answer = results[asked] = _one(function, value, found[key], peers)
        answers.append(answer)
    return answers


def _one(function: str, value: Value, group: _Group, peers: Peers) -> Value:
    known = not isinstance(value, Blank)
    left_out = known and not peers.with_self
    count = len(group.values) - left_out
    if function == "peer_count":
        return count
    if function == "percentile" and not known:
        return value
    if count < max(peers.least, 1):
        return Blank(f"{count} peer{'' if count == 1 else 's'}, {max(peers.least, 1)} needed")
    own = bisect_left(group.values, value) if left_out else None
    match function:
        case "peer_min":
            return group.ranked(0, own)
        case "peer_max":
            return group.ranked(count - 1, own)
        case "peer_median":
            low, high = group.ranked((count - 1) // 2, own), group.ranked(count // 2, own)
            return low if low == high else quotient(low + high, 2)
        case "peer_mean":
            return quotient(group.total - value if left_out else group.total, count)
    below = bisect_left(group.values, value)
    equal = bisect_right(group.values, value) - below - left_out
    return Fraction(2 * below + equal, 2 * count)
