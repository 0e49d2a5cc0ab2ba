"""How firm grades and places are, and how far each KPI may lie from what it says: made when read, from what a run stored.

Nothing is stored: the draws of five thousand partners take about a second once and are kept in the process. How much a KPI moves
by itself is taken from the run of the period before that was known at the same cut.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import polars as pl

from steelyard.calc import firmness
from steelyard.calc.firmness import Drawn
from steelyard.calc.framework.model import Framework
from steelyard.calc.intervals import USUAL, Interval, dispersion, intervals, method_of
from steelyard.frameworks.queries import framework as framework_of

from . import files, limits, stored
from .kept import Kept
from .models import Run

FIRM, BORDERLINE = "firm", "borderline"


@dataclass(frozen=True)
class Firmness:
    """What draws say of a run: for each subject with a total the share of draws that give its grade, in the order of the draws."""

    drawn: Drawn
    shares: Mapping[str, float | None]
    places: Mapping[str, int]  # subject -> its row in the draws

    def grade(self, subject: str, total: int | None = None) -> str | None:
        """firm, borderline, or nothing where the levels do not follow from points, or no KPI has an interval.

        ``total``, where a list shows what was published alone: of another total than the run's nothing is said.
        """
        share = self.shares.get(subject)
        if share is None or not self.drawn.uncertain:
            return None
        if total is not None and round(self.drawn.totals[self.places[subject]] * firmness.GRAIN) != total:
            return None
        return FIRM if share >= firmness.FIRM else BORDERLINE


@dataclass(frozen=True, slots=True)
class Place:
    """Between which places a subject likely stands, of how many; ``told`` False: not enough to rank."""

    low: int
    high: int
    field: int
    told: bool


_firm: Kept[Firmness] = Kept(16)
_dispersions: Kept[Mapping[str, float]] = Kept(64)
_places: Kept[Mapping[str, Place]] = Kept(64)


def of_run(run: Run) -> Firmness:
    """The firmness of every grade of a run."""
    return _firm.get(run.items_sha256, lambda: _of(run))


def places(run: Run, subjects: tuple[str, ...]) -> Mapping[str, Place]:
    """The likely places of some subjects among each other: a reader's places are counted among those that it sees."""
    return _places.get((run.items_sha256, subjects), lambda: _likely(of_run(run), subjects))


def interval(run: Run, subject: str, kpi: str) -> Interval | None:
    """How far a KPI of a subject may lie from its value; None if the run has no such KPI of it."""
    framework = framework_of(run.framework)
    rows = stored.items(run, subject).filter(pl.col("kpi") == kpi)
    if rows.is_empty() or kpi not in framework.kpis:
        return None
    return intervals(framework, framework.kpis[kpi], rows.head(1), _dispersions_of(run).get(kpi, USUAL))[0]


def _likely(found: Firmness, subjects: tuple[str, ...]) -> Mapping[str, Place]:
    ranked = [subject for subject in subjects if subject in found.places]
    at = [found.places[subject] for subject in ranked]
    likely = firmness.likely_places(found.drawn, at)
    return {
        subject: Place(*place, len(ranked), firmness.can_be_ranked(place, len(ranked), found.drawn.observations[row]))
        for subject, place, row in zip(ranked, likely, at, strict=True)
    }


def _of(run: Run) -> Firmness:
    framework = framework_of(run.framework)
    drawn = firmness.draw(framework, _items(run), _dispersions_of(run))
    outcomes = {row[0]: row[1:] for row in run.results.values_list("subject", "level", "limited_by")}
    levels = {subject: level for subject, (level, _) in outcomes.items()}
    held = frozenset(subject for subject, (_, limited) in outcomes.items() if limited)
    starts = limits.limits(framework)
    shares = firmness.firm(drawn, starts, levels, held) if len(starts) > 1 else [None] * len(drawn.subjects)
    at = {subject: row for row, subject in enumerate(drawn.subjects)}
    return Firmness(drawn, dict(zip(drawn.subjects, shares, strict=True)), at)


def _items(run: Run) -> pl.DataFrame:
    columns = ["kind", "node", "kpi", "unit", "value", "denominator", "points", "total_weight", "counted"]
    return stored.everybody(run).select(_subject(framework_of(run.framework)), *columns)


def _subject(framework: Framework) -> pl.Expr:
    return pl.concat_str(list(framework.subject), separator=files.SEPARATOR).alias("subject")


def _dispersions_of(run: Run) -> Mapping[str, float]:
    return _dispersions.get(run.items_sha256, lambda: _compared(run))


def _compared(run: Run) -> Mapping[str, float]:
    """The dispersion of each KPI from the newest run of an earlier period that was known when this one was made."""
    framework = framework_of(run.framework)
    earlier = Run.objects.filter(framework__code=run.framework.code, period_end__lte=run.period_start, cut__lte=run.cut)
    former = earlier.select_related("framework").order_by("-period_start", "-cut", "-pk").first()
    if former is None:
        return {}
    now, before = _values(run), _values(former)
    old = framework_of(former.framework)
    return {
        name: dispersion(method_of(framework, kpi), kpi, now.filter(pl.col("kpi") == name), before.filter(pl.col("kpi") == name))
        for name, kpi in framework.kpis.items()
        if name in old.kpis and old.kpis[name].formula == kpi.formula and old.kpis[name].unit == kpi.unit
    }


def _values(run: Run) -> pl.DataFrame:
    found = stored.everybody(run).filter(pl.col("kpi").is_not_null() & pl.col("value").is_not_null())
    return found.select(_subject(framework_of(run.framework)), "kpi", "value", "counted").unique(["subject", "kpi"], keep="first")
