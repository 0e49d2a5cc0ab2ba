"""What is worth saying about a posting of facts that is right in itself: the day is published already, another system tells it too."""

from __future__ import annotations

import polars as pl

from steelyard.calc.errors import Problem
from steelyard.calc.units import to_text
from steelyard.ledger import queries as ledger
from steelyard.ledger.actions import Classified
from steelyard.ledger.classify import NEW, RESTATED

from .. import published, twice

_NAMED = 5  # periods named in one warning


def noticed(found: Classified) -> list[Problem]:
    """Warnings about lines that are posted, corrected or taken out; a repetition of what is known warns of nothing."""
    added = found.of(NEW, RESTATED)
    return [*_published(found, added), *_told_twice(found, added)]


def _published(found: Classified, added: pl.DataFrame) -> list[Problem]:
    """Rows with a day in a published period: accepted with their own date, and the results stay as they were published."""
    day = found.kind.date
    if day is None:
        return []
    old = pl.concat([added.get_column("old_row_id").drop_nulls(), found.gone.alias("old_row_id")])
    days = added.get_column(day)
    if old.len():
        days = pl.concat([days, ledger.rows_numbered(found.kind.name, old, [day], cut=found.cut).get_column(day)])
    days = days.drop_nulls()
    if not days.len():
        return []
    periods = published.holding(found.kind.name, days.min(), days.max())  # type: ignore[arg-type]
    met = [(one, int(days.is_between(one.first_day, one.last_day).sum())) for one in periods]
    told = [f"{one.framework} {one.period} (cut {one.cut}): {rows:,} rows" for one, rows in met if rows]
    if not told:
        return []
    message, hint = "rows fall into periods that are published", "their results stay as they are; a new run shows the difference"
    more = f", and {len(told) - _NAMED} more" if len(told) > _NAMED else ""
    return [Problem("late_for_published", message, f"column `{day}`", "; ".join(told[:_NAMED]) + more, hint, "warning")]


def _told_twice(found: Classified, added: pl.DataFrame) -> list[Problem]:
    """Rows that look like a sale which another system has told."""
    met = twice.beside_others(found.kind.name, added, found.source)
    if met.is_empty():
        return []
    message, hint = "rows look like sales that another system has told", "see who tells what twice, and say which system counts"
    sums = met.filter(pl.col("amount").is_not_null()).group_by("currency").agg(pl.col("amount").sum()).sort("currency")
    money = ", ".join(f"{to_text(amount, 'money')} {currency or ''}".strip() for currency, amount in sums.iter_rows())
    others = ", ".join(sorted(met["source"].unique()))
    return [Problem("told_twice", message, "", f"{met.height:,} rows, by {others}" + (f": {money}" if money else ""), hint, "warning")]
