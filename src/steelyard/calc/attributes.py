"""Attributes of the company's own: what it records of its partners and products besides what the product knows of them.

A value is kept as text, in the one way in which its type is written. For a framework that declares some, they are columns
of its partners and products: so subjects, rows, receipts, digests and causes of a change treat them like any other column.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import polars as pl

from .formula.nodes import DATE, NUMBER, TEXT, YES_NO, Type, Value
from .lookups import ALWAYS, FOR_EVER, compose, cover
from .units import DECIMALS, INT64_MAX, Blank, to_grain, to_text

if TYPE_CHECKING:
    from .resolve import Histories

Own = Mapping[str, Mapping[str, Type]]  # partner | product -> name -> type
Recorded = Mapping[str, tuple[str, str]]  # name -> (partner | product, type), as the company declared it

MASTERS = {"partner": "partners", "product": "products"}
TYPES: dict[str, Type] = {"text": TEXT, "number": NUMBER, "yes/no": YES_NO, "date": DATE}
DTYPES: dict[str, pl.DataType] = {"text": pl.String(), "number": pl.Int64(), "yes/no": pl.Boolean(), "date": pl.Date()}
WRITTEN = {"text": "any text", "number": "write it as 1250000 or 2.5", "yes/no": "write yes or no", "date": "write it as 2026-01-31"}
_NUMBER = re.compile(r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_WORDS = {"yes": True, "true": True, "1": True, "no": False, "false": False, "0": False}


def stored(text: str, kind: str) -> Any:
    """A written value as a column of its type stores it (numbers in their grain); None if it is none of that type."""
    if kind == "text":
        return text
    if kind == "yes/no":
        return _WORDS.get(text.strip().lower())
    if kind == "number":
        return _number(text.strip())
    return _day(text.strip())


def canonical(text: str, kind: str) -> str | None:
    """The one way in which a value is kept; None if it is none of that type."""
    value = stored(text, kind)
    if value is None or kind == "text":
        return value
    if kind == "yes/no":
        return "yes" if value else "no"
    return value.isoformat() if isinstance(value, date) else to_text(value, kind)


def of_value(value: Value, kind: str) -> Any:
    """A value in natural units as a column of its type stores it; null if there is none."""
    if isinstance(value, Blank):
        return None
    return to_grain(value, kind) if kind in DECIMALS and isinstance(value, int | Fraction) else value


def _number(text: str) -> int | None:
    if not _NUMBER.fullmatch(text):
        return None
    exact = Fraction(Decimal(text))
    grain = to_grain(exact, "number")
    return grain if abs(grain) <= INT64_MAX and Fraction(grain, 10 ** DECIMALS["number"]) == exact else None


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if _DAY.fullmatch(text) else None
    except ValueError:
        return None


def are_in(histories: Histories, own: Own) -> bool:
    """Whether the histories have every one of these attributes already."""
    return all(set(types) <= set(getattr(histories, MASTERS[master]).columns) for master, types in own.items())


def joined(histories: Histories, own: Own, values: pl.DataFrame) -> Histories:
    """The histories with a column more for every attribute that is not among them yet.

    ``values``: attribute, partner, product (one of the two is null), value (text), valid_from, valid_to. A column is named
    as its attribute; numbers are in their grain; it is null where nothing is recorded, or nothing of its type.
    """
    tables = {MASTERS[master]: _with_columns(getattr(histories, MASTERS[master]), master, own[master], values) for master in own}
    return replace(histories, **tables)


def _with_columns(frame: pl.DataFrame, master: str, types: Mapping[str, Type], values: pl.DataFrame) -> pl.DataFrame:
    missing = [name for name in sorted(types) if name not in frame.columns]
    if not missing:
        return frame
    found = frame.with_columns(pl.col("valid_from").fill_null(ALWAYS), pl.col("valid_to").fill_null(FOR_EVER))
    said = values.filter(pl.col(master).is_not_null())
    for name in missing:
        found = compose(found, "code", _timeline(said.filter(pl.col("attribute") == name), master, name, types[name].kind))
    ends = [pl.when(pl.col("valid_from") > ALWAYS).then("valid_from").alias("valid_from")]
    ends += [pl.when(pl.col("valid_to") < FOR_EVER).then("valid_to").alias("valid_to")]
    return found.with_columns(ends).select(*[name for name in frame.columns if name not in _DATES], *missing, *_DATES)


_DATES = ("valid_from", "valid_to")


def _timeline(said: pl.DataFrame, master: str, name: str, kind: str) -> pl.DataFrame:
    """code -> the attribute's value, over all time."""
    column = pl.Series(name, [None if text is None else stored(text, kind) for text in said["value"]], dtype=DTYPES[kind])
    return cover(said.select(pl.col(master).alias("code"), *_DATES).with_columns(column), ["code"])
