"""One subject's card computed again with something changed: what its total and level would be.

KPIs are taken as they were stored; everything above them (points rules, gates, weights, rounding, levels) is computed by the
code that scored.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from typing import Any

import polars as pl

from . import scorecards
from .formula.nodes import Formula, Value, names_in
from .framework.model import Framework
from .kpis import Applied, Given, KpiColumn, Stored
from .over_time import Past
from .points import Points, Reading, ReadingColumn, formulas_of
from .units import DECIMALS, Blank

Row = Mapping[str, Any]
Outcome = tuple[int | None, int]  # total, place of the level (-1: none)
Change = tuple[str, Stored] | None  # a KPI and its value instead of the one it has


@dataclass(frozen=True, slots=True)
class Trial:
    """What comes of several changes at once: the total, the place of the level (-1: none), and how much the next still lacks."""

    total: int | None
    place: int
    lacking: int  # requirements of the level above that do not hold, or gates that hold the level down


@dataclass(frozen=True)
class Situation:
    """One subject as it was scored: its rows of the items frame, and what it was computed from."""

    framework: Framework
    rows: tuple[Row, ...]
    readings: Mapping[Reading, Value] = field(default_factory=dict)
    attributes: Mapping[str, Value] = field(default_factory=dict)
    past: Past | None = None  # the evaluations before, where the framework reads them
    _known: dict[frozenset[tuple[str, Stored]], Trial] = field(default_factory=dict, compare=False, repr=False)

    @classmethod
    def of(
        cls,
        framework: Framework,
        items: pl.DataFrame,
        readings: Mapping[Reading, Value],
        attributes: Mapping[str, Value],
        past: Past | None = None,
    ) -> Situation:
        """The situation told by a subject's items."""
        return cls(framework, tuple(items.iter_rows(named=True)), readings, attributes, past)

    @property
    def root(self) -> Row | None:
        """The row of the total."""
        return next((row for row in self.rows if row["kind"] == "total"), None)

    @property
    def reads(self) -> set[str]:
        """Every name that gates, weights, points rules and levels read."""
        return {name for formula in judging(self.framework) for name in names_in(formula.tree)}

    def outcomes(self, changes: Sequence[Change], totals: Sequence[int] | None = None) -> list[Outcome]:
        """Total and level with each of the changes; ``totals`` sets the total itself instead."""
        if totals is None:
            trials = self.trials([{} if change is None else {change[0]: change[1]} for change in changes])
            return [(trial.total, trial.place) for trial in trials]
        given = {"total": [Fraction(total, 10 ** DECIMALS["points"]) for total in totals]}
        return [(trial.total, trial.place) for trial in self._judged(self._cards([{} for _ in totals], given))]

    def trials(self, together: Sequence[Mapping[str, Stored]]) -> list[Trial]:
        """Total, level and what the next one still lacks, with several KPIs changed at a time; each is computed once."""
        keys = [frozenset(changes.items()) for changes in together]
        unknown = {key: changes for key, changes in zip(keys, together, strict=True) if key not in self._known}
        if unknown:
            self._known.update(zip(unknown, self._judged(self._cards(list(unknown.values()), None)), strict=True))
        return [self._known[key] for key in keys]

    def _cards(self, together: Sequence[Mapping[str, Stored]], given: Given | None) -> scorecards.Cards:
        count = len(together)
        points = Points(
            [tuple(self.rows[0][name] for name in self.framework.subject)] * count,
            [self.rows[0].get("as_of") or date.min] * count,
            {name: [value] * count for name, value in self.attributes.items()},
        )
        readings = {reading: ReadingColumn([value] * count, [0] * count) for reading, value in self.readings.items()}
        return scorecards.compute(self.framework, points, self._columns(together), readings, given=given, past=self.past, shared=False)

    def _judged(self, cards: scorecards.Cards) -> list[Trial]:
        places = {level.name: place for place, level in enumerate(self.framework.levels)}
        missing, limits = cards.levels.missing, cards.levels.limits
        return [
            Trial(total, -1 if level is None else places[level], len(missing[at][1]) if at in missing else int(at in limits))
            for at, (total, level) in enumerate(zip(cards.totals, cards.levels.levels, strict=True))
        ]

    def _columns(self, together: Sequence[Mapping[str, Stored]]) -> dict[str, KpiColumn]:
        """Every KPI as it was stored, with the changed values in place."""
        changed: dict[str, list[tuple[int, Stored]]] = {}
        for position, changes in enumerate(together):
            for name, value in changes.items():
                changed.setdefault(name, []).append((position, value))
        columns = {}
        for row in self.rows:
            name = row["kpi"]
            if name is None or name in columns or name not in self.framework.kpis:
                continue
            kpi, stored = self.framework.kpis[name], stored_value(row)
            reason = row["no_data_reason"] or "no data"
            values: list[Stored] = [Blank(reason) if stored is None else stored] * len(together)
            no_data = [Applied(row["no_data"] or "skip", reason) if stored is None else None] * len(together)
            for position, value in changed.get(name, ()):
                values[position], no_data[position] = value, None
            columns[name] = KpiColumn(kpi, kpi.unit, values, None, None, None, no_data, [0] * len(together))
        return {name: columns[name] for name in self.framework.kpis if name in columns}


def judging(framework: Framework) -> list[Formula]:
    """The formulas of gates, weights, points rules and levels."""
    of_kpis = {id(formula) for kpi in framework.kpis.values() for formula in (kpi.formula, kpi.target, kpi.no_data.rule) if formula}
    return [formula for formula in formulas_of(framework) if id(formula) not in of_kpis]


def stored_value(row: Row) -> int | str | None:
    """A KPI's value as it is stored: whole numbers in the grain of the unit, answers as text."""
    found: int | str | None = row["value_text"] if row["unit"] == "text" else row["value"]
    return found
