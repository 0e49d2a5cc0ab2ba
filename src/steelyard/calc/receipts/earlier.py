"""Earlier results of one subject, as later ones look back on them: read from the subject's own earlier receipts."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from functools import partial
from typing import Any, cast

from ..explanation import value_text
from ..formula.nodes import Value
from ..framework.model import Framework
from ..kpis import Stored, natural
from ..over_time import Holding, Moment
from ..over_time.moments import CARRIED
from ..over_time.needs import attributes_read
from ..points import Points, Reading, ReadingColumn
from ..scorecards.paths import nodes_with_paths
from ..units import Blank, from_grain
from .readings import value_of

Row = Mapping[str, Any]


def attributes_told(framework: Framework, points: Points, place: int) -> Row:
    """The attributes of one subject that later evaluations read, as a receipt says them."""
    asked = attributes_read(framework) & points.attributes.keys()
    return {name: _told_value(points.attributes[name][place]) for name in sorted(asked)}


def _told_value(value: Value) -> object:
    if isinstance(value, Blank):
        return {"blank": value.reason}
    if isinstance(value, date):
        return {"date": value.isoformat()}
    return value if isinstance(value, (bool, str)) else {"number": value_text(value)}


def _value_told(told: Any) -> Value:
    if not isinstance(told, dict):
        return cast(Value, told)
    ((kind, text),) = told.items()
    return Blank(text) if kind == "blank" else value_of(text, kind)


def moment_of(framework: Framework, codes: tuple[str, ...], as_of: date, said: Mapping[str, Any], attributes: Row) -> Moment:
    """What a receipt says of its subject, as formulas of later periods see it. ``attributes``: as the later receipt says them."""
    told = _Told(framework, said)
    known: dict[str, Callable[[], list[Value]]] = {name: partial(told.kpi, name) for name in framework.kpis}
    for name in ("total", *(node.name for _, node in nodes_with_paths(framework))):
        known[f"points({name})"] = partial(told.points, name)
        known[f"passes({name})"] = partial(told.passes, name)
    known |= {"points": known["points(total)"], "passes": known["passes(total)"], "overall": told.overall, "level": told.level}
    fresh = {name: partial(told.fresh, name) for name in framework.kpis}
    holdings = {codes: Holding.of(told.notes["standing"])} if "standing" in told.notes else {}
    own = Points([codes], [as_of], {name: [_value_told(value)] for name, value in attributes.items()})
    return Moment(as_of, own, _Readings(framework, said["readings"]), known, fresh, holdings)


class _Told:
    """The items of a receipt by KPI and by node."""

    def __init__(self, framework: Framework, said: Mapping[str, Any]) -> None:
        items: Sequence[Row] = said["items"]
        self.by_kpi: dict[str, Row] = {}
        self.by_node: dict[str, Row] = {}
        for row in items:
            if row.get("kpi"):
                self.by_kpi.setdefault(row["kpi"], row)
            name = "total" if row["kind"] == "total" else row["node"].rpartition("/")[2] if row["kind"] != "kpi" else ""
            self.by_node.setdefault(name, row)
        notes = self.by_node.get("total", {}).get("notes")
        self.notes: dict[str, Any] = json.loads(notes) if notes else {}

    def _stored(self, name: str) -> tuple[str, Stored]:
        row = self.by_kpi.get(name, {})
        unit = row.get("unit") or "text"
        value = row.get("value_text") if unit == "text" else row.get("value")
        return unit, Blank(row.get("no_data_reason") or "no data") if value is None else value

    def kpi(self, name: str) -> list[Value]:
        unit, value = self._stored(name)
        return natural([value], unit)

    def fresh(self, name: str) -> list[Stored]:
        return [Blank(CARRIED) if self.by_kpi.get(name, {}).get("no_data") == "carry" else self._stored(name)[1]]

    def points(self, name: str) -> list[Value]:
        row = self.by_node.get(name, {})
        points = row.get("points")
        return [Blank(row.get("no_data_reason") or "no value") if points is None else from_grain(points, "points")]

    def passes(self, name: str) -> list[Value]:
        passes = self.by_node.get(name, {}).get("passes")
        return [Blank("no value") if passes is None else passes]

    def overall(self) -> list[Value]:
        if "overall" not in self.notes:
            return self.points("total")
        return [Blank("no value") if self.notes["overall"] is None else from_grain(self.notes["overall"], "points")]

    def level(self) -> list[Value]:
        return [self.notes.get("level", Blank("no level was earned"))]


class _Readings(Mapping[Reading, ReadingColumn]):
    """What measures said then."""

    def __init__(self, framework: Framework, rows: Sequence[Row]) -> None:
        self.framework = framework
        self.rows = {Reading(row["measure"], row.get("window")): row for row in rows}

    def __getitem__(self, reading: Reading) -> ReadingColumn:
        if reading.measure not in self.framework.measures:
            raise KeyError(reading)
        row = self.rows.get(reading)
        if row is None:
            return ReadingColumn([Blank("it was not read")], [0])
        kind = self.framework.measures[reading.measure].type.kind
        return ReadingColumn([Blank(row.get("blank", "")) if "value" not in row else value_of(row["value"], kind)], [0])

    def __iter__(self) -> Iterator[Reading]:
        return (Reading(name) for name in self.framework.measures)

    def __len__(self) -> int:
        return len(self.framework.measures)
