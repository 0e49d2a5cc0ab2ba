"""The small world of a vector: whose cards are scored, the master data, and measures read from its rows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import polars as pl

from ..attributes import DTYPES, of_value
from ..facts import FACTS, SYSTEM_COLUMNS
from ..formula.nodes import Type, Value, names_in
from ..framework.model import Framework
from ..masters import MASTERS
from ..measures.evaluate import Cube, evaluate
from ..measures.known import read_coverage
from ..measures.partial import reduce
from ..measures.plan import plan
from ..periods import FiscalCalendar
from ..points import Points, Reading, ReadingColumn, readings_in, readings_of
from ..resolve import PARTNER_COLUMNS, Histories, Resolver
from ..units import Blank
from .model import Step, Vector

_VALID: dict[str, pl.DataType] = {"valid_from": pl.Date(), "valid_to": pl.Date()}
_TEXT: pl.DataType = pl.String()
_NOT_GIVEN = Blank("not given")
NOWHERE = "ZZ"  # the country where a vector names none: its rows without a country count there


def _said(given: Mapping[str, Mapping[str, Any]], code: str, name: str, otherwise: Value) -> Value:
    """What a vector's partners say of one of them, else what it gives to all."""
    value: Value | None = given.get(code, {}).get(name)
    return otherwise if value is None else value


def _dtypes(own: Mapping[str, Type]) -> dict[str, pl.DataType]:
    return {name: DTYPES[kind.kind] for name, kind in own.items()}


@dataclass
class World:
    """Everything a vector gives besides its dates. The first subject is the one whose card is compared, the others are peers."""

    framework: Framework
    vector: Vector
    calendar: FiscalCalendar = field(default_factory=lambda: FiscalCalendar("standard"))
    subjects: list[str] = field(init=False)
    wanted: set[Reading] = field(init=False)
    _cube: Cube | None = field(init=False, default=None)

    def __post_init__(self) -> None:
        parties = {str(row["party"]) for rows in (self.vector.facts or {}).values() for row in rows if row.get("party") is not None}
        self.wanted = _needed(self.framework, self.vector)
        others = sorted(parties - {self.vector.subject})
        self.subjects = [self.vector.subject, *(others if "partner" in self.framework.subject else [])]

    def points(self, step: Step) -> Points:
        """The vector's subject and its peers on the date of a step, with their attributes."""
        given = self._given_partners()
        names = {*step.attributes, *(name for row in given.values() for name in row if name != "code")}
        attributes: dict[str, list[Value]] = {}
        for name in sorted(names):
            blank = Blank(f"{name} is not known")
            attributes[name] = [_said(given, code, name, step.attributes.get(name, blank)) for code in self.subjects]
        countries = [_text(column) or NOWHERE for column in attributes.get("country", [None] * len(self.subjects))]
        keys = [
            tuple(country if part == "country" else code for part in self.framework.subject)
            for code, country in zip(self.subjects, countries, strict=True)
        ]
        return Points(keys, [step.as_of] * len(self.subjects), attributes)

    def readings(self, step: Step, points: Points) -> dict[Reading, ReadingColumn]:
        """Every measure at these points, from the rows; none where the vector gives no rows."""
        if self.vector.facts is None:
            return {}
        if self._cube is None:
            self._cube = self._read(step)
        return dict(evaluate(self._cube, points, self.wanted))

    def _read(self, step: Step) -> Cube:
        rows = self.vector.facts or {}
        frames = {name: pl.DataFrame(list(kept), schema=FACTS[name].schema | SYSTEM_COLUMNS) for name, kept in rows.items()}
        resolver = Resolver(self._histories(step.attributes))
        todo = plan(self.framework, self.calendar, self.wanted)
        partials = {}
        for scan in todo.scans:
            if scan.fact in frames:
                partial = reduce(todo, scan, resolver, frames[scan.fact].lazy(), frames[scan.fact].height)
                if partial is not None:
                    partials[scan.name] = partial
        coverage = read_coverage(frames["coverage"].lazy(), resolver) if "coverage" in frames else None
        return Cube(todo, resolver, partials, coverage)

    def _given_partners(self) -> dict[str, Mapping[str, Any]]:
        return {str(row.get("code")): row for row in self.vector.masters.get("partners", ())}

    def _histories(self, attributes: Mapping[str, Value]) -> Histories:
        """Every party is a partner of that name, with the attributes of the vector unless `masters` says otherwise."""
        columns = (*PARTNER_COLUMNS, "territory")
        given = self._given_partners()
        own = self.framework.attributes.get("partner", {})
        otherwise = {"country": NOWHERE} if "country" in self.framework.subject else {}
        partners = [
            {
                "code": code,
                **{name: given.get(code, {}).get(name) or _text(attributes.get(name)) or otherwise.get(name) for name in columns},
                **{name: of_value(_said(given, code, name, attributes.get(name, _NOT_GIVEN)), kind.kind) for name, kind in own.items()},
            }
            for code in self.subjects
        ]
        people = [{"code": self.vector.subject, "name": self.vector.subject}]
        rates = MASTERS["rates"]
        return Histories(
            partners=pl.DataFrame(partners, schema=dict.fromkeys(("code", *columns), _TEXT) | _dtypes(own) | _VALID),
            aliases=_nothing("source", "party", "partner", "method"),
            territories=pl.DataFrame(people, schema={"code": _TEXT, "name": _TEXT, "parent": _TEXT} | _VALID),
            representatives=pl.DataFrame(people, schema={"code": _TEXT, "name": _TEXT, "manager": _TEXT} | _VALID),
            assignments=_nothing("representative", "territory", "partner"),
            categories=pl.DataFrame(self._rows("categories"), schema=MASTERS["categories"].schema),
            products=self._products(),
            rates=pl.DataFrame(self._rows("rates"), schema=rates.schema),
        )

    def _products(self) -> pl.DataFrame:
        own = self.framework.attributes.get("product", {})
        rows = [
            {**row, **{name: of_value(row.get(name, _NOT_GIVEN), kind.kind) for name, kind in own.items()}}
            for row in self._rows("products")
        ]
        return pl.DataFrame(rows, schema=MASTERS["products"].schema | _dtypes(own)).drop("gtin")

    def _rows(self, name: str) -> list[dict[str, Any]]:
        schema = MASTERS[name].schema
        return [dict.fromkeys(schema) | dict(row) for row in self.vector.masters.get(name, ())]


def _needed(framework: Framework, vector: Vector) -> set[Reading]:
    """The readings that what is expected rests on: a vector about KPIs alone reads nothing for the others."""
    expected = vector.expected
    if expected.items or expected.single or expected.standings is not None or expected.triggers is not None or len(vector.steps) > 1:
        return readings_of(framework)
    found = {*expected.measures, *(reading for reading in readings_of(framework) if reading.measure in expected.excluded)}
    waiting, seen = list(expected.kpis), set(expected.kpis)
    while waiting:
        kpi = framework.kpis[waiting.pop()]
        for formula in (kpi.formula, kpi.target, kpi.no_data.rule):
            if formula is not None:
                found |= readings_in(framework, formula.tree)
                more = {name for name in names_in(formula.tree) if name in framework.kpis} - seen
                seen |= more
                waiting += more
    return found


def _nothing(*columns: str) -> pl.DataFrame:
    return pl.DataFrame(schema=dict.fromkeys(columns, _TEXT) | _VALID)


def _text(value: Value | None) -> str | None:
    return None if value is None or isinstance(value, Blank) else str(value)
