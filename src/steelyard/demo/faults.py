"""What is wrong with the files on purpose: rows for quarantine, a file sent twice, a month corrected."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from . import cast
from .orders import MONEY

WRONG_LINES = 40  # lines whose price the German system first reported a tenth too high


@dataclass(frozen=True, slots=True)
class BadRow:
    """One damaged row: in which quarter of which system, which of our columns, and what stands there instead."""

    source: str
    quarter: int
    column: str
    written: str
    what: str


BAD_ROWS = (
    BadRow("erp-de", 2, "date", "31.09.2023", "impossible date"),
    BadRow("erp-us", 4, "currency", "USX", "unknown currency"),
    BadRow("erp-us", 4, "date", "02/30/2024", "impossible date"),
    BadRow("erp-west", 7, "document", "1,23457E+11", "id damaged by a spreadsheet"),
    BadRow("erp-west", 9, "amount", "12,5O", "a letter O in an amount"),
    BadRow("erp-north", 8, "product", "CV-9999", "unknown product"),
    BadRow("erp-north", 10, "currency", "PLX", "unknown currency"),
    BadRow("erp-apac", 10, "date", "2025/02/30", "impossible date"),
)


def damaged(cells: pl.DataFrame, columns: dict[str, str], source: str, quarters: range) -> pl.DataFrame:
    """The bad rows of one file: copies of its first row under a document number of their own, each with one bad cell."""
    rows = []
    for number, bad in enumerate(BAD_ROWS):
        if bad.source == source and bad.quarter in quarters and len(cells):
            row = cells.row(0, named=True) | {columns["document"]: f"BAD-{number + 1}"}
            rows.append(row | {columns[bad.column]: bad.written})
    return pl.DataFrame(rows, schema=cells.schema)


def wrong_lines(frame: pl.DataFrame) -> pl.DataFrame:
    """Positions of the lines that are reported wrongly at first."""
    restated = (pl.col("_number") == cast.RESTATED) & (pl.col("_month") == cast.RESTATED_MONTH)
    return frame.with_row_index("_at").filter(restated & (pl.col("kind") == "sale")).head(WRONG_LINES).select("_at")


def as_first_reported(frame: pl.DataFrame) -> pl.DataFrame:
    """The lines of a quarter with the wrong prices in them."""
    wrong = pl.int_range(pl.len()).is_in(wrong_lines(frame)["_at"].to_list())
    price = pl.col("unit_price") // 10_000_000 * 11_000_000  # a tenth more, in whole cents
    frame = frame.with_columns(unit_price=pl.when(wrong).then(price).otherwise("unit_price"))
    amount = pl.col("quantity") // 1_000_000 * (pl.col("unit_price") // 1_000_000) * MONEY
    return frame.with_columns(amount=pl.when(wrong).then(amount).otherwise("amount"))
