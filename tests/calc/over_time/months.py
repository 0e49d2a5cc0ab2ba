"""What the tests of time share: one partner's cards over months in a row."""

from __future__ import annotations

from functools import lru_cache

from steelyard.calc.framework.read import read
from steelyard.calc.over_time.series import Step, over_series
from steelyard.calc.periods import FiscalCalendar
from steelyard.calc.points import Points
from steelyard.calc.units import Blank

HEAD = """framework: timed
subject: partner
grain: month
measures: {orders: {fact: orders, count: lines}}
kpis: {sold: {formula: orders, unit: number, no_data: skip}}
scorecard: {kpi: sold, points: value, cap: 1000}
"""
ONE = 10**6


@lru_cache
def framework_of(text: str):
    head = "".join(line + "\n" for line in HEAD.splitlines() if f"\n{line.split(':')[0]}:" not in f"\n{text}")
    framework, problems = read(head + text)
    assert framework is not None, "\n".join(map(str, problems))
    return framework


def series(text: str, *values, name: str = "total", start: str = "2024-01", **more):
    """The cards of one partner over months in a row (or over the days given as (day, value))."""
    framework = framework_of(text)
    calendar = FiscalCalendar("standard")
    first = calendar.period(start)
    steps = []
    for number, value in enumerate(values):
        day, value = value if isinstance(value, tuple) else (calendar.shift(first, number).as_of, value)
        given = {name: [Blank("given as blank") if value is None else value]}
        is_kpi = name in framework.kpis
        steps.append(Step(Points([("P",)], [day]), kpis=given if is_kpi else None, nodes=None if is_kpi else given))
    return over_series(framework, steps, **more)
