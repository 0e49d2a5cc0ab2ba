"""Trees that change over time: no code may lie below itself on any day. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date

Edge = tuple[str, date, date]  # parent, from, until before


def loops(parents: Mapping[str, list[Edge]], starts: Iterable[str]) -> dict[str, list[str]]:
    """For each start that lies below itself on some day: the way round, e.g. ``["B", "A", "B"]``."""
    found = {}
    for start in starts:
        way = _way_back(parents, start, [start], date.min, date.max)
        if way:
            found[start] = way
    return found


def _way_back(parents: Mapping[str, list[Edge]], start: str, way: list[str], since: date, until: date) -> list[str]:
    """Walk up from the last code of ``way`` while all steps hold on a common day; the way if it comes back to ``start``."""
    for parent, first, end in parents.get(way[-1], ()):
        a, b = max(since, first), min(until, end)
        if a >= b:
            continue
        if parent == start:
            return [*way, parent]
        if parent not in way:  # a loop that leaves out the start is found from its own members
            further = _way_back(parents, start, [*way, parent], a, b)
            if further:
                return further
    return []
