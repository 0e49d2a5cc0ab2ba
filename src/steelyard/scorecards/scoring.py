"""Gather and compute: everything between "score this period at this cut" and the finished cards. Writes nothing but cache.

Gathers facts, histories and calendar at the cut; `calc` does the rest.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property, partial
from typing import TYPE_CHECKING

import polars as pl

from steelyard.calc import kpis, scorecards
from steelyard.calc import subjects as calc_subjects
from steelyard.calc.attributes import are_in, joined
from steelyard.calc.errors import Problem, Refused
from steelyard.calc.framework.model import Framework
from steelyard.calc.measures.plan import ENGINE
from steelyard.calc.measures.spans import Cube
from steelyard.calc.over_time import Past
from steelyard.calc.over_time.anew import computed, with_days
from steelyard.calc.over_time.days import Changed
from steelyard.calc.over_time.needs import attributes_read, since
from steelyard.calc.periods import FiscalCalendar, Period
from steelyard.calc.points import Points, Reading, ReadingColumn
from steelyard.calc.resolve import Histories
from steelyard.calc.scorecards import Cards
from steelyard.company.queries import calendar as calendar_at
from steelyard.company.queries import settings as settings_at
from steelyard.frameworks.queries import framework as framework_of
from steelyard.ledger.queries import chain_hash, head, known_through
from steelyard.partners.queries import attribute_values
from steelyard.partners.queries import histories as histories_at

from .earlier import Read, digest, in_force, moments, review_days
from .measuring import changed, merged, read, sells_in

if TYPE_CHECKING:
    from .models import Run


@dataclass(frozen=True)
class Inputs:
    """Everything a run rests on, gathered at one cut."""

    framework: Framework
    framework_digest: str
    calendar: FiscalCalendar
    period: Period
    cut: int
    histories: Histories
    chain: str  # the hash of the ledger's chain at the cut
    known_through: date | None
    earlier: tuple[Read, ...] = ()  # the results that this one reads
    cycles: Mapping[str, tuple[date, ...]] = field(default_factory=dict)  # review days, where standings turn on them

    @property
    def looks_back(self) -> date | None:
        """The first as-of date whose results are read; None: none are."""
        return since(self.framework, self.as_of, self.calendar)

    @property
    def as_of(self) -> date:
        """The day everything is computed for: the last of the period; in an open window, the last the data knows."""
        return calc_subjects.as_of(self.period.start, self.period.end, self.known_through)

    @cached_property
    def sells_in(self) -> pl.DataFrame | None:
        """Which countries partners sell in, where they are scored by country; it follows from the facts and masters at the cut."""
        by_country = "country" in self.framework.subject
        return sells_in(self.framework, self.calendar, self.histories, self.cut) if by_country else None

    @property
    def digests(self) -> dict[str, str]:
        """What a receipt lists."""
        return {
            "framework": self.framework_digest,
            "engine": ENGINE,
            "ledger": self.chain,
            "calendar": hashlib.sha256(repr(self.calendar).encode()).hexdigest(),
            "masters": self.histories.digest(
                "partners",
                "aliases",
                "territories",
                "representatives",
                "assignments",
                "categories",
                "products",
                "units",
                *([] if self.histories.authorities.is_empty() else ["authorities"]),
            ),
            "rates": self.histories.digest("rates"),
            **self._over_time(),
        }

    def _over_time(self) -> dict[str, str]:
        """The earlier results and the review days, where the framework reads any."""
        if self.looks_back is None:
            return {}
        told = {"earlier": self.framework.earlier if self.framework.earlier == "as known now" else digest(self.earlier)}
        if self.cycles:
            told["review days"] = hashlib.sha256(
                json.dumps({name: list(map(str, days)) for name, days in self.cycles.items()}).encode()
            ).hexdigest()
        return told

    @property
    def run_id(self) -> str:
        """Same inputs, same id. The chain's hash at the cut stands for the facts."""
        return run_id_of(self.period.label, self.period.start, self.period.end, self.cut, self.digests)


def run_id_of(label: str, start: date, end: date, cut: int, digests: Mapping[str, str]) -> str:
    """The id of a run over a period at a cut with these inputs."""
    named = {"period": label, "start": str(start), "end": str(end), "cut": cut, **digests}
    return hashlib.sha256(json.dumps(named, sort_keys=True).encode()).hexdigest()


@dataclass(frozen=True)
class Scored:
    """A computed run, not yet saved."""

    inputs: Inputs
    points: Points
    readings: dict[Reading, ReadingColumn]
    cards: Cards


def day_of(framework: Framework, period_label: str, cut: int | None = None) -> date:
    """The as-of date of a period in a framework's calendar, whatever the framework's grain."""
    at = head() if cut is None else cut
    period = calendar_at(framework.calendar or settings_at(at)["default_calendar"], at).period(period_label)
    return calc_subjects.as_of(period.start, period.end, known_through(at))


def gathered(run: Run) -> Inputs:
    """The inputs of a run that was computed before, with the earlier results and review days that it read."""
    earlier = tuple(Read.of(one) for one in run.earlier)
    cycles = {name: tuple(map(date.fromisoformat, days)) for name, days in run.review_days.items()}
    framework = framework_of(run.framework)
    return gather(framework, run.framework.digest, run.period, run.cut, earlier=earlier, cycles=cycles or None)


def gather(
    framework: Framework,
    framework_digest: str,
    period_label: str,
    cut: int | None = None,
    *,
    earlier: tuple[Read, ...] | None = None,
    cycles: Mapping[str, tuple[date, ...]] | None = None,
) -> Inputs:
    """The inputs of a run; the cut is the head unless told, the earlier results and review days those in force now unless told."""
    at = head() if cut is None else cut
    if at > head():
        raise Refused(Problem("unknown-cut", "the ledger has not come to this cut yet", found=str(cut), hint=f"the newest is {head()}"))
    calendar = calendar_at(framework.calendar or settings_at(at)["default_calendar"], at)
    period = calendar.period(period_label)
    if period.grain != framework.grain:
        raise Refused(
            Problem(
                "wrong-grain",
                f"`{framework.code}` scores by {framework.grain}",
                found=f"{period_label}, a {period.grain}",
                hint=f"write a {framework.grain}",
            )
        )
    inputs = Inputs(framework, framework_digest, calendar, period, at, histories_at(at), chain_hash(at), known_through(at))
    inputs = knowing(inputs, framework)
    needed = inputs.looks_back
    if needed is None:
        return inputs
    if earlier is None and framework.earlier == "as published":
        earlier = in_force(framework, needed, inputs.as_of)
    return replace(inputs, earlier=earlier or (), cycles=_cycles(framework, inputs.as_of) if cycles is None else cycles)


def knowing(inputs: Inputs, *frameworks: Framework) -> Inputs:
    """The inputs with the attributes of the company's own that these frameworks declare, as known at the cut."""
    for framework in frameworks:
        if not are_in(inputs.histories, framework.attributes):
            inputs = replace(inputs, histories=joined(inputs.histories, framework.attributes, attribute_values(inputs.cut)))
    return inputs


def _cycles(framework: Framework, as_of: date) -> dict[str, tuple[date, ...]]:
    """The days up to the as-of date of the review cycles that the standing names."""
    rules = framework.standing
    named = [] if rules is None else [turns.name for turns in (rules.evaluate, rules.promote, rules.demote) if turns.kind == "cycle"]
    known = review_days() if named else {}
    return {name: tuple(day for day in known.get(name, ()) if day <= as_of) for name in sorted(set(named))}


def score(inputs: Inputs, *, cached: bool = True) -> Scored:
    """Phase 1 and phase 2 for all subjects of the period; ``cached`` False reads every fact again."""
    framework = inputs.framework
    points = subjects(inputs)
    points = points.take(kpis.applicable(framework, points))
    readings = read(inputs.framework, inputs.calendar, inputs.histories, inputs.cut, points, cached=cached)
    past = past_of(inputs, cached=cached)
    values = kpis.compute(framework, points, readings, past=past)
    return Scored(inputs, points, readings, scorecards.compute(framework, points, values, readings, past=past))


def cube_of(inputs: Inputs) -> Cube:
    """The rows of everybody, reduced: what lists are built from."""
    return merged(inputs.framework, inputs.calendar, inputs.histories, inputs.cut)


def past_of(inputs: Inputs, *, cached: bool = True) -> Past | None:
    """The evaluations before: as published, or computed now from the date the framework is effective; None where none is read."""
    framework = inputs.framework
    if inputs.looks_back is None:
        return None
    world = _Ledger(inputs, cached)
    if framework.earlier == "as published":
        then = partial(subjects_of, framework=framework) if attributes_read(framework) else None
        found = moments(framework, inputs.earlier, inputs.calendar, inputs.period, then)
        return with_days(Past(framework, tuple(found), inputs.calendar, cycles=inputs.cycles), world, inputs.as_of)
    return with_days(computed(world, inputs.period, inputs.cycles), world, inputs.as_of)


@dataclass(frozen=True)
class _Ledger:
    """What earlier evaluations are computed from: everybody's facts at the cut."""

    inputs: Inputs
    cached: bool

    @property
    def framework(self) -> Framework:
        return self.inputs.framework

    @property
    def calendar(self) -> FiscalCalendar:
        return self.inputs.calendar

    def subjects(self, day: date) -> Points:
        return subjects(self.inputs, day)

    def read(self, points: Points) -> dict[Reading, ReadingColumn]:
        return read(self.framework, self.calendar, self.inputs.histories, self.inputs.cut, points, cached=self.cached)

    def changed(self, points: Points, days: Sequence[date]) -> Changed:
        return changed(self.framework, self.calendar, self.inputs.histories, self.inputs.cut, points, days)

    def turns(self) -> Iterable[date]:
        return self.inputs.histories.turns()


def subjects_of(run: Run, framework: Framework) -> Points:
    """The subjects of an earlier run with the attributes that they had in it; of the company's own those that a later framework reads."""
    inputs = knowing(gathered(run), framework)
    return subjects(replace(inputs, framework=replace(inputs.framework, attributes=framework.attributes)))


def subjects(inputs: Inputs, on: date | None = None) -> Points:
    """The subjects that exist on the as-of date (or another day), with their attributes on it."""
    return calc_subjects.subjects(inputs.framework, inputs.histories, on or inputs.as_of, inputs.sells_in)
