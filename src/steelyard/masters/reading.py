"""History rows of a master as frames in normal form: every statement up to a cut, or the timeline they amount to."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import polars as pl
from django.db import connection
from django.db.models import CharField, QuerySet
from django.db.models.functions import Cast

from steelyard.calc.timelines import timeline

from .master import Master


def statements(master: Master, cut: int | None = None, **only: Any) -> pl.DataFrame:
    """All history rows known at the cut (None: all): the schema's columns, commit_seq, retracted. ``only`` filters by columns."""
    rows = master.history._default_manager.filter(**only).order_by("pk")
    if cut is not None:
        rows = rows.filter(commit_seq__lte=cut)
    columns = {**master.schema, "commit_seq": pl.Int64(), "retracted": pl.Boolean()}
    if master.dated:
        return _frame(rows, columns)
    always = [pl.lit(None, dtype=pl.Date).alias(name) for name in ("valid_from", "valid_to")]
    read = {name: dtype for name, dtype in columns.items() if name not in ("valid_from", "valid_to")}
    return _frame(rows, read).with_columns(always).select(list(columns))


def known(master: Master, cut: int | None = None, **only: Any) -> pl.DataFrame:
    """What is known at the cut: per key intervals without overlaps, in the columns of ``master.schema``."""
    return lay_over(master, statements(master, cut, **only))


def lay_over(master: Master, rows: pl.DataFrame) -> pl.DataFrame:
    """The timeline that history rows amount to: a later commit overlays earlier ones on its interval."""
    if not master.dated:  # what holds for all time has no intervals to lay over each other
        latest = rows.sort("commit_seq", maintain_order=True).unique(master.key, keep="last", maintain_order=True)
        return latest.filter(~pl.col("retracted")).sort(master.key).select(list(master.schema))
    return timeline(rows, master.key).select(list(master.schema))


def current(master: Master, **only: Any) -> pl.DataFrame:
    """The current projection: one row per key with its latest values, sorted by key."""
    return _frame(master.current._default_manager.filter(**only), master.schema).sort(master.key)


def _frame(rows: QuerySet[Any], schema: dict[str, pl.DataType]) -> pl.DataFrame:
    """Columns as typed. Rows come straight from the cursor and days as ISO text: turning each of 250,000 rows into
    Django's values would take longer than everything else."""
    texts = {f"{name}_text": Cast(name, CharField()) for name, dtype in schema.items() if dtype == pl.Date()}
    names = [f"{name}_text" if f"{name}_text" in texts else name for name in schema]
    sql, parameters = rows.annotate(**texts).values_list(*names).query.sql_with_params()
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        columns = list(zip(*cursor.fetchall(), strict=True)) or [()] * len(names)
    return pl.DataFrame([_series(name, dtype, values) for (name, dtype), values in zip(schema.items(), columns, strict=True)])


def _series(name: str, dtype: pl.DataType, values: Sequence[Any]) -> pl.Series:
    if dtype == pl.Date():
        return pl.Series(name, values, dtype=pl.String()).str.to_date("%Y-%m-%d")
    if dtype == pl.Boolean():  # some databases say 0 and 1
        return pl.Series(name, [None if value is None else bool(value) for value in values], dtype=dtype)
    return pl.Series(name, values, dtype=dtype)
