"""History rows of a master as frames in normal form: every statement up to a cut, or the timeline they amount to."""

from __future__ import annotations

from typing import Any

import polars as pl
from django.db.models import CharField, QuerySet
from django.db.models.functions import Cast

from steelyard.calc.timelines import timeline

from .master import Master


def statements(master: Master, cut: int | None = None, **only: Any) -> pl.DataFrame:
    """All history rows known at the cut (None: all): the schema's columns, commit_seq, retracted. ``only`` filters by columns."""
    rows = master.history._default_manager.filter(**only)
    if cut is not None:
        rows = rows.filter(commit_seq__lte=cut)
    return _frame(rows, {**master.schema, "commit_seq": pl.Int64(), "retracted": pl.Boolean()})


def known(master: Master, cut: int | None = None, **only: Any) -> pl.DataFrame:
    """What is known at the cut: per key intervals without overlaps, in the columns of ``master.schema``."""
    return lay_over(master, statements(master, cut, **only))


def lay_over(master: Master, rows: pl.DataFrame) -> pl.DataFrame:
    """The timeline that history rows amount to: a later commit overlays earlier ones on its interval."""
    return timeline(rows, master.key).select(list(master.schema))


def current(master: Master, **only: Any) -> pl.DataFrame:
    """The current projection: one row per key with its latest values, sorted by key."""
    return _frame(master.current._default_manager.filter(**only), master.schema).sort(master.key)


def _frame(rows: QuerySet, schema: dict[str, pl.DataType]) -> pl.DataFrame:
    """Columns as typed; dates travel as ISO text, because converting 250,000 of them one by one is what would take time."""
    dates = [name for name, dtype in schema.items() if dtype == pl.Date()]
    texts = {f"{name}_text": Cast(name, CharField()) for name in dates}
    names = [f"{name}_text" if name in dates else name for name in schema]
    columns = list(zip(*rows.annotate(**texts).values_list(*names), strict=True)) or [()] * len(names)
    series = [
        pl.Series(name, values, dtype=pl.String()).str.to_date("%Y-%m-%d") if name in dates else pl.Series(name, values, dtype=dtype)
        for (name, dtype), values in zip(schema.items(), columns, strict=True)
    ]  # fmt: skip
    return pl.DataFrame(series)
