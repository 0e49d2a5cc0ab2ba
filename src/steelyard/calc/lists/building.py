"""Building a list as of some days: its lines, then its columns from left to right, then what is kept."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import polars as pl

from ..facts import FACTS
from ..framework.model import FactList, Framework, ListColumn, Measure
from ..measures.partial import key_name
from ..measures.reasons import excluded_column, reasons_of
from ..measures.row_values import RowValue
from ..measures.spans import Span, cells_of, in_spans
from .adding import added_up
from .coding import KEY, Coded, coded
from .columns import ahead, dtype_of, keyed, settled, stored_value, value_of, values_of_key
from .formulas import Reading
from .lines import Lines, Places
from .picking import first_of_each, live
from .planning import ORIGIN, column_measure, rows_measure

PREFERRED = "another row of the same {key} is preferred"
Spans = Sequence[Span]
Begun = tuple[pl.DataFrame, dict[str, RowValue], dict[str, pl.DataFrame], pl.DataFrame | None]  # lines, names, left out, others


@dataclass
class Builder:
    """All lists of one evaluation; each is built once for the same days."""

    places: Places
    built: dict[tuple[str, tuple[Span, ...]], Lines] = field(default_factory=dict)
    numbered: dict[str, Coded | None] = field(default_factory=dict)

    @property
    def framework(self) -> Framework:
        """The framework whose lists these are."""
        return self.places.cube.plan.framework

    def lines(self, name: str, outer: Spans) -> Lines:
        """The lines of a list that is asked through these spans of days, one per day of the points."""
        key = (name, tuple(outer))
        if key not in self.built:
            self.built[key] = self._build(self.framework.lists[name], outer)
        return self.built[key]

    def _build(self, found: FactList, outer: Spans) -> Lines:
        begun = self._picked_rows if found.fact else self._picked_lines if found.list else self._grouped
        frame, values, left_out, others = begun(found, outer)
        reading = Reading(self.places, outer, found, frame, values)
        for name, column in found.columns.items():
            if column.formula is not None:
                reading.add(name, column.formula)
            elif found.picked or column.since:
                self._measure_lines(reading, column, outer)
        reading.fails(found.keep)
        return Lines(found, reading.frame, reading.values, left_out, others)

    def _grouped(self, found: FactList, outer: Spans) -> Begun:
        """A line for every key that any measured column has a live row for."""
        own = [column for column in found.columns.values() if column.measure is not None and not column.since]
        numbered = self._numbered(found, own)
        frames = {column.name: self._measured(found, column, outer, numbered) for column in own}
        key = ["#at", *(found.one_per if numbered is None else (KEY,))]
        frame = pl.concat([frame.select(key) for frame in frames.values()]).unique()
        inner = {one.measure.list: dict(self._inner(one.measure, outer).values) for one in own if one.measure and one.measure.list}
        values = values_of_key(found, inner, self.framework.attributes)
        for column in own:
            measured = frames[column.name].rename({"#value": column.name})
            frame = frame.join(measured, on=key, how="left", nulls_equal=True)
            frame, values[column.name] = settled(frame, column)
        if numbered is not None:
            frame = frame.join(numbered.keys, on=KEY, how="left").drop(KEY)
        named = pl.any_horizontal(pl.col(name).is_not_null() for name in found.one_per)
        return frame.filter(named), values, {}, None  # without any part of its key it is no thing

    def _numbered(self, found: FactList, columns: Sequence[ListColumn]) -> Coded | None:
        if found.name not in self.numbered:
            self.numbered[found.name] = coded(self.places, found, columns)
        return self.numbered[found.name]

    def _inner(self, measure: Measure, outer: Spans) -> Lines:
        return self.lines(measure.list, self.places.through(measure.window, outer))

    def _measured(self, found: FactList, column: ListColumn, outer: Spans, numbered: Coded | None = None) -> pl.DataFrame:
        """(``#at``, what the line joins by, ``#value``) of one column."""
        measure = column.measure
        assert measure is not None
        if measure.list:
            inner = self._inner(measure, outer)
            frame = added_up(Reading(self.places, outer, inner.found, inner.kept, dict(inner.values)), measure, column.theirs)
        else:
            frame = keyed(self.places, column_measure(found, column), self.places.through(measure.window, outer), numbered)
        if numbered is not None:
            return frame.select("#at", KEY, stored_value(measure).alias("#value"))
        called = {other: own for own, other in zip(column.match, column.theirs, strict=True)}
        return frame.with_columns(stored_value(measure).alias("#value")).rename(called).select("#at", *column.match, "#value")

    def _measure_lines(self, reading: Reading, column: ListColumn, outer: Spans) -> None:
        """A measured column of lines that are there already: joined by `match`, or counted ahead from each line's own date."""
        if column.since:
            reading.frame = ahead(self.places, reading, column)
        else:
            frame = self._measured(reading.found, column, outer).rename({"#value": column.name})
            # a line that lacks what it is joined by has no rows
            reading.frame = reading.frame.join(frame, on=["#at", *column.match], how="left", maintain_order="left")
        reading.frame, reading.values[column.name] = settled(reading.frame, column)

    def _picked_rows(self, found: FactList, outer: Spans) -> Begun:
        """One live row of the fact per key."""
        measure = rows_measure(self.framework, found)
        plan, kind = self.places.cube.plan, FACTS[found.fact]
        scan = plan.scan_of(measure.name)
        spans = self.places.through(found.window, outer)
        own = self.framework.attributes
        values = {name: value_of(name, kind.name, own) for name in measure.per if name not in ORIGIN}
        partial = self.places.cube.partials.get(scan.name)
        if partial is None:
            return pl.DataFrame(schema={"#at": pl.Int64()} | {name: dtype_of(name, kind.name, own) for name in values}), values, {}, None
        cells = cells_of(plan, scan, spans)
        rows = live(in_spans(partial.keyed[key_name(measure)], cells, len(spans)), measure)
        chosen, others = first_of_each(self.places.placed(rows, scan), found, [*kind.key, *ORIGIN])
        sums = in_spans(partial.sums, cells, len(spans)).group_by("#at").agg(pl.exclude("#at", "#group", "#span", "#cell").sum())
        placed = self.places.placed(sums.collect(), scan)
        left_out = {
            reason: placed.select("#at", excluded_column(measure, placed, reason).cast(pl.Int64).alias("rows"))
            for reason in reasons_of(placed, measure)
        }
        return chosen.drop(ORIGIN), values, left_out | _others(found, others), others.drop(ORIGIN)

    def _picked_lines(self, found: FactList, outer: Spans) -> Begun:
        """One line of another list per key."""
        inner = self.lines(found.list, self.places.through(found.window, outer))
        reading = Reading(self.places, outer, inner.found, inner.kept, dict(inner.values))
        reading.fails(found.where, "#left")
        left = counts_by_reason(reading.frame, "#left", [rule.reason for rule in found.where])
        chosen, others = first_of_each(reading.frame.filter(pl.col("#left") == 0).drop("#left"), found, inner.found.one_per)
        return chosen, dict(inner.values), left | _others(found, others), others


def counts_by_reason(frame: pl.DataFrame, fail: str, reasons: Sequence[str]) -> dict[str, pl.DataFrame]:
    """Reason -> (``#at``, ``rows``): how many lines each rule leaves out, by the number of the first that fails."""
    found: dict[str, pl.DataFrame] = {}
    for number, reason in enumerate(reasons, start=1):
        left = frame.filter(pl.col(fail) == number).group_by("#at").agg(pl.len().cast(pl.Int64).alias("rows"))
        found[reason] = together(found.get(reason), left)
    return found


def together(one: pl.DataFrame | None, other: pl.DataFrame) -> pl.DataFrame:
    """Counts of one reason added up."""
    return other if one is None else pl.concat([one, other]).group_by("#at").agg(pl.col("rows").sum())


def _others(found: FactList, others: pl.DataFrame) -> dict[str, pl.DataFrame]:
    """How many rows others were preferred to, per point."""
    if others.is_empty():
        return {}
    return {preferred(found): others.group_by("#at").agg(pl.len().cast(pl.Int64).alias("rows"))}


def preferred(found: FactList) -> str:
    """Why a row is left out that another was preferred to."""
    return PREFERRED.format(key=", ".join(found.one_per))


__all__ = ["PREFERRED", "Builder", "counts_by_reason", "preferred", "together"]
