"""A published KPI value beside ours, and the steps that lead from one to the other: they add up, to the last digit.

First what the workbook's own figure has beyond its own lines and targets; then, one after another, each reason, with
what the framework makes of the readings before and after it. A step of a KPI that is a plain sum is the reason's money.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from ..formula.nodes import Name, Value
from ..framework.model import Framework
from ..points import Reading
from ..units import Blank, from_grain
from .causes import CERTAIN, LIKELY, OPEN
from .searching import Candidate, Found, search

SCALES = (1000, 1_000_000, 100)


@dataclass(frozen=True, slots=True)
class Published:
    """One figure of the workbook: a KPI or the total of a subject. ``coarse``: half a unit of its last decimal, in the grain."""

    subject: str
    item: str  # a KPI, or `total`
    value: int
    coarse: int = 0
    place: str = ""


@dataclass(frozen=True, slots=True)
class Step:
    """One cause on the way from their figure to ours, in the grain of the figure's unit. ``reason``: cause and key of a reason."""

    cause: str
    amount: int
    key: str = ""
    detail: str = ""
    sure: str = CERTAIN
    found: tuple[Candidate, ...] = ()  # what was found by search


@dataclass(frozen=True, slots=True)
class Figure:
    """Theirs + steps = ours. A figure that one side does not have counts as 0, and ``note`` says why."""

    subject: str
    item: str
    unit: str
    theirs: int
    ours: int | None
    steps: tuple[Step, ...]
    place: str = ""
    note: str = ""

    def __post_init__(self) -> None:
        if self.theirs + sum(step.amount for step in self.steps) != (self.ours or 0):
            raise ArithmeticError("the steps of a compared figure do not add up")

    @property
    def difference(self) -> int:
        """What leads from theirs to ours."""
        return (self.ours or 0) - self.theirs

    @property
    def equal(self) -> bool:
        """Whether the figures agree, but for roundings in the workbook."""
        return self.ours is not None and all(step.cause == "rounding" for step in self.steps)


def remainder(published: Published, value: int, candidates: Sequence[Candidate]) -> list[Step]:
    """What leads from the published figure to what follows from the workbook's own lines and targets (or from ours, without any)."""
    gap = value - published.value
    if not gap:
        return []
    if abs(gap) <= published.coarse:
        return [Step("rounding", gap)]
    for scale in SCALES:
        if published.value and abs(value - published.value * scale) <= published.coarse * scale:
            return [Step("scale", gap, detail=str(scale), sure=LIKELY)]
    found = _search(gap, published.coarse, candidates)
    if not found.candidates:
        return [Step("unexplained", gap, detail=str(found.ways) if found.ways > 1 else "", sure=OPEN)]
    steps = [Step(one.cause, one.amount, one.key, one.detail, LIKELY, (one,)) for one in found.candidates]
    rest = gap - sum(step.amount for step in steps)
    return [*steps, Step("rounding", rest)] if rest else steps


def _search(gap: int, coarse: int, candidates: Sequence[Candidate]) -> Found:
    """The exact search; where the figure was rounded, whatever single candidate explains all but the rounding."""
    if not coarse:
        return search(gap, candidates)
    near = {candidate.same: candidate for candidate in candidates if abs(candidate.amount - gap) <= coarse}
    return Found((next(iter(near.values())),), 1) if len(near) == 1 else Found((), len(near))


def readings_of_theirs(
    ours: Mapping[Reading, Value], moves: Mapping[Reading, Sequence[int]], units: Mapping[Reading, str]
) -> list[dict[Reading, Value]]:
    """The readings before each reason is put right, and after the last: the first are theirs, the last are ours.

    A reading that is blank is left so: what the lines add to nothing known is not known.
    """
    count = len(next(iter(moves.values()), ()))
    states: list[dict[Reading, Value]] = []
    for place in range(count + 1):
        state: dict[Reading, Value] = {}
        for reading, own in moves.items():
            value, still = ours[reading], sum(own[place:])
            if isinstance(value, int | Fraction) and not isinstance(value, bool) and still:
                state[reading] = value - from_grain(still, units[reading])
            elif isinstance(value, Blank) and still:
                state[reading] = -from_grain(still, units[reading])
        states.append(state)
    return states


def is_plain(framework: Framework, kpi: str, measure: str) -> bool:
    """Whether a KPI is nothing but the sum of a measure, so that its steps are the measure's own."""
    return framework.kpis[kpi].formula.tree == Name(0, measure) and framework.kpis[kpi].round is None
