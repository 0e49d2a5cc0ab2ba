"""The partner's own rows: which kinds of facts it may browse, which columns it has, and one row with the scorecards it counts in."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

import polars as pl

from steelyard.calc.errors import Missing, Problem, Refused
from steelyard.calc.facts import FACTS, Column, Kind
from steelyard.calc.formula.nodes import names_in
from steelyard.calc.framework.model import Framework, Measure
from steelyard.calc.lists.planning import compared_columns, picked_fact
from steelyard.calc.measures.plan import window_of
from steelyard.calc.points import readings_in, readings_of
from steelyard.frameworks.queries import framework as framework_of
from steelyard.ledger import queries as ledger
from steelyard.partners.facts import visible_facts
from steelyard.partners.row_columns import title_of
from steelyard.scorecards import bundles, opening
from steelyard.scorecards.cards import Card
from steelyard.scorecards.queries import Score

from . import published
from .whose import Whose

# what a partner ordered or reported itself; ratings, targets and visits it meets only where a published figure counts them
BROWSED = ("orders", "sell_through", "inventory", "coverage", "referrals", "complaints", "certificates")
ALWAYS_HIDDEN = frozenset({"party", "party_name", "batch", "source_row"})  # the same in every row, or of other rows' files
HIDDEN = {  # what the company knows of a row and does not tell: its costs, who rated or referred, its plans
    "orders": frozenset({"cost", "referred_by", "source_kind", "document_currency"}),
    "activities": frozenset({"cost", "currency", "planned"}),
    "ratings": frozenset({"rated_by", "evidence"}),
    "targets": frozenset({"label"}),
    "account_targets": frozenset({"planned_calls"}),
    "fund_movements": frozenset({"margin"}),
}
PERIODS = 5  # how many published periods from the row's own on are looked at: trailing windows reach that far


def hidden(kind: str) -> frozenset[str]:
    """The columns of a kind that no page, file, search or order of the portal knows."""
    return ALWAYS_HIDDEN | HIDDEN.get(kind, frozenset())


def hidden_behind(framework: Framework, measure: Measure) -> frozenset[str]:
    """The same of the rows, or the lines of a list, that a measure is taken over; of lines also whatever tells of others."""
    told = hidden(picked_fact(framework, measure))
    return told | compared_columns(framework, measure.list) | _kept(framework, measure.list) if measure.list else told


def _kept(framework: Framework, name: str) -> frozenset[str]:
    """The columns of a list's lines that hold, or are made of, what the company keeps to itself."""
    found = framework.lists[name]
    kept = set(_kept(framework, found.list)) if found.list else set(HIDDEN.get(found.fact, ()))
    for column in found.columns.values():
        measure = column.measure
        if measure is not None:
            theirs = _kept(framework, measure.list) if measure.list else HIDDEN.get(measure.fact, frozenset())
            kept |= {own for own, other in zip(column.match, column.theirs, strict=True) if other in theirs}
            kept |= {column.name} if measure.value is not None and names_in(measure.value.tree) & theirs else set()
        elif column.formula is not None and names_in(column.formula.tree) & kept:
            kept.add(column.name)
    return frozenset(kept)


def bundle(card: Card) -> bytes:
    """The bundle of an own scorecard; `Refused` where it would show columns that the portal hides."""
    kept = [f"{kind}.{name}" for kind, names in bundles.columns(card.run).items() for name in names if name in HIDDEN.get(kind, ())]
    if kept:
        what = "this score is computed from what the company keeps to itself, so its bundle is not handed out here"
        raise Refused(Problem("bundle-not-here", what, card.run.period, ", ".join(kept), "ask your contact for the bundle or for a check"))
    return bundles.bundle(card.run, card.subject)


def browsed() -> list[Kind]:
    """The kinds that have a list of their own."""
    return [FACTS[name] for name in BROWSED]


@dataclass(frozen=True, slots=True)
class CountsIn:
    """One figure of a published scorecard that a row is listed behind."""

    framework: str
    title: str
    period: str
    kpi: str
    kpi_title: str
    reading: str
    measure: str
    counted: bool
    reason: str | None


@dataclass(frozen=True)
class OwnRow:
    """A row of the partner's: what it says, whether it still counts, and where."""

    kind: Kind
    values: dict[str, Any]
    row: int
    live: bool
    counts_in: list[CountsIn]

    @property
    def told(self) -> list[tuple[Column, Any]]:
        """(column, value) of everything the partner may read of it."""
        names = hidden(self.kind.name)
        shown = [column for column in self.kind.columns if column.name not in names]
        return [(column, self.values[column.name]) for column in shown if self.values[column.name] not in (None, "")]

    @property
    def name(self) -> str:
        """What tells it from the others: its document and line."""
        known = [name for name in self.kind.key if name not in (*hidden(self.kind.name), self.kind.date)]
        return " · ".join(str(self.values[name]) for name in known if self.values.get(name) not in (None, "")) or f"{self.row}"


def own_row(own: Whose, kind_name: str, row: int) -> OwnRow:
    """One row; `Missing` if it is not there, not theirs, or of a kind they do not browse and behind no published figure."""
    if kind_name not in FACTS or not 0 <= row < 2**63:
        raise Missing
    kind = FACTS[kind_name]
    seen = visible_facts(kind_name, scope=own.scope).filter((pl.col("row_id") == row) & (pl.col("sign") > 0)).collect()
    if seen.is_empty():
        raise Missing
    values = seen.row(0, named=True)
    found = list(_counts_in(own, kind, values))
    if kind_name not in BROWSED and not found:
        raise Missing
    reversals = ledger.facts(kind_name, scope=own.scope, columns=["reverses_row_id"]).filter(pl.col("reverses_row_id") == row)
    return OwnRow(kind, values, row, reversals.head(1).collect().is_empty(), found)


def _counts_in(own: Whose, kind: Kind, values: dict[str, Any]) -> Iterator[CountsIn]:
    day = values[kind.date] if kind.date else None
    lines = [line.score for line in published.scores(own)]
    if day is not None:
        lines = [score for score in lines if score.run.period_end > day][-PERIODS:]
    for score in lines:
        yield from _in_score(own, score, kind, values["row_id"], day)


def _in_score(own: Whose, score: Score, kind: Kind, row: int, day: date | None) -> Iterator[CountsIn]:
    framework = framework_of(score.run.framework)
    inputs = opening.opened(score.run).inputs
    for reading in sorted(readings_of(framework), key=str):
        measure = framework.measures[reading.measure]
        if measure.fact != kind.name:
            continue
        start, end = inputs.calendar.window(window_of(framework, measure, reading.window), inputs.as_of, framework.grain)
        if day is not None and not start <= day < end:
            continue
        listed = opening.rows(score.run, own.code, reading).filter(pl.col("row_id") == row)
        if listed.is_empty():
            continue
        for code, kpi in framework.kpis.items():
            if reading in readings_in(framework, kpi.formula.tree):
                counted, reason = bool(listed["counted"][0]), listed["reason"][0]
                yield CountsIn(
                    score.framework,
                    score.title,
                    score.period,
                    code,
                    kpi.title or code,
                    str(reading),
                    measure.title or title_of(measure.name),
                    counted,
                    None if counted else reason,
                )
