"""Measures over the lines of a list: every aggregate, by groups of lines."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import narwhals as nw
import polars as pl

from ..facts import FACTS
from ..framework.model import Measure
from ..measures.keyed import aggregate
from ..measures.partial import check_headroom
from ..measures.rows import compile_row, to_unit
from ..units import DECIMALS
from .formulas import Reading, first_failing, with_columns


def added_up(reading: Reading, measure: Measure, per: Sequence[str] = ()) -> pl.DataFrame:
    """(``#at``, ``per``, ``#value``, ``#rows``) of a measure over lines, as phase 1 would store them."""
    return summed(judged(reading, measure), measure, per, dated_by(reading, measure))


def judged(reading: Reading, measure: Measure) -> pl.DataFrame:
    """The lines with ``#value`` (stored) and ``#left``: 0 if a line counts, else the number of the first of `reasons`."""
    trees = [rule.formula.tree for rule in measure.where] + ([measure.value.tree] if measure.value else [])
    names = reading.names(trees)
    added: dict[str, nw.Expr] = {"#left": first_failing(measure.where, names)}
    if measure.value is None:
        added["#value"] = nw.lit(1, nw.Int64())
    else:
        value = compile_row(measure.value.tree, names)
        unit = measure.value.type.kind if measure.aggregate == "count_distinct" else measure.type.kind
        added["#value"] = to_unit(value, unit) if value.scale is not None and unit in DECIMALS else value.expression
    frame = with_columns(reading.frame, added)
    blank = (pl.col("#left") == 0) & pl.col("#value").is_null()
    return frame.with_columns(pl.when(blank).then(pl.lit(len(measure.where) + 1)).otherwise(pl.col("#left")).cast(pl.Int32).alias("#left"))


def reasons_of(measure: Measure) -> list[str]:
    """Why lines are left out, by number from 1: the measure's rules, then a blank value."""
    return [rule.reason for rule in measure.where] + ([f"{measure.value.text} is blank"] if measure.value else [])


def dated_by(reading: Reading, measure: Measure) -> str:
    """The column by which first and last are told."""
    found = reading.found
    return measure.date or found.date or (FACTS[found.fact].date if found.fact else "") or ""


def summed(lines: pl.DataFrame, measure: Measure, per: Sequence[str], date: str = "") -> pl.DataFrame:
    """The lines that count, added up by point and ``per``."""
    counted = lines.filter(pl.col("#left") == 0)
    apart = {name: f"#per {number}" for number, name in enumerate(per)}
    once = {name: f"#once {number}" for number, name in enumerate(measure.once_per)}
    columns = [pl.col("#at"), pl.col("#value"), pl.lit(1, dtype=pl.Int64).alias("net")]
    columns += [pl.col(name).alias(code) for name, code in (*apart.items(), *once.items())]
    if measure.aggregate in ("first", "last"):
        counted = counted.filter(pl.col(date).is_not_null())
        columns.append(pl.col(date).cast(pl.Int32).alias("#cell"))
    live = counted.select(columns)
    if live.schema["#value"] == pl.Int64 and live.height:
        check_headroom(int(live["#value"].cast(pl.Int128).abs().sum()))
    if (measure.aggregate in ("sum", "mean") and not once) or (measure.aggregate in ("first", "last") and measure.type.is_number):
        live = live.rename({"#value": "total"})
    found = aggregate(live, replace(measure, once_per=tuple(once.values())), ["#at", *apart.values()])
    return found.rename({"value": "#value", "rows": "#rows"} | {code: name for name, code in apart.items()})
