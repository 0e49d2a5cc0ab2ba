"""Cards that were computed, as a moment of the past of those that follow."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import partial

from ..environment import Columns
from ..formula.nodes import Value
from ..kpis import KpiColumn, Stored
from ..scorecards import Cards
from ..scorecards.columns import NodeColumn
from ..scorecards.gates import natural_points
from ..units import Blank
from .past import Moment

CARRIED = "carried from before"


def moment_of(cards: Cards, readings: Columns) -> Moment:
    """The cards as those that follow see them. Cards of several dates make the single days of a past."""
    known: dict[str, Callable[[], list[Value]]] = {name: partial(_natural, column) for name, column in cards.kpis.items()}
    for column in cards.nodes():
        known[f"points({column.node.name})"] = partial(_points, column)
        known[f"passes({column.node.name})"] = partial(_passes, column)
    known |= {name: partial(list, values) for name, values in cards.names().items()}
    holdings = {} if cards.holdings is None else dict(zip(cards.points.subjects, cards.holdings, strict=True))
    as_of = cards.points.as_of[0] if len(cards.points) else date.min
    fresh = {name: partial(_fresh, column) for name, column in cards.kpis.items()}
    return Moment(as_of, cards.points, readings, known, fresh, holdings)


def _natural(column: KpiColumn) -> list[Value]:
    return column.natural


def _points(column: NodeColumn) -> list[Value]:
    return natural_points(column.points, column.reasons)


def _passes(column: NodeColumn) -> list[Value]:
    return list(column.passes)


def _fresh(column: KpiColumn) -> list[Stored]:
    return [
        Blank(CARRIED) if applied is not None and applied.policy == "carry" else value
        for value, applied in zip(column.values, column.no_data, strict=True)
    ]
