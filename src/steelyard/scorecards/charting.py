"""The charts of a scorecard: why it moved, and how it stood over time beside the middle of all."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _

from steelyard.calc.change import Waterfall
from steelyard.calc.units import DECIMALS
from steelyard.ui import charts

from .cards import Card
from .pages import Moved, history

Spec = dict[str, Any]
SEEN = 5 * 10 ** (DECIMALS["points"] - 2)  # what is less than half a tenth of a point goes into one bar


def why_chart(card: Card, waterfall: Waterfall | None, moved: Sequence[Moved]) -> Spec | None:
    """How the total of the period before became this one."""
    before = card.before
    if waterfall is None or before is None or not moved:
        return None
    steps = [(item.title, item.amount) for item in moved if abs(item.amount) >= SEEN]
    rest = sum(item.amount for item in moved if abs(item.amount) < SEEN)
    steps += [(_("the rest"), rest)] if rest else []
    return charts.waterfall((before.period, waterfall.start), steps, (card.run.period, waterfall.end))


def over_time(card: Card, name: str) -> Spec | None:
    """The total over the last periods, with the median and the middle half of all; nothing for a single period."""
    periods = history(card)
    if len(periods) < 2:
        return None
    peers = [period.peers for period in periods]
    some = any(peers)
    return charts.lines(
        [(period.period, period.total) for period in periods],
        band=[(found.low, found.high) if found else None for found in peers] if some else (),
        peers=[found.median if found else None for found in peers] if some else (),
        limits=[start for _name, start in card.levels if start],
        name=name,
        peers_name=_("peers"),
    )


def of_kpi(card: Card, kpi: str) -> Spec | None:
    """One KPI over the last periods."""
    line, periods = card.line(kpi), history(card)
    if len(periods) < 2 or line.unit == "text":
        return None
    values = [found.value if (found := period.at(line.node, line.kpi, line.unit)) else None for period in periods]
    if not any(value is not None for value in values):
        return None
    currency = card.framework.currency if line.unit == "money" else ""
    return charts.lines([(period.period, value) for period, value in zip(periods, values, strict=True)], unit=line.unit, currency=currency)
