"""What tests of phase 2 share: a framework from its text, and its cards from measures written down as columns."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

import pytest

from steelyard.calc import kpis, scorecards
from steelyard.calc.framework.model import Framework
from steelyard.calc.framework.read import read
from steelyard.calc.points import Points, Reading, ReadingColumn
from steelyard.calc.scorecards import Cards
from steelyard.calc.units import Blank

HEAD = """framework: tested
title: Tested
subject: partner
grain: quarter
effective: 2026-01-01
currency: EUR
"""


@dataclass
class Scored:
    """A framework scored over some partners."""

    framework: Framework
    points: Points
    readings: Mapping[Reading, ReadingColumn]
    kpis: Mapping[str, kpis.KpiColumn]
    cards: Cards

    def points_of(self, node: str) -> list[int | None]:
        return self.cards.node(node).points


@lru_cache
def framework_of(text: str) -> Framework:
    """The framework, from everything below its head."""
    framework, problems = read(HEAD + text)
    assert framework is not None, "\n".join(str(problem) for problem in problems)
    return framework


def reading(text: str) -> Reading:
    """`sales[ttm]` as a reading."""
    measure, _, window = text.removesuffix("]").partition("[")
    return Reading(measure, window or None)


def score_framework(
    text: str | Framework,
    measures: Mapping[str, Sequence[object] | ReadingColumn],
    *,
    subjects: Sequence[str] = (),
    attributes: Mapping[str, Sequence[object]] | None = None,
    given: Mapping[str, Sequence[object]] | None = None,
    earlier: kpis.Earlier | None = None,
) -> Scored:
    """Cards of as many partners as the columns are long; None in a column is a blank."""
    framework = framework_of(text) if isinstance(text, str) else text
    columns = {}
    for name, values in measures.items():
        if not isinstance(values, ReadingColumn):
            plain = [Blank("report_missing") if value is None else value for value in values]
            values = ReadingColumn(plain, [1] * len(plain), {})
        columns[reading(name)] = values
    count = len(next(iter(columns.values())).values)
    names = list(subjects) or [f"P{number:04}" for number in range(count)]
    points = Points([(name,) for name in names], [date(2026, 3, 31)] * count, dict(attributes or {}))
    computed = kpis.compute(framework, points, columns, earlier=earlier)
    return Scored(framework, points, columns, computed, scorecards.compute(framework, points, computed, columns, given=given))


@pytest.fixture(scope="session")
def score() -> Callable[..., Scored]:
    return score_framework


@pytest.fixture(scope="session")
def framework() -> Callable[[str], Framework]:
    return framework_of
