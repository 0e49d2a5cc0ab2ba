"""What a framework says about time beyond one point: histories, standings, triggers, roll-ups; and what regions may change."""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction
from typing import Literal

from ..formula.nodes import Formula
from .terms import Place, Span, Window


@dataclass(frozen=True, slots=True)
class History:
    """The overall score from earlier totals: a weighted mean of ``periods`` (``weight`` reads `n`, 0 newest), or smoothed.

    Exactly one of ``weight`` and ``smooth`` is there; blank periods are left out of both sums.
    """

    periods: int = 0
    weight: Formula | None = None
    smooth: Fraction | int | None = None  # the share of the current total
    round: int | None = None
    place: Place = field(default=Place(""), compare=False)


@dataclass(frozen=True, slots=True)
class Held:
    """How long a level's requirements hold: at every evaluation of a span (``lasting``), or on one day of a window."""

    lasting: Span | None = None
    once_in: Window | None = None


@dataclass(frozen=True, slots=True)
class Turns:
    """A calendar of evaluations: daily | monthly | quarterly | months (``months`` 1..12) | cycle (a review cycle ``name``)."""

    kind: Literal["daily", "monthly", "quarterly", "months", "cycle"] = "monthly"
    months: tuple[int, ...] = ()
    name: str = ""


@dataclass(frozen=True, slots=True)
class Standing:
    """How the level a partner holds follows the levels it earns."""

    start: str
    evaluate: Turns = Turns()
    promote: Turns = Turns()
    demote: Turns = Turns()
    hold: Span | None = None
    steps: int | None = None  # most levels of one fall; None: as far as earned
    takes_effect: Literal["same day", "first day of next month"] = "same day"
    place: Place = field(default=Place(""), compare=False)


@dataclass(frozen=True, slots=True)
class Trigger:
    """Something to do, within a span, when a rule becomes true."""

    name: str
    when: Formula
    do: str
    within: Span
    title: str = ""
    note: str = ""
    place: Place = field(default=Place(""), compare=False)


@dataclass(frozen=True, slots=True)
class Open:
    """A key path that a region may change; numbers between ``low`` and ``high`` where these are given.

    ``adding``: names may be added below the path, what is there stays.
    """

    path: str
    low: Fraction | int | None = None
    high: Fraction | int | None = None
    adding: bool = False
    unit: str = "number"  # of the limits: number or percent
    place: Place = field(default=Place(""), compare=False)


@dataclass(frozen=True, slots=True)
class Question:
    """What a person is asked to judge: a scale with steps and what they mean, who is asked, whether evidence is needed."""

    name: str
    ask: str
    low: Fraction | int = 1
    high: Fraction | int = 5
    step: Fraction | int = 1
    asked: str = ""
    evidence: bool = False
    answers: tuple[tuple[Fraction | int, str], ...] = ()  # what an answer means, as far as that is said; lowest first
    title: str = ""
    place: Place = field(default=Place(""), compare=False)
