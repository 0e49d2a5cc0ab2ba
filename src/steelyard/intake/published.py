"""Which periods are published, as a room above says: intake warns of rows that fall into them, and knows nothing of scoring."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta


@dataclass(frozen=True, slots=True)
class PublishedPeriod:
    """A period whose results are public, at the cut they were made from; ``kinds`` are the facts that its framework reads."""

    framework: str
    period: str
    first_day: date
    last_day: date
    cut: int
    kinds: frozenset[str]


Reader = Callable[[], list[PublishedPeriod]]
_readers: list[Reader] = []


def told_by(reader: Reader) -> None:
    """Register who knows what is published: once, when the room above is ready."""
    if reader not in _readers:
        _readers.append(reader)


def holding(kind: str, first_day: date, last_day: date) -> list[PublishedPeriod]:
    """The published periods of frameworks that read a kind, with a day between these two; by day, then by name."""
    known = [period for reader in _readers for period in reader()]
    met = [one for one in known if kind in one.kinds and one.first_day <= last_day and first_day <= one.last_day]
    return sorted(met, key=lambda one: (one.first_day, one.framework, one.period))


def until(end: date) -> date:
    """The last day of a period that ends before this one."""
    return end if end == date.max else end - timedelta(days=1)
