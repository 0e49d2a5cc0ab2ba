"""Values as people and programs give them, turned into one catalogue row: text, dates, yes/no and exact numbers."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from decimal import Decimal, InvalidOperation
from fractions import Fraction
from typing import Any

import polars as pl

from steelyard.calc.errors import Problem, Refused, did_you_mean
from steelyard.calc.facts.kind import Column
from steelyard.calc.units import DECIMALS, to_grain

from .master import Master

_NUMBER = re.compile(r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)")  # neither 1_000 nor digits of other scripts, which Decimal reads
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_YES, _NO = frozenset({"yes", "true", "1", "on"}), frozenset({"no", "false", "0", "off"})


def catalogue_row(master: Master, values: Mapping[str, Any], first_day: date | None, last_day: date | None) -> pl.DataFrame:
    """One row with the columns given; numbers in natural units (int, Decimal, Fraction or text), never floats."""
    columns = {column.name: column for column in master.columns}
    problems = [
        Problem("unknown-column", f"{master.name} have no such column", name, "", did_you_mean(name, columns))
        for name in values
        if name not in columns
    ]
    if not master.dated and (first_day or last_day):
        problems.append(Problem("undated", f"{master.name} hold for all time", "valid_from", "", "leave the dates out"))
    row: dict[str, Any] = {}
    for name in values.keys() & columns.keys():
        try:
            row[name] = stored(columns[name], values[name])
        except (ValueError, TypeError, InvalidOperation):
            problems.append(Problem("bad-value", f"this is not a {columns[name].type} value", name, str(values[name])))
    if problems:
        raise Refused(problems)
    row |= {"valid_from": first_day, "valid_to": last_day, "source_row": 1}
    types = {**master.schema, "source_row": pl.Int64()}
    return pl.DataFrame([row], schema={name: types[name] for name in types if name in row})


def stored(column: Column, value: Any) -> Any:
    """The value as the column stores it; None stays None."""
    if value is None:
        return None
    if column.type == "text":
        return str(value)
    if column.type == "date":
        return value if isinstance(value, date) else _day(value)
    if column.type == "yes/no":
        return value if isinstance(value, bool) else _yes_or_no(value)
    if isinstance(value, float):
        raise TypeError("floats are not exact")
    if isinstance(value, str) and not _NUMBER.fullmatch(value.strip()):
        raise ValueError("a number is digits with at most one point")
    exact = Fraction(Decimal(value) if isinstance(value, str) else value)
    grain = to_grain(exact, column.type)
    if Fraction(grain, 10 ** DECIMALS[column.type]) != exact:
        raise ValueError("more decimals than are kept")
    return grain


def blanks(master: Master) -> dict[str, Any]:
    """What each value is where nothing is said, in normal form: text is empty, everything else null."""
    return {column.name: pl.lit("" if column.type == "text" else None, dtype=column.dtype) for column in master.columns}


def blanks_of(master: Master) -> dict[str, None]:
    """Every column but the key, blank: a row that says something about each of them."""
    return dict.fromkeys(master.values)


def _day(text: str) -> date:
    """Python reads weeks and days without signs between as well; people mean other things by them."""
    if not _DAY.fullmatch(text):
        raise ValueError("a day is YYYY-MM-DD")
    return date.fromisoformat(text)


def _yes_or_no(value: str) -> bool:
    word = value.strip().lower()
    if word not in _YES | _NO:
        raise ValueError("neither yes nor no")
    return word in _YES
