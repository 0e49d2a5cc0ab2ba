"""A figure opened down to its rows. What a run rests on is gathered once and kept, so that opening the next figure is quick."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from steelyard.calc import explanation, kpis
from steelyard.calc.explanation import Evidence, Explanation, ReadingDetail, Selector
from steelyard.calc.facts import FACTS
from steelyard.calc.formula.nodes import Value
from steelyard.calc.lists.listing import list_lines
from steelyard.calc.lists.planning import has_peers
from steelyard.calc.measures.listing import list_rows
from steelyard.calc.measures.partial import reduce
from steelyard.calc.measures.plan import Plan, Span, plan, window_of
from steelyard.calc.measures.spans import Cube
from steelyard.calc.over_time import Past
from steelyard.calc.points import Reading, readings_of
from steelyard.calc.resolve import Resolver
from steelyard.calc.units import Blank
from steelyard.frameworks.queries import framework as framework_of
from steelyard.ledger.queries import EVERYTHING, facts, parts

from . import files, stored
from .kept import Kept
from .models import Run
from .scoring import Inputs, gathered, past_of, subjects


@dataclass(frozen=True)
class Opened:
    """What a run rests on: its inputs, how they are read, and who is who."""

    inputs: Inputs
    plan: Plan
    resolver: Resolver


@dataclass(frozen=True)
class Told:
    """An explanation with what is needed to go further down."""

    run: Run
    inputs: Inputs
    subject: str
    tree: Explanation


_opened: Kept[Opened] = Kept(4)
_pasts: Kept[Past | None] = Kept(4)
_rows: Kept[pl.DataFrame] = Kept(32)


def opened(run: Run) -> Opened:
    """What a run rests on. The id of a run stands for all of it, so it is kept under that."""
    return _opened.get(run.run_id, lambda: _open(run))


def explain(run: Run, subject: str) -> Told:
    """The explanation of one subject's score, from what was stored when it was computed."""
    framework, inputs = framework_of(run.framework), opened(run).inputs
    details: dict[Reading, ReadingDetail] = {}
    for row in stored.readings(run, subject).iter_rows(named=True):
        reading = Reading(row["measure"], row["window"])
        start, end = _span(inputs, reading)
        value: Value = Blank(row["blank"]) if row["value"] is None else row["value"]
        details[reading] = ReadingDetail(value, start, end, row["counted"], stored.excluded(row["excluded"]))
    return Told(run, inputs, subject, explanation.explain(framework, stored.items(run, subject), details))


def evidence_of(run: Run, subject: str, kpi: str) -> tuple[Evidence, ...]:
    """The readings of one KPI: value, days, rows counted and not counted."""
    found = explain(run, subject).tree.find(kpi)
    return () if found is None else found.evidence


def rows_behind(told: Told, selector: Selector) -> pl.DataFrame:
    """The rows of one reading: whether each counts, which rule excluded it, what it contributes (`measures.listing`)."""
    return rows(told.run, told.subject, Reading(selector.measure, selector.window))


def rows(run: Run, subject: str, reading: Reading) -> pl.DataFrame:
    """The rows of one reading of a subject, in the order of their days."""
    return _rows.get((run.run_id, subject, reading), lambda: _listed(run, subject, reading))


def attributes_of(run: Run, subject: str) -> dict[str, Value]:
    """What the masters said of a subject on the run's day."""
    points = subjects(opened(run).inputs)
    place = points.subjects.index(tuple(subject.split(files.SEPARATOR)))
    return {name: column[place] for name, column in points.attributes.items()}


def past(run: Run) -> Past | None:
    """The evaluations that a run looks back on; None where its framework reads none."""
    return _pasts.get(run.run_id, lambda: past_of(opened(run).inputs))


def _open(run: Run) -> Opened:
    inputs = gathered(run)
    framework = inputs.framework
    return Opened(inputs, plan(framework, inputs.calendar, readings_of(framework)), Resolver(inputs.histories))


def _span(inputs: Inputs, reading: Reading) -> Span:
    framework = inputs.framework
    window = window_of(framework, framework.measures[reading.measure], reading.window)
    return inputs.calendar.window(window, inputs.as_of, framework.grain)


def _listed(run: Run, subject: str, reading: Reading) -> pl.DataFrame:
    found = opened(run)
    measure = found.inputs.framework.measures[reading.measure]
    start, end = _span(found.inputs, reading)
    codes = tuple(subject.split(files.SEPARATOR))
    if measure.list:
        return _lines(found, codes, reading)
    everything = facts(measure.fact, cut=run.cut, scope=EVERYTHING)
    scan = found.plan.scan_of(measure.name)
    if "partner" in scan.subjects and "party" in FACTS[measure.fact].by_name:
        everything = of_partner(found, everything, codes[found.inputs.framework.subject.index("partner")])
    return list_rows(found.plan, found.resolver, everything, measure, codes, start, end)


def of_partner(found: Opened, everything: pl.LazyFrame, partner: str) -> pl.LazyFrame:
    """The facts with a key that ever meant a partner; whom it means on its day is decided when they are read."""
    return everything.filter(pl.col("party").is_in(_called(found, partner)))


def _lines(found: Opened, codes: tuple[str, ...], reading: Reading) -> pl.DataFrame:
    """The lines of a list behind a reading: built anew from the facts that it reads, of everybody where lines are compared."""
    framework = found.inputs.framework
    todo = plan(framework, found.inputs.calendar, [reading])
    points = subjects(found.inputs)
    points = points.take(kpis.applicable(framework, points))
    place = points.subjects.index(codes)
    if not has_peers(framework, framework.lists):
        points, place = points.take([place]), 0
    partials = {}
    for scan in todo.scans:
        rows = facts(scan.fact, cut=found.inputs.cut, scope=EVERYTHING)
        if len(points) == 1 and "partner" in scan.subjects and "party" in FACTS[scan.fact].by_name:
            rows = of_partner(found, rows, codes[framework.subject.index("partner")])
        partial = reduce(todo, scan, found.resolver, rows, sum(part.rows for part in parts(scan.fact, found.inputs.cut)))
        if partial is not None:
            partials[scan.name] = partial
    return list_lines(Cube(todo, found.resolver, partials), points, reading, place)


def _called(found: Opened, partner: str) -> list[str]:
    """Every key that ever meant a partner at any source: who a row's key means on its day is decided when it is listed."""
    aliases = found.inputs.histories.aliases
    return [partner, *aliases.filter(pl.col("partner") == partner)["party"].unique().sort()]
