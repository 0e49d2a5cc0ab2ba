"""What passes between the two phases: the points to score, and the measures read at them.

A *point* is one subject on one as-of date. Phase 1 delivers a `ReadingColumn` per `Reading`, aligned to the points;
phase 2 (`kpis`, `scorecards`) reads nothing else.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date

from .formula import nodes
from .formula.nodes import Formula, Value
from .framework.formulas import walk
from .framework.model import Framework, Node, PointsRule
from .units import Blank, Exact


@dataclass(frozen=True, slots=True)
class Reading:
    """A measure through a window; ``window`` None is the measure's own."""

    measure: str
    window: str | None = None

    def __str__(self) -> str:
        return f"{self.measure}[{self.window}]" if self.window else self.measure


@dataclass(slots=True)
class ReadingColumn:
    """The values of one reading, aligned to the points, in natural units.

    ``counted``: rows behind each value; ``excluded``: reason -> rows that the rule with this reason excluded.
    """

    values: list[Exact | str | date | Blank]
    counted: list[int]
    excluded: dict[str, list[int]] = field(default_factory=dict)


@dataclass(slots=True)
class Points:
    """The points to score: subject and as-of date, with the subject's attributes valid on that date."""

    subjects: list[tuple[str, ...]]
    as_of: list[date]
    attributes: dict[str, list[Value]] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.subjects)

    def take(self, positions: list[int]) -> Points:
        """The points at these positions, in this order."""
        return Points(
            subjects=[self.subjects[position] for position in positions],
            as_of=[self.as_of[position] for position in positions],
            attributes={name: [column[position] for position in positions] for name, column in self.attributes.items()},
        )


def readings_in(framework: Framework, tree: nodes.Node) -> set[Reading]:
    """The readings one formula asks for directly (not through the KPIs it names)."""
    found: set[Reading] = set()
    for part in walk(tree):
        if isinstance(part, nodes.Name) and part.name in framework.measures:
            found.add(Reading(part.name))
        elif isinstance(part, nodes.Windowed):
            found.add(Reading(part.measure, part.window))
    return found


def readings_of(framework: Framework) -> set[Reading]:
    """Every reading that phase 1 must deliver: whatever KPIs, points rules, weights, gates and levels read."""
    return {reading for formula in formulas_of(framework) for reading in readings_in(framework, formula.tree)}


def formulas_of(framework: Framework) -> Iterator[Formula]:
    """Every formula of phase 2; row formulas of measures and `applies_to` (attributes only) are not among them."""
    for kpi in framework.kpis.values():
        yield kpi.formula
        if kpi.target:
            yield kpi.target
        if kpi.no_data.rule:
            yield kpi.no_data.rule
    for curve in framework.curves.values():
        yield from _of_rule(curve)
    if framework.scorecard:
        yield from _of_node(framework.scorecard)
    for level in (*framework.levels, *(framework.rollup.levels if framework.rollup else ())):
        yield from level.require
        for group in level.any:
            for way in group:
                yield from way
    for trigger in framework.triggers:
        yield trigger.when


def row_formulas_of(framework: Framework) -> Iterator[Formula]:
    """Every formula of phase 1: over the rows of facts and the lines of lists."""
    columns = [column for found in framework.lists.values() for column in found.columns.values()]
    for measure in (*framework.measures.values(), *(column.measure for column in columns if column.measure is not None)):
        yield from (rule.formula for rule in measure.where)
        if measure.value is not None:
            yield measure.value
    for found in framework.lists.values():
        yield from (rule.formula for rule in (*found.where, *found.keep))
    yield from (column.formula for column in columns if column.formula is not None)


def _of_node(node: Node) -> Iterator[Formula]:
    if node.weight:
        yield node.weight
    if node.points:
        yield from _of_rule(node.points)
    for gate in node.require:
        yield gate.rule
    for item in node.items:
        yield from _of_node(item)


def _of_rule(rule: PointsRule) -> Iterator[Formula]:
    if rule.points:
        yield rule.points
