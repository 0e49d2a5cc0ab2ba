"""Vectors that start at rows: the rows written in a vector, through both phases like any others.

A row belongs to the vector's subject unless it names another ``partner`` (peers). Numbers are exact; ``sign: -1`` is a
reversal of an equal row.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

import polars as pl

from .errors import Problem, Refused, did_you_mean
from .facts import FACTS, SYSTEM_COLUMNS, Column, Kind
from .formula.nodes import Value
from .framework.model import Framework
from .measures.evaluate import Cube, evaluate
from .measures.known import read_coverage
from .measures.partial import reduce
from .measures.plan import plan
from .periods import FiscalCalendar
from .points import Points, Reading, ReadingColumn, readings_of
from .resolve import PARTNER_COLUMNS, Histories, Resolver
from .units import DECIMALS, Blank, to_grain

_VALID: dict[str, pl.DataType] = {"valid_from": pl.Date(), "valid_to": pl.Date()}
_TEXT: pl.DataType = pl.String()


def readings_of_rows(
    framework: Framework, given: Mapping[str, Any], as_of: date, attributes: Mapping[str, Value]
) -> Mapping[Reading, ReadingColumn]:
    """The readings of one subject on one day, from the rows that a vector gives per kind of fact."""
    subject = str(attributes["subject"])
    frames = {name: _frame(FACTS[name], rows, subject, framework) for name, rows in given.items() if _known(name)}
    resolver = Resolver(_histories(frames, subject, attributes))
    wanted = readings_of(framework)
    todo = plan(framework, FiscalCalendar("standard"), wanted)
    partials = {}
    for scan in todo.scans:
        if scan.fact in frames:
            partial = reduce(todo, scan, resolver, frames[scan.fact].lazy(), frames[scan.fact].height)
            if partial is not None:
                partials[scan.name] = partial
    coverage = read_coverage(frames["coverage"].lazy(), resolver) if "coverage" in frames else None
    points = Points([(subject,) * len(framework.subject)], [as_of], {})
    return evaluate(Cube(todo, resolver, partials, coverage), points, wanted)


def _known(name: str) -> bool:
    if name not in FACTS:
        raise Refused(Problem("unknown-fact", f"`{name}` is not a kind of fact", where="given.facts", hint=did_you_mean(name, FACTS)))
    return True


def _frame(kind: Kind, rows: Any, subject: str, framework: Framework) -> pl.DataFrame:
    records = [_record(kind, row, number, subject, framework) for number, row in enumerate(rows, start=1)]
    return pl.DataFrame(records, schema=kind.schema | SYSTEM_COLUMNS)


def _record(kind: Kind, row: Mapping[str, Any], number: int, subject: str, framework: Framework) -> dict[str, Any]:
    record: dict[str, Any] = dict.fromkeys(kind.schema | SYSTEM_COLUMNS)
    record |= {"row_id": number, "sign": 1, "source": "", "source_row": number}
    if "party" in kind.by_name:
        record["party"] = subject
    elif "representative" in framework.subject:
        record["representative"] = subject
    for name, value in row.items():
        column = {"partner": "party"}.get(name, name)
        if column == "sign":
            record["sign"] = int(value)
        elif column in kind.by_name:
            record[column] = _stored(kind.by_name[column], value)
        else:
            raise Refused(
                Problem(
                    "unknown-column",
                    f"fact `{kind.name}` has no column `{name}`",
                    where="given.facts",
                    hint=did_you_mean(name, kind.by_name),
                )
            )
    for priced in kind.columns:
        if priced.currency and record[priced.name] is not None and record[priced.currency] is None:
            record[priced.currency] = framework.currency  # a bare number is money of the framework
    return record


def _stored(column: Column, value: Any) -> Any:
    if value is None or column.type not in DECIMALS:
        return value if value is None or column.type in ("date", "yes/no") else str(value)
    text = str(value).replace("_", "")
    exact = Fraction(Decimal(text.removesuffix("%"))) / 100 if text.endswith("%") else Fraction(text)
    return to_grain(exact, column.type)


def _histories(frames: Mapping[str, pl.DataFrame], subject: str, attributes: Mapping[str, Value]) -> Histories:
    """A world in which every party is a partner of that name; the subject has the attributes of the vector."""
    parties = sorted({party for frame in frames.values() if "party" in frame.columns for party in frame["party"].drop_nulls()} | {subject})
    columns = (*PARTNER_COLUMNS, "territory")
    partners = [
        {"code": party} | {name: _text(attributes.get(name)) if party == subject else None for name in columns} for party in parties
    ]  # fmt: skip
    people = [{"code": subject, "name": subject}]
    return Histories(
        partners=pl.DataFrame(partners, schema=dict.fromkeys(("code", *columns), _TEXT) | _VALID),
        aliases=_nothing("source", "party", "partner", "method"),
        territories=pl.DataFrame(people, schema={"code": _TEXT, "name": _TEXT, "parent": _TEXT} | _VALID),
        representatives=pl.DataFrame(people, schema={"code": _TEXT, "name": _TEXT, "manager": _TEXT} | _VALID),
        assignments=_nothing("representative", "territory", "partner"),
        categories=_nothing("code", "name", "parent"),
        products=pl.DataFrame(
            schema=dict.fromkeys(("code", "name", "category", "unit"), _TEXT)
            | {"strategic": pl.Boolean(), "must_stock": pl.Boolean(), "status": _TEXT}
            | _VALID
        ),
        rates=pl.DataFrame(schema={"source": _TEXT, "base": _TEXT, "quote": _TEXT, "date": pl.Date, "rate": _TEXT}),
    )


def _nothing(*columns: str) -> pl.DataFrame:
    return pl.DataFrame(schema=dict.fromkeys(columns, _TEXT) | _VALID)


def _text(value: Value | None) -> str | None:
    return None if value is None or isinstance(value, Blank) else str(value)
