"""Parquet: typed columns become texts that mean the same."""

from __future__ import annotations

import io

import polars as pl

from steelyard.calc.errors import Problem, Refused

from .. import limits
from .headers import check_headers
from .table import Cell, Dialect, RawTable, Traits, column_names


def read_parquet(data: bytes, name: str, dialect: Dialect) -> RawTable:
    """The one table of a Parquet file; its rows count from 1."""
    try:
        rows = int(pl.scan_parquet(io.BytesIO(data)).select(pl.len()).collect().item())  # told by its end, before anything is unpacked
        if rows > limits.MOST_ROWS:
            raise Refused(Problem("too_many_rows", f"at most {limits.MOST_ROWS:,} rows are read", name, f"{rows:,} rows", "split the file"))
        frame = pl.read_parquet(io.BytesIO(data))
    except pl.exceptions.PolarsError as error:
        raise Refused(Problem("truncated", "the Parquet file cannot be read", name, str(error)[:200], "send the file again")) from error
    if frame.is_empty():
        raise Refused(Problem("empty", "the file has no rows", name, hint="a nil report is sent with `--nil`"))
    headers = check_headers(frame.columns, name)
    texts, types = [], {}
    for column, series in zip(column_names(len(headers)), frame.get_columns(), strict=True):
        texts.append(_text(series, name).fill_null("").alias(column))
        code = _code(series.dtype)
        if code:
            types[column] = pl.repeat(int(code), frame.height, dtype=pl.UInt8, eager=True)
    numbers = pl.int_range(1, frame.height + 1, dtype=pl.Int64, eager=True).alias("source_row")
    return RawTable(headers, pl.DataFrame(texts), numbers, types=types, dialect=dialect, traits=Traits(quotes=False))


def _code(dtype: pl.DataType) -> Cell:
    if dtype.is_numeric():
        return Cell.NUMBER
    if dtype.is_temporal():
        return Cell.DATE
    return Cell.YES_NO if dtype == pl.Boolean else Cell.TEXT


def _text(series: pl.Series, name: str) -> pl.Series:
    if series.dtype == pl.Boolean:
        return series.replace_strict({True: "yes", False: "no"}, return_dtype=pl.String)
    if series.dtype.is_nested() or series.dtype == pl.Binary:
        raise Refused(Problem("bad_column", "a column of lists or bytes", name, f"`{series.name}`", "leave it out"))
    if series.dtype.is_float():
        return pl.Series(series.name, [None if value is None else f"{value:.15g}" for value in series], pl.String)
    return series.cast(pl.String)
