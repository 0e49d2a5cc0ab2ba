"""Measured columns of lists: phase 1's keys read per line, and rows counted ahead from a line's own date."""

from __future__ import annotations

from collections.abc import Sequence

import narwhals as nw
import polars as pl

from ..attributes import DTYPES as OWN_DTYPES
from ..attributes import Own
from ..facts import FACTS
from ..framework.model import FactList, ListColumn, Measure, Span
from ..measures.keyed import read_keyed
from ..measures.partial import CELL, SUBJECT, key_name
from ..measures.row_values import RowValue, add_months
from ..measures.spans import Span as Days
from ..measures.spans import cells_of, in_spans
from ..units import DECIMALS
from .coding import KEY, Coded
from .formulas import Reading, with_columns
from .lines import DTYPES, Places
from .planning import column_measure

NOTHING_IS_ZERO = ("sum", "count", "count_distinct")
_FLAGS = ("product.strategic", "product.must_stock")
_MONTHS = {"months": 1, "quarters": 3, "years": 12}


def value_of(column: str, kind_name: str, own: Own) -> RowValue:
    """How formulas read a column of a fact's row: numbers at the scale of their type."""
    declared = FACTS[kind_name].by_name.get(column)
    kind = declared.type if declared else _own_type(column, own)
    return RowValue(nw.col(column), DECIMALS.get(kind))


def _own_type(column: str, own: Own) -> str:
    """The type of an attribute of the company's own, as rows name it; nothing for any other column."""
    master, _, name = column.partition(".")
    return own[master][name].kind if name in own.get(master, {}) else ""


def dtype_of(column: str, kind_name: str, own: Own) -> pl.DataType:
    """How a column of a fact's row is stored, resolved ones too."""
    kind = FACTS[kind_name]
    if column in kind.by_name:
        return kind.by_name[column].dtype
    if _own_type(column, own):
        return OWN_DTYPES[_own_type(column, own)]
    if column == "ordinal":
        return pl.Int32()
    return pl.Date() if column == "month" else pl.Boolean() if column in _FLAGS else pl.String()


def keyed(places: Places, measure: Measure, spans: Sequence[Days], numbered: Coded | None = None) -> pl.DataFrame:
    """(``#at``, the columns it is kept apart by or their number, ``#value``, ``#rows``) of a measure over facts, where any row counts."""
    plan = places.cube.plan
    scan = plan.scan_of(measure.name)
    partial = places.cube.partials.get(scan.name)
    if partial is None:
        value = pl.Int64() if _is_number(measure) else DTYPES[measure.type.kind]
        keys = (
            {name: dtype_of(name, measure.fact, places.cube.plan.framework.attributes) for name in measure.per}
            if numbered is None
            else {KEY: pl.Int64()}
        )
        return pl.DataFrame(schema={"#at": pl.Int64(), **keys, "#value": value, "#rows": pl.Int64()})
    if numbered is None:
        table, per = partial.keyed[key_name(measure)], measure.per
    else:
        table, per = numbered.tables[(scan.name, key_name(measure))], (KEY,)
    own = {f"n:{measure.name}", f"+{measure.name}"}
    others = [name for name in table.columns if name.startswith(("n:", "+")) and name not in own and name not in per]
    apart = {name: f"#per {number}" for number, name in enumerate(per)}
    inside = in_spans(table.drop(others).rename(apart), cells_of(plan, scan, spans), len(spans))
    found = read_keyed(inside, [measure], spans, tuple(apart.values()))[measure.name]
    found = found.filter(pl.col("rows") > 0).rename({"value": "#value", "rows": "#rows"} | {code: name for name, code in apart.items()})
    return places.placed(found, scan)


def ahead(places: Places, reading: Reading, column: ListColumn) -> pl.DataFrame:
    """The lines with a column measured over the rows from each line's own date on."""
    measure = column_measure(reading.found, column)
    scan = places.cube.plan.scan_of(measure.name)
    partial = places.cube.partials.get(scan.name)
    value = pl.Int64() if _is_number(measure) else DTYPES[measure.type.kind]
    if partial is None or reading.frame.is_empty():
        return reading.frame.with_columns(pl.lit(None, dtype=value).alias(column.name))
    days = max(len(places.days), 1)
    lines = reading.frame.with_row_index("#line")
    asked = with_columns(lines, {"#first": nw.col(column.since), "#last": _end(nw.col(column.since), column.lasting)})
    asked = asked.select(pl.col("#line").cast(pl.Int64), (pl.col("#at") // days).alias("#number"), *column.match, "#first", "#last")
    asked = asked.join(places.numbered(scan), on="#number")
    apart = [f"#per {number}" for number in range(len(measure.per))]
    table = partial.keyed[key_name(measure)].rename(dict(zip(measure.per, apart, strict=True)))
    table = table.with_columns(SUBJECT.alias("#subject"), CELL.alias("#day"))
    joined = asked.join(table, left_on=["#subject", *column.match], right_on=["#subject", *apart])
    inside = joined.filter(pl.col("#day").is_between(pl.col("#first").cast(pl.Int32), pl.col("#last").cast(pl.Int32)))
    rows = inside.drop("#number", "#subject", "#first", "#last", "#day", *column.match).rename({"#line": "#at"})
    found = read_keyed(rows.lazy(), [measure], [])[measure.name].filter(pl.col("rows") > 0)
    found = found.select(pl.col("#at").cast(pl.UInt32).alias("#line"), stored_value(measure, "value", "rows").alias(column.name))
    return lines.join(found, on="#line", how="left", maintain_order="left").drop("#line")


def _end(day: nw.Expr, lasting: Span | None) -> nw.Expr:
    """The last day of a length of time that begins on a day: `14 days` end with the fourteenth day after it."""
    assert lasting is not None
    if lasting.unit == "days":
        return (day.cast(nw.Int32()) + lasting.count).cast(nw.Date())
    return add_months(day, lasting.count * _MONTHS[lasting.unit])


def stored_value(measure: Measure, value: str = "#value", rows: str = "#rows") -> pl.Expr:
    """A measure's value in the grain of its unit; means and medians, which are kept as two numbers, rounded half-even to it."""
    if not _is_number(measure) or measure.aggregate not in ("mean", "median"):
        return pl.col(value)
    below = pl.col(rows) if measure.aggregate == "mean" else pl.lit(2, dtype=pl.Int64)
    return _half_even(pl.col(value).cast(pl.Int128), below.cast(pl.Int128)).cast(pl.Int64)


def _half_even(numerator: pl.Expr, denominator: pl.Expr) -> pl.Expr:
    quotient = numerator // denominator
    twice = (numerator - quotient * denominator) * 2
    odd = (quotient - (quotient // 2) * 2) == 1
    return quotient + ((twice > denominator) | ((twice == denominator) & odd)).cast(pl.Int128)


def settled(frame: pl.DataFrame, column: ListColumn) -> tuple[pl.DataFrame, RowValue]:
    """The frame with 0 in the column where nothing is nothing, and how formulas read it."""
    assert column.measure is not None
    if column.measure.aggregate in NOTHING_IS_ZERO:
        frame = frame.with_columns(pl.col(column.name).fill_null(0))
    return frame, RowValue(nw.col(column.name), DECIMALS.get(column.type.kind))


def values_of_key(found: FactList, inner: dict[str, dict[str, RowValue]], own: Own) -> dict[str, RowValue]:
    """How formulas read the key of a grouped list: as the first measured column's rows have it."""
    values: dict[str, RowValue] = {}
    for column in found.columns.values():
        if column.measure is None or column.since:
            continue
        for mine, other in zip(column.match, column.theirs, strict=True):
            read = inner[column.measure.list][other] if column.measure.list else value_of(other, column.measure.fact, own)
            values.setdefault(mine, RowValue(nw.col(mine), read.scale))
    return values


def _is_number(measure: Measure) -> bool:
    return measure.aggregate in ("count", "count_distinct") or measure.type.is_number
