"""What the property tests of phase 1 draw: a calendar, a subject, a ledger of every kind, readings, and the cube over random parts."""

from __future__ import annotations

from random import Random

from hypothesis import strategies as st

from steelyard.calc.measures.evaluate import Cube
from steelyard.calc.measures.known import read_coverage
from steelyard.calc.measures.partial import merge, reduce
from steelyard.calc.measures.plan import plan
from steelyard.calc.periods import FiscalCalendar
from steelyard.calc.points import Points, Reading
from steelyard.calc.resolve import Resolver
from tests.thoroughness import examples

from . import ledgers, naive, world
from .world import day

EXAMPLES = examples(15)
CALENDARS = {
    "months": FiscalCalendar("months"),
    "from April": FiscalCalendar("april", start_month=4),
    "4-4-5": FiscalCalendar("weeks", pattern="445", start_month=7),
    "dates": FiscalCalendar(
        "quota",
        pattern="dates",
        dates=tuple(map(day, ["2011-07-05", "2011-10-02", "2012-01-10", "2012-05-01", "2012-08-20", "2012-11-30"])),
    ),
}
SUBJECTS = {
    "partner": [("A",), ("B",), ("C",), ("D",), ("nobody knows",)],
    "representative": [("r1",), ("r2",), ("r3",)],
    "territory": [("T1",), ("T2",), ("T3",)],
    "partner x territory": [("A", "T1"), ("A", "T2"), ("B", "T2"), ("C", "T1"), ("D", "T1")],
}
POLICIES = {
    "line date": [*world.RATED, "DKK", "JPY", None],
    "{policy: line date, read_as: document_currency, rates: ecb}": ["EUR", "JPY", None],
    "month average": [*world.RATED, "DKK", "JPY", None],
    "period end": [*world.RATED, "DKK", "JPY", None],
}


def world_of(random, lines, convert):
    """A ledger of every kind that the measures read."""
    draws = {
        "orders": ledgers.orders(POLICIES[convert]),
        "certificates": ledgers.certificates,
        "activities": ledgers.activities,
        "targets": ledgers.targets,
        "coverage": ledgers.coverage,
    }
    return {kind: ledgers.ledger(kind, random, lines, draw) for kind, draw in draws.items()}


def some_readings(random, framework, calendar, grain, convert):
    names = sorted(framework.measures)
    chosen = random.sample(names, min(8, len(names)))
    windows = naive.BY_DATES if calendar.pattern == "dates" else naive.BY_CELL + naive.BY_DAY * (random.random() < 0.5)
    return {Reading(name, window) for name in chosen for window in random.sample(windows, 3) if may_shift(framework, name, window)}


def may_shift(framework, name, window):
    return not (window == "quarter_ago" and framework.measures[name].window.unit == "all time")


def cube_of(random, framework, calendar, readings, facts, cache=None):
    """Partial results of random parts, some of which come from the cache."""
    todo, resolver = plan(framework, calendar, readings), Resolver(world.histories())
    found = {}
    for scan in todo.scans:
        reduced = []
        for number, frame in enumerate(facts[scan.fact].parts(random, random.randrange(1, 5))):
            result = reduce(todo, scan, resolver, frame, frame.collect().height)
            if cache is not None and result is not None and random.random() < 0.5:
                cache.save(cache.name(scan.name, [str(number)]), result)
                result = cache.load(cache.name(scan.name, [str(number)]))
            reduced += [result] if result is not None else []
        if reduced:
            found[scan.name] = merge(reduced)
    return Cube(todo, resolver, found, read_coverage(facts["coverage"].frame().lazy(), resolver))


def points_of(random, subjects, calendar, grain):
    ends = [period.as_of for period in calendar.periods(grain, day("2012-02-01"), day("2012-11-29"))]
    chosen = random.sample(ends, random.choice([1, 1, 2, 3]) if len(ends) > 2 else 1)
    pairs = [(subject, on) for on in chosen for subject in subjects]
    random.shuffle(pairs)
    return Points([subject for subject, _ in pairs], [on for _, on in pairs])


def by_day_measures(todo):
    return {measure.name for scan in todo.scans if scan.by_day for measure in scan.measures}


SEEDS = st.integers(0, 2**32)
LINES = st.integers(0, 50)


class Case:
    """One generated case: everything drawn, and the cube computed from random parts of it."""

    def __init__(self, seed, lines, subject, calendar, convert, cache=None):
        random = self.random = Random(seed)
        # a calendar of dates has no months
        self.calendar = CALENDARS["months" if convert == "month average" and calendar == "dates" else calendar]
        self.grain = "window" if self.calendar.pattern == "dates" else random.choice(["month", "quarter", "week", "year"])
        self.framework = naive.framework(subject, self.grain, convert)
        self.readings = some_readings(random, self.framework, self.calendar, self.grain, convert)
        self.facts = world_of(random, lines, convert)
        self.points = points_of(random, SUBJECTS[subject], self.calendar, self.grain)
        self.cube = self.cube_again(random, cache)

    def cube_again(self, random, cache=None):
        """The cube over other parts of the same facts."""
        return cube_of(random, self.framework, self.calendar, self.readings, self.facts, cache)
