"""All rows of a list as a file: the columns as shown, typed."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime
from typing import Any

import polars as pl
from django.http import HttpResponse
from django.utils import timezone
from django.utils.text import slugify

from steelyard.calc.units import DECIMALS

from .. import spreadsheets
from .columns import Column

TYPES: dict[str, pl.DataType] = {"date": pl.Date(), "moment": pl.Datetime(), "yes_no": pl.Boolean()}


def columns_of(shown: Sequence[Column], every: Sequence[Column]) -> list[Column]:
    """The columns shown, each followed by what stands below it, and by the currency of its money."""
    by_name = {column.name: column for column in every}
    found: dict[str, Column] = {}
    for column in shown:
        for one in (column, by_name.get(column.sub or "")):
            if one is None or not one.exported:
                continue
            found.setdefault(one.name, one)
            if one.currency and one.currency not in found:
                found[one.currency] = by_name.get(one.currency) or Column(one.currency, one.currency.replace("_", " ").capitalize())
    return list(found.values())


def table_of(title: str, columns: Sequence[Column], rows: Iterable[Any]) -> spreadsheets.Table:
    """The rows, column by column."""
    units = {column.name: unit for column in columns if (unit := column.unit if column.kind == "delta" else column.kind) in DECIMALS}
    values: dict[str, list[Any]] = {column.name: [] for column in columns}
    reads: list[tuple[list[Any], Callable[[Any], Any], Column]] = [
        (values[column.name], _converter(column, units), column) for column in columns
    ]
    for row in rows:
        for into, convert, column in reads:
            value = column.plain(row)
            into.append(None if value is None else convert(value))
    frame = pl.DataFrame([pl.Series(column.name, values[column.name], dtype=_dtype(column, units), strict=True) for column in columns])
    return spreadsheets.Table(title, frame, units, [str(column.title) for column in columns])


def _dtype(column: Column, units: dict[str, str]) -> pl.DataType:
    return pl.Int64() if column.name in units else TYPES.get(column.kind, pl.String())


def _converter(column: Column, units: dict[str, str]) -> Callable[[Any], Any]:
    if column.name in units:
        return int
    converters: dict[str, Callable[[Any], Any]] = {"date": _day, "moment": _moment, "yes_no": bool}
    return converters.get(column.kind, str)


def _day(value: date) -> date:
    return value.date() if isinstance(value, datetime) else value


def _moment(value: datetime) -> datetime:
    """In the installation's time zone: a spreadsheet knows none."""
    return timezone.make_naive(value) if timezone.is_aware(value) else value


def answer(name: str, table: spreadsheets.Table, form: str) -> HttpResponse:
    """The file as a download; ``exported`` tells the audit what left the house."""
    response = HttpResponse(spreadsheets.write(table, form), content_type=spreadsheets.FORMS[form])
    response["Content-Disposition"] = f'attachment; filename="{slugify(name) or "rows"}.{form}"'
    response["Cache-Control"] = "no-store"
    response.exported = (name, table.frame.height, form)  # type: ignore[attr-defined]
    return response
