"""One subject's score, opened down to its rows: every node adds up to its parent exactly.

Built from the stored items of a result and the framework that made it, so it can be told at any later time. A node's
``parts`` add up to its points (in the grain of points); below a KPI stand its readings, each with a selector that finds
the rows it counted.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

import polars as pl

from .formula.nodes import Value, names_in
from .framework.model import Framework, Kpi
from .lists.planning import picked_fact
from .points import Reading, readings_in
from .scorecards.shares import exact_text
from .units import Blank, to_text

Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class ReadingDetail:
    """One reading at one point: its value, the half-open window [start, end) of days, the rows behind it."""

    value: Value
    start: date | None = None
    end: date | None = None
    counted: int = 0
    excluded: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Selector:
    """Which rows a reading counted: enough to fetch them again."""

    fact: str
    measure: str
    window: str | None
    start: date | None
    end: date | None


@dataclass(frozen=True, slots=True)
class Evidence:
    """A measure under a KPI."""

    name: str
    title: str
    value: str | None
    blank: str | None
    first_day: date | None
    last_day: date | None
    counted: int
    excluded: Mapping[str, int]
    selector: Selector

    def as_dict(self) -> dict[str, object]:
        """Plain values, for JSON."""
        return {
            "name": self.name,
            "title": self.title,
            "value": self.value,
            "blank": self.blank,
            "first_day": _day(self.first_day),
            "last_day": _day(self.last_day),
            "counted": self.counted,
            "excluded": dict(self.excluded),
            "selector": {
                "fact": self.selector.fact,
                "measure": self.selector.measure,
                "window": self.selector.window,
                "start": _day(self.selector.start),
                "end": _day(self.selector.end),
            },
        }


@dataclass(frozen=True, slots=True)
class Explanation:
    """A node of the explanation. ``contribution`` is what it adds to its parent, in the grain of points.

    ``kind``: total | section | item | rule (what the points rule gave, before lines) | line (cap, gate, ...) | kpi.
    """

    kind: str
    name: str
    title: str
    points: int | None
    contribution: int | None
    details: Mapping[str, object]
    parts: tuple[Explanation, ...] = ()
    evidence: tuple[Evidence, ...] = ()

    def walk(self) -> Iterator[Explanation]:
        """This node and all below it."""
        yield self
        for part in self.parts:
            yield from part.walk()

    def find(self, name: str) -> Explanation | None:
        """A node by its name or its KPI."""
        for node in self.walk():
            if name in (node.name, node.name.rpartition("/")[2], node.details.get("kpi")):
                return node
        return None

    def adds_up(self) -> bool:
        """Whether every node below equals the sum of its parts, to the last digit."""
        return all(
            node.points == sum(part.contribution or 0 for part in node.parts)
            for node in self.walk()
            if node.parts and node.points is not None
        )

    def as_dict(self) -> dict[str, object]:
        """Plain values, for JSON; points as exact text."""
        return {
            "kind": self.kind,
            "name": self.name,
            "title": self.title,
            "points": _points(self.points),
            "contribution": _points(self.contribution),
            **self.details,
            "parts": [part.as_dict() for part in self.parts],
            "evidence": [reading.as_dict() for reading in self.evidence],
        }


def explain(framework: Framework, rows: pl.DataFrame, readings: Mapping[Reading, ReadingDetail] | None = None) -> Explanation:
    """The explanation of one subject from its rows of the items frame. ``readings`` adds what each KPI read."""
    by_parent: dict[str | None, list[Row]] = {}
    outside: list[Row] = []
    for row in rows.iter_rows(named=True):
        if row["kind"] == "kpi":
            outside.append(row)
        else:
            by_parent.setdefault(row["parent"], []).append(row)
    known = readings or {}
    others = tuple(_node(framework, row, by_parent, known) for row in outside)
    roots = by_parent.get(None, [])
    if not roots:
        return Explanation("total", "total", framework.title, None, None, {"no_data_reason": "there is no scorecard"}, others)
    return _node(framework, roots[0], by_parent, known, others)


def _node(
    framework: Framework,
    row: Row,
    by_parent: Mapping[str | None, list[Row]],
    readings: Mapping[Reading, ReadingDetail],
    more: tuple[Explanation, ...] = (),
) -> Explanation:
    notes = json.loads(row["notes"]) if row["notes"] else {}
    parts = [_node(framework, child, by_parent, readings) for child in by_parent.get(row["node"], [])]
    lines = [
        Explanation("line", f"{row['node']}:{line['name']}", line["text"], line["contribution"], line["contribution"], {})
        for line in notes.get("lines", ())
    ]
    if lines and row["kpi"] and row["points"] is not None:
        earned = row["points"] - sum(line.points or 0 for line in lines)
        parts.append(Explanation("rule", f"{row['node']}:rule", "by the points rule", earned, earned, {}))
    kpi = framework.kpis.get(row["kpi"]) if row["kpi"] else None
    return Explanation(
        kind=row["kind"],
        name=row["node"],
        title=row["title"],
        points=row["points"],
        contribution=row["contribution"],
        details=_details(row, notes, kpi),
        parts=(*parts, *lines, *more),
        evidence=() if kpi is None else tuple(_evidence(framework, kpi, readings)),
    )


def _details(row: Row, notes: Mapping[str, object], kpi: Kpi | None) -> dict[str, object]:
    """What is known about a node besides its points; nothing that is empty."""
    details: dict[str, object] = {
        "out_of": _points(row["out_of"]),
        "weight": row["weight"],
        "total_weight": row["total_weight"],
        "total_contribution": _points(row["total_contribution"]),
        "passes": row["passes"],
        "no_data": row["no_data"],
        "no_data_reason": row["no_data_reason"],
    }
    if kpi is not None:
        details |= {
            "kpi": kpi.name,
            "formula": kpi.formula.text,
            "unit": row["unit"],
            "value": row["value_text"],
            "numerator": row["numerator"],
            "denominator": row["denominator"],
            "target": None if row["target"] is None else to_text(row["target"], row["unit"]),
            "counted": row["counted"],
            "excluded": json.loads(row["excluded"]) if row["excluded"] else None,
        }
    details |= {name: value for name, value in notes.items() if name != "lines"}
    return {name: value for name, value in details.items() if value is not None}


def _evidence(framework: Framework, kpi: Kpi, readings: Mapping[Reading, ReadingDetail]) -> Iterator[Evidence]:
    """The readings of a KPI's formula, and of the KPIs it reads, each once."""
    for reading in _readings_of(framework, kpi, set()):
        measure = framework.measures[reading.measure]
        detail = readings.get(reading)
        if detail is None:
            continue
        blank = detail.value.reason if isinstance(detail.value, Blank) else None
        yield Evidence(
            name=str(reading),
            title=measure.title or measure.name.replace("_", " "),
            value=None if blank is not None else value_text(detail.value),
            blank=blank,
            first_day=detail.start,
            last_day=None if detail.end is None or detail.end == date.max else detail.end - timedelta(days=1),
            counted=detail.counted,
            excluded=dict(sorted(detail.excluded.items())),
            selector=Selector(picked_fact(framework, measure), measure.name, reading.window, detail.start, detail.end),
        )


def _readings_of(framework: Framework, kpi: Kpi, seen: set[str]) -> list[Reading]:
    seen.add(kpi.name)
    found = sorted(readings_in(framework, kpi.formula.tree), key=str)
    for name in sorted(names_in(kpi.formula.tree)):
        if name in framework.kpis and name not in seen:
            found += [reading for reading in _readings_of(framework, framework.kpis[name], seen) if reading not in found]
    return found


def value_text(value: Value) -> str:
    """A value in natural units as exact text."""
    if isinstance(value, (str, bool, date, Blank)):
        return value if isinstance(value, str) else str(value)
    return exact_text(value.numerator, value.denominator)


def _points(stored: int | None) -> str | None:
    return None if stored is None else to_text(stored, "points")


def _day(day: date | None) -> str | None:
    return None if day is None else day.isoformat()
