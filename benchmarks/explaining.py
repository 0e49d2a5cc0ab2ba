"""What it would take one partner to reach the next level: every KPI alone and the cheapest moves together, on the real card."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from fractions import Fraction
from importlib.resources import files
from random import Random

import polars as pl

from .measure import Line, seconds

PARTNERS = 60


def run(quick: bool) -> Iterator[Line]:
    """The slowest twentieth of partners of the life-science default, beside computing one card once."""
    from steelyard.calc.next_level import next_level

    situations = partners(PARTNERS // 3 if quick else PARTNERS)
    once = seconds(lambda: replace(situations[0], _known={}).trials([{}]), repeat=5)
    next_level(situations[0])  # warm
    taken, together, none = [], 0, 0
    for situation in situations:
        started = time.process_time()
        said = next_level(situation)
        taken.append(time.process_time() - started)
        if said is not None:
            together += said.together is not None and len(said.together.moves) > 1
            none += said.together is None
    slow = sorted(taken)[-max(1, len(taken) // 20)]
    detail = f"{len(taken)} partners, median {sorted(taken)[len(taken) // 2]:.3f} s; several KPIs for {together}, nothing found for {none}"
    yield Line(
        "what would it take, one partner, 95th of a hundred", slow, 0.2, 0.1, "s of CPU", f"{detail}; one card once {once * 1000:.1f} ms"
    )


def partners(count: int) -> list:  # type: ignore[type-arg]
    """Cards of partners whose KPIs lie anywhere between poor and full, some without data; the same every time."""
    from steelyard.calc import kpis, scorecards
    from steelyard.calc.points import Points
    from steelyard.calc.situation import Situation
    from steelyard.calc.units import Blank
    from steelyard.frameworks.queries import parse

    framework = parse(files("steelyard.frameworks").joinpath("examples/life-science.yaml").read_text(encoding="utf-8"))
    random = Random(11)
    codes = [f"P-{number:04}" for number in range(count)]
    given = {}
    for name, kpi in framework.kpis.items():
        low, high = reach(framework, kpi)
        drawn = [low + (high - low) * Fraction(random.randrange(0, 110), 100) for _ in codes]
        values = [round(value) if kpi.unit == "count" else value for value in drawn]
        given[name] = [Blank("not reported") if random.random() < 0.05 else value for value in values]
    points = Points([(code,) for code in codes], [date(2025, 12, 31)] * count)
    values = kpis.compute(framework, points, {}, given=given)
    items = scorecards.compute(framework, points, values, {}).items_frame()
    return [Situation.of(framework, items.filter(pl.col("partner") == code), {}, {}) for code in codes]


def reach(framework, kpi) -> tuple[Fraction, Fraction]:  # type: ignore[no-untyped-def]
    """The first and the last end of a KPI's points rules."""
    rules = [leaf.points for leaf in framework.scorecard.leaves() if leaf.kpi == kpi.name and leaf.points is not None]
    ends = [Fraction(x) for rule in rules for x, _ in rule.corners]
    ends += [Fraction(end) for rule in rules for band in rule.bands for end in (band.low, band.high) if end is not None]
    return (min(ends), max(ends)) if len(set(ends)) > 1 else (Fraction(0), Fraction(4))
