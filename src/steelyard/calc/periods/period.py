"""A stretch of time with a label: what is scored at once."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from .days import ONE_DAY

GRAINS = ("week", "month", "quarter", "half", "year", "window")


@dataclass(frozen=True, slots=True)
class Period:
    """The days from ``start`` until before ``end``; ``index`` counts the periods of a grain one by one."""

    start: date
    end: date
    label: str
    grain: str
    index: int

    @property
    def as_of(self) -> date:
        """The last day: the date a period is scored at."""
        return self.end - ONE_DAY

    def __contains__(self, day: date) -> bool:
        return self.start <= day < self.end

    def __str__(self) -> str:
        return self.label
