"""Every measure of the shipped frameworks, over rows drawn at random, opens down to rows or lines that add up to its value."""

from __future__ import annotations

import re
from collections import Counter
from datetime import date, timedelta
from fractions import Fraction
from functools import cache
from importlib.resources import files
from itertools import pairwise
from random import Random

import polars as pl
import pytest

from steelyard.calc.facts import FACTS, SYSTEM_COLUMNS
from steelyard.calc.framework.read import read
from steelyard.calc.lists.listing import list_lines, row_kind
from steelyard.calc.measures.evaluate import Cube, evaluate
from steelyard.calc.measures.known import read_coverage
from steelyard.calc.measures.listing import list_rows, listed_as
from steelyard.calc.measures.natural import unit_of
from steelyard.calc.measures.partial import merge, reduce
from steelyard.calc.measures.plan import plan, window_of
from steelyard.calc.periods import FiscalCalendar
from steelyard.calc.points import Points, readings_of
from steelyard.calc.resolve import Resolver
from steelyard.calc.units import DECIMALS, Blank
from steelyard.frameworks import published
from tests.calc.measures import world

EXAMPLES = files("steelyard.frameworks").joinpath("examples")
TEXTS = {one.name: one.text for one in published.programmes()} | {
    item.name: item.read_text(encoding="utf-8")
    for item in EXAMPLES.iterdir()
    if not item.name.endswith(".vectors.yaml") and item.name.endswith(".yaml")
}
CALENDAR, DAY = FiscalCalendar("standard"), date(2012, 12, 31)
PARTNERS = [("A",), ("B",), ("C",)]
ROWS = 150  # of each kind
EXACT = ("sum", "count", "count_distinct")


def drawn(random, text, kind):
    """One row: texts that the framework asks about or one of few others, days of two years, small numbers."""
    row = dict.fromkeys(FACTS[kind].schema | SYSTEM_COLUMNS) | {"source": "erp", "sign": 1}
    for column in FACTS[kind].columns:
        if column.type == "text":
            row[column.name] = random.choice([*asked(text, column.name), *column.choices] or ["x", "y", "z", None])
        elif column.type == "date":
            row[column.name] = date(2010, 12, 31) + timedelta(days=random.randrange(760))
        elif column.type == "yes/no":
            row[column.name] = random.choice([True, False, None])
        else:
            unit = DECIMALS.get(column.type, 6)
            row[column.name] = random.choice(
                [None, *(random.randrange(-5, 60) * 10**unit * random.choice([1, 15]) // random.choice([1, 4]) for _ in range(9))]
            )
    row |= {column.currency: "EUR" for column in FACTS[kind].columns if column.currency}
    if "party" in row:
        row["party"] = random.choice("ABC")
    if "product" in row:
        row["product"] = random.choice(["p1", "p2", "p3", None])
    return row


@cache
def asked(text, column):
    """What a framework compares a column with."""
    found = re.findall(rf'\b{column} (?:==|!=|not in|in) (\[[^\]]*\]|"[^"]*")', text)
    return sorted({literal for one in found for literal in re.findall(r'"([^"]*)"', one)})


def ledger(random, text, kind):
    """Rows, some of them taken back."""
    rows = [drawn(random, text, kind) for _ in range(ROWS)]
    rows += [row | {"sign": -1, "reverses_row_id": number} for number, row in enumerate(rows, 1) if random.random() < 0.1]
    numbered = [row | {"row_id": number} for number, row in enumerate(rows, 1)]
    return pl.DataFrame(numbered, schema=FACTS[kind].schema | SYSTEM_COLUMNS, orient="row")


class Opened:
    """A framework, a ledger that it reads, and every reading."""

    def __init__(self, text, seed):
        random = Random(seed)
        self.framework, problems = read(text)
        assert self.framework is not None, problems
        self.readings = readings_of(self.framework)
        self.plan = plan(self.framework, CALENDAR, self.readings)
        self.resolver = Resolver(world.histories(aliases=[], authorities=[], assignments=[]))
        self.facts = {kind: ledger(random, text, kind) for kind in sorted(self.plan.facts)}
        self.points = Points(PARTNERS, [DAY] * len(PARTNERS))
        self.cube = self.cube_of(Random(0), 0)

    def cube_of(self, random, pieces):
        """The same facts in another order, in so many pieces more."""
        partials = {}
        for scan in self.plan.scans:
            frame = self.facts[scan.fact].sample(fraction=1, shuffle=pieces > 0, seed=random.randrange(99))
            cuts = [0, *sorted(random.randrange(frame.height) for _ in range(pieces)), frame.height]
            parts = [frame[start:end] for start, end in pairwise(cuts)]
            found = [reduce(self.plan, scan, self.resolver, part.lazy(), part.height) for part in parts if part.height]
            found = [partial for partial in found if partial is not None]
            if found:
                partials[scan.name] = merge(found)
        known = read_coverage(self.facts["coverage"].lazy(), self.resolver) if "coverage" in self.facts else None
        return Cube(self.plan, self.resolver, partials, known)

    def rows(self, reading, place):
        """What a figure opens down to."""
        measure = self.framework.measures[reading.measure]
        if measure.list:
            return list_lines(self.cube, self.points, reading, place)
        span = CALENDAR.window(window_of(self.framework, measure, reading.window), DAY, self.framework.grain)
        return list_rows(self.plan, self.resolver, self.facts[measure.fact].lazy(), measure, self.points.subjects[place], *span)


@cache
def opened(name):
    return Opened(TEXTS[name], 3)


@pytest.mark.parametrize("name", sorted(TEXTS))
def test_every_measure_adds_up_to_its_rows(name):
    found, told = opened(name), 0
    for number, (reading, column) in enumerate(evaluate(found.cube, found.points, found.readings).items()):
        measure, place = found.framework.measures[reading.measure], number % len(PARTNERS)
        rows = found.rows(reading, place)
        assert {listed_as(row_kind(found.framework, measure), name) for name in row_kind(found.framework, measure).by_name} <= set(
            rows.columns
        )
        told += adds_up(reading, measure, rows, column, place)
    assert told > len(found.readings) / 3


def adds_up(reading, measure, rows, column, place):
    """Whether there was anything to add up; it does."""
    value, counted = column.values[place], rows.filter("counted")
    if not measure.once_per and measure.aggregate not in ("first", "last"):
        assert counted.height == column.counted[place] or measure.aggregate == "count_distinct", str(reading)
    left_out = Counter(rows.filter(~pl.col("counted"))["reason"])
    for reason, number in ((reason, counts[place]) for reason, counts in column.excluded.items() if not measure.list):
        assert left_out[reason] == number, f"{reading}: {reason}"
    if isinstance(value, Blank):
        assert counted.is_empty() or measure.known_when is not None, str(reading)
        return False
    unit = unit_of(measure)
    if unit not in DECIMALS:
        assert value in counted["value"].to_list(), str(reading)
        return True
    stored, parts = value * 10 ** DECIMALS[unit], [Fraction(part) for part in counted["contribution"].to_list() if part is not None]
    if measure.aggregate in EXACT or (measure.aggregate in ("first", "last") and measure.type.kind in DECIMALS):
        assert sum(parts) == stored, str(reading)
    elif measure.aggregate == "mean":
        assert sum(parts) == stored * len(parts), str(reading)
    elif measure.aggregate == "median":
        assert sorted(parts)[(len(parts) - 1) // 2] + sorted(parts)[len(parts) // 2] == 2 * stored, str(reading)
    else:
        assert stored == {"min": min, "max": max}[measure.aggregate](parts), str(reading)
    return bool(counted.height)


@pytest.mark.parametrize("name", sorted(TEXTS))
def test_the_order_of_the_rows_and_the_files_they_came_in_change_nothing(name):
    found = opened(name)
    once = evaluate(found.cube, found.points, found.readings)
    again = evaluate(found.cube_of(Random(5), 4), found.points, found.readings)
    for reading, column in once.items():
        assert (again[reading].values, again[reading].counted) == (column.values, column.counted), str(reading)
        assert again[reading].excluded == column.excluded, str(reading)
