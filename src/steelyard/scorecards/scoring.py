"""Gather and compute: everything between "score this period at this cut" and the finished cards. Writes nothing but cache.

Gathers facts, histories and calendar at the cut; `calc` does the rest.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

import polars as pl

from steelyard.calc import kpis, scorecards
from steelyard.calc.errors import Problem, Refused
from steelyard.calc.formula.nodes import Value
from steelyard.calc.framework.model import Framework
from steelyard.calc.measures.plan import ENGINE
from steelyard.calc.periods import FiscalCalendar, Period
from steelyard.calc.points import Points, Reading, ReadingColumn
from steelyard.calc.resolve import Histories
from steelyard.calc.scorecards import Cards
from steelyard.calc.units import Blank
from steelyard.company.queries import calendar as calendar_at
from steelyard.company.queries import settings as settings_at
from steelyard.ledger.queries import chain_hash, head, known_through
from steelyard.partners.queries import histories as histories_at

from .measuring import read


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

    @property
    def as_of(self) -> date:
        """The day everything is computed for: the last of the period; in an open window, the last the data knows."""
        if self.period.end == date.max:
            return max(self.period.start, self.known_through or self.period.start)
        return self.period.end - timedelta(days=1)

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
        }

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


def gather(framework: Framework, framework_digest: str, period_label: str, cut: int | None = None) -> Inputs:
    """The inputs of a run; the cut is the head unless told."""
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
    return Inputs(framework, framework_digest, calendar, period, at, histories_at(at), chain_hash(at), known_through(at))


def score(inputs: Inputs, *, cached: bool = True) -> Scored:
    """Phase 1 and phase 2 for all subjects of the period; ``cached`` False reads every fact again."""
    framework = inputs.framework
    points = subjects(inputs)
    points = points.take(kpis.applicable(framework, points))
    readings = read(inputs.framework, inputs.calendar, inputs.histories, inputs.cut, points, cached=cached)
    values = kpis.compute(framework, points, readings)
    return Scored(inputs, points, readings, scorecards.compute(framework, points, values, readings))


def subjects(inputs: Inputs) -> Points:
    """The subjects that exist on the as-of date, with their attributes on it."""
    single = {
        "partner": inputs.histories.partners,
        "representative": inputs.histories.representatives,
        "territory": inputs.histories.territories,
    }
    frames = []
    for name in inputs.framework.subject:
        valid = (pl.col("valid_from").is_null() | (pl.col("valid_from") <= inputs.as_of)) & (
            pl.col("valid_to").is_null() | (pl.col("valid_to") > inputs.as_of)
        )
        frames.append(single[name].filter(valid).drop("valid_from", "valid_to").rename({"code": name}).sort(name))
    table = frames[0]
    for other, frame in zip(inputs.framework.subject[1:], frames[1:], strict=True):
        table = table.drop(other, strict=False)  # a partner's own territory is not the one it is scored in
        table = table.join(frame.drop([column for column in frame.columns if column in table.columns]), how="cross")
    keys = list(table.select(inputs.framework.subject).iter_rows())
    attributes: dict[str, list[Value]] = {
        column: [Blank(f"{column} is not recorded") if value is None else value for value in table[column].to_list()]
        for column in table.columns
    }
    return Points(keys, [inputs.as_of] * len(keys), attributes)
