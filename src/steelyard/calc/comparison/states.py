"""What the framework makes of other readings or of given KPI values: many states of few subjects, computed at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction

from .. import kpis, scorecards
from ..environment import Columns
from ..formula.nodes import Binary, Call, In, Node, Unary, Value
from ..framework.model import Framework
from ..over_time import Past
from ..points import Points, Reading, ReadingColumn, formulas_of
from ..units import Blank

PEERS = ("peer_mean", "peer_median", "peer_min", "peer_max", "peer_count", "percentile")


@dataclass(frozen=True, slots=True)
class State:
    """One subject with other readings, or with KPI values given, than it has."""

    subject: str
    readings: Mapping[Reading, Value] = field(default_factory=dict)
    given: Mapping[str, Value] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a state comes to: KPI values as stored (None: no data), the total, and each item's points and share in the total."""

    values: Mapping[str, int | str | None]
    reasons: Mapping[str, str]
    total: int | None
    level: str | None
    items: Mapping[str, tuple[int | None, Fraction]]  # KPI of a leaf -> points, exact share in the total


@dataclass(frozen=True)
class States:
    """The subjects as they were scored: their points and what was read of them. ``places``: subject -> position."""

    framework: Framework
    points: Points
    readings: Columns
    places: Mapping[str, int]
    past: Past | None = None  # the evaluations before, where the framework reads them

    @property
    def alone(self) -> bool:
        """Whether every subject can be computed by itself; not so where formulas look at peers."""
        return not any(_asks_peers(formula.tree) for formula in formulas_of(self.framework))

    def reading(self, subject: str, reading: Reading) -> Value:
        """What was read of a subject."""
        column = self.readings.get(reading)
        return Blank("not read") if column is None else column.values[self.places[subject]]

    def outcomes(self, states: Sequence[State]) -> list[Outcome]:
        """What each state comes to."""
        if not states:
            return []
        if not self.alone:  # peers decide with: everybody is computed as scored, whatever a state says
            order = sorted(self.places, key=lambda subject: self.places[subject])
            everybody = dict(zip(order, self._computed([State(subject) for subject in order]), strict=True))
            return [everybody[state.subject] for state in states]
        return self._computed(states)

    def _computed(self, states: Sequence[State]) -> list[Outcome]:
        positions = [self.places[state.subject] for state in states]
        points = self.points.take(positions)
        readings = {reading: _taken(column, positions) for reading, column in self.readings.items()}
        for place, state in enumerate(states):
            for reading, value in state.readings.items():
                readings[reading].values[place] = value
        plain = kpis.compute(self.framework, points, readings, past=self.past)
        given: dict[str, list[Value]] = {}
        for name in {name for state in states for name in state.given}:
            given[name] = [state.given.get(name, plain[name].natural[place]) for place, state in enumerate(states)]
        values = kpis.compute(self.framework, points, readings, given=given, past=self.past) if given else plain
        cards = scorecards.compute(self.framework, points, values, readings, past=self.past)
        items = _items(cards)
        found = []
        for place in range(len(states)):
            stored = {name: column.values[place] for name, column in values.items()}
            found.append(
                Outcome(
                    {name: None if isinstance(value, Blank) else value for name, value in stored.items()},
                    {name: value.reason for name, value in stored.items() if isinstance(value, Blank)},
                    cards.totals[place],
                    cards.levels.levels[place] if cards.levels.levels else None,
                    items[place],
                )
            )
        return found


def _taken(column: ReadingColumn, positions: list[int]) -> ReadingColumn:
    return ReadingColumn(
        [column.values[place] for place in positions],
        [column.counted[place] for place in positions],
        {reason: [rows[place] for place in positions] for reason, rows in column.excluded.items()},
    )


def _items(cards: scorecards.Cards) -> list[dict[str, tuple[int | None, Fraction]]]:
    """Of every state the points and the share of each KPI that the card weighs."""
    found: list[dict[str, tuple[int | None, Fraction]]] = [{} for _ in range(len(cards.points))]
    for column in cards.nodes():
        if column.kpi is not None:
            for place, own in enumerate(found):
                own.setdefault(column.kpi.kpi.name, (column.points[place], Fraction(*column.total_weights[place])))
    return found


def _asks_peers(node: Node) -> bool:
    if isinstance(node, Call):
        return node.function in PEERS or any(map(_asks_peers, node.arguments))
    if isinstance(node, Binary):
        return _asks_peers(node.left) or _asks_peers(node.right)
    if isinstance(node, In):
        return any(map(_asks_peers, (node.operand, *node.choices)))
    return isinstance(node, Unary) and _asks_peers(node.operand)
