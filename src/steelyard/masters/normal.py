"""Between the catalogue's form of a master row and the normal form in which statements are compared and stored.

Catalogue form (files, exports): blank is null, ``valid_to`` is the last day. Normal form: blank text is "", so that
blank keys are equal to each other, and ``valid_to`` is exclusive, null being for ever.
"""

from __future__ import annotations

from datetime import date

import polars as pl

from .master import Master

FOR_EVER = date(9999, 12, 31)  # what other systems write for "no end"


def from_catalogue(master: Master, frame: pl.DataFrame) -> pl.DataFrame:
    """Statements in normal form: source_row, the key, the values that the frame has, valid_from, valid_to."""
    frame = frame.with_columns(
        pl.lit(None, dtype=master.schema[name]).alias(name) for name in (*master.key, "valid_from", "valid_to") if name not in frame.columns
    )
    schema = {"source_row": pl.Int64(), **master.schema}
    statements = frame.select(pl.col(name).cast(dtype) for name, dtype in schema.items() if name in frame.columns)
    ends = pl.when(pl.col("valid_to") < FOR_EVER).then(pl.col("valid_to").dt.offset_by("1d"))
    statements = blank_to_text(statements).with_columns(valid_to=ends)
    return master.tidy(statements) if master.tidy else statements


def to_catalogue(master: Master, frame: pl.DataFrame) -> pl.DataFrame:
    """Rows in normal form as a file would carry them."""
    names = [column.name for column in master.kind.columns]
    shown = frame.with_columns(valid_to=pl.col("valid_to").dt.offset_by("-1d")) if master.dated else frame
    return text_to_blank(shown.select(names))


def blank_to_text(frame: pl.DataFrame) -> pl.DataFrame:
    """Trimmed text; null becomes "" (the tables hold no null text)."""
    return frame.with_columns(pl.col(pl.String).str.strip_chars().fill_null(""))


def text_to_blank(frame: pl.DataFrame) -> pl.DataFrame:
    """Empty text becomes null."""
    return frame.with_columns(pl.when(pl.col(pl.String) != "").then(pl.col(pl.String)).name.keep())
