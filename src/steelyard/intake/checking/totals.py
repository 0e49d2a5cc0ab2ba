"""Rows of totals as what they are good for: a control of the rows above them."""

from __future__ import annotations

import polars as pl

from steelyard.calc.errors import Problem, Refused
from steelyard.calc.facts import Kind
from steelyard.calc.units import to_text

from ..mappings import Control
from ..reading import RawTable
from ..reading.table import shown_row
from .findings import Finding, Read

MOST = 10_000  # totals that are compared, one by one
_MESSAGE = "this looks like a row of totals"
_HINT = "write `totals: drop` into the mapping"


def refuse_other_than(control: Control, kind: Kind, reads: dict[str, Read], table: RawTable, counted: pl.Series) -> list[Problem]:
    """Refuse a file whose rows, or the sum of their amounts, are not what its sender announced: part of it may be missing.

    Where amounts cannot be read, their sum is left alone, with a warning.
    """
    rows = table.source_rows.filter(counted).n_unique() + len(table.unreadable)
    told = [] if control.rows in (None, rows) else [("rows", f"{rows:,} rows", f"{control.rows:,}")]
    money, notes = reads.get(kind.money_column or ""), []
    unread = len(table.unreadable) + (int(money.values.filter(counted).null_count()) if money is not None else 0)
    if control.amount is not None and unread:
        hint = "compare when the rows that wait are right"
        notes.append(
            Problem("control_unknown", "the announced sum is not compared", "control.amount", f"{unread:,} without amount", hint, "warning")
        )
    elif control.amount is not None:
        held = int(money.values.cast(pl.Int128).filter(counted).sum()) if money is not None else 0
        if held != control.amount:
            told.append(("amount", to_text(held, "money"), to_text(control.amount, "money")))
    hint = "send the whole file again, or correct what was announced"
    problems = [Problem("control_differs", f"announced were {said}", f"control.{what}", found, hint) for what, found, said in told]
    if problems:
        raise Refused(problems)
    return notes


def controlled(kind: Kind, reads: dict[str, Read], totals: pl.Series, blank: pl.Series, rows: pl.Series) -> tuple[Finding, list[Problem]]:
    """The finding of every row of totals, with what the rows above add up to; and a warning where that is something else.

    A total may be of all rows above it, or of those since the total before.
    """
    mask = totals & ~blank
    money = kind.money_column
    if money is None or money not in reads or not mask.any() or not _one_currency(kind, reads, money, mask | blank):
        return Finding(mask, "total_row", _MESSAGE, _HINT), []
    values = reads[money].values
    running = pl.DataFrame({"value": values.cast(pl.Int128), "left": mask | blank}).select(
        pl.when("left").then(0).otherwise(pl.col("value").fill_null(0)).cum_sum()
    )
    sums = running.to_series()
    hints, notes, before = [""] * mask.len(), [], 0
    for place in mask.arg_true().head(MOST):
        above = int(sums[place])
        said = values[place]
        if said is not None:
            agrees = said in (above, above - before)
            nearest = above - before if before and not agrees else said if agrees else above
            hints[place] = f"the rows above add up to {to_text(int(nearest), 'money')}{', as it says' if agrees else ''}; {_HINT}"
            if not agrees:
                found = (
                    f"row {shown_row(rows[place])} says {to_text(said, 'money')}, the rows above add up to {to_text(int(nearest), 'money')}"
                )
                hint = "a row may be missing, or cannot be read: compare with the source"
                notes.append(Problem("control_total_differs", "a row of totals is not what it adds up", "", found, hint, "warning"))
        before = above
    return Finding(mask, "total_row", _MESSAGE, _HINT, pl.Series(hints, dtype=pl.String)), notes[:5]


def _one_currency(kind: Kind, reads: dict[str, Read], money: str, left: pl.Series) -> bool:
    """Whether the rows are all of one currency, so that they can be added."""
    column = kind.by_name[money].currency
    return column is None or column not in reads or reads[column].values.filter(~left).drop_nulls().n_unique() <= 1
