"""What a kind of fact is: its columns with types, units and meaning, its natural key, its dates.

A kind is declared once, in a small file of its own beside this one; intake, ledger, measures, export and the
reference page all read the declaration. To add a kind: CONTRIBUTING.md, "a fact kind".
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

import polars as pl

ColumnType = Literal["text", "date", "yes/no", "count", "number", "money", "price", "percent", "days"]
Reference = Literal["party", "representative", "territory", "product", "currency", "country", "unit"]

POLARS: dict[str, pl.DataType] = {
    "text": pl.String(), "date": pl.Date(), "yes/no": pl.Boolean(), "count": pl.Int64(), "number": pl.Int64(),
    "money": pl.Int64(), "price": pl.Int64(), "percent": pl.Int64(), "days": pl.Int64(),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Column:
    """One column. Numbers are stored as int64 in their unit's grain (`calc.units`)."""

    name: str
    type: ColumnType
    meaning: str
    required: bool = False
    refers_to: Reference | None = None
    choices: tuple[str, ...] = ()
    currency: str | None = None  # for money and price: the column that holds the currency
    personal: bool = False  # free text or names of persons: kept in erasable tables, never in the ledger
    synonyms: tuple[str, ...] = ()  # headers seen in the wild, for finding columns without a mapping

    @property
    def dtype(self) -> pl.DataType:
        """How the column is stored."""
        return POLARS[self.type]


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of fact or of master data."""

    name: str
    title: str
    meaning: str
    columns: tuple[Column, ...]
    key: tuple[str, ...]  # natural key besides the source; a row without a line number gets an ordinal within it
    family: Literal["fact", "master"] = "fact"
    date: str | None = None  # default business date
    valid_from: str | None = None
    valid_to: str | None = None
    flow: bool = False  # rows happen on their date (orders), rather than plan or state something: dates the data known
    monthly: bool = False  # each row speaks of a whole month, so no window may cut one apart
    by_name: Mapping[str, Column] = field(init=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "by_name", {column.name: column for column in self.columns})

    @property
    def schema(self) -> dict[str, pl.DataType]:
        """Column name -> stored type, in order."""
        return {column.name: column.dtype for column in self.columns}

    @property
    def money_column(self) -> str | None:
        """The amount that conservation of money is counted in: the first money column."""
        return next((column.name for column in self.columns if column.type == "money"), None)


# Columns that the ledger adds to every fact (ARCHITECTURE.md section 3), in stored order.
SYSTEM_COLUMNS: dict[str, pl.DataType] = {
    "row_id": pl.Int64(),  # reserved segment number x 2^32 + position
    "sign": pl.Int8(),  # 1, or -1 for a reversal
    "reverses_row_id": pl.Int64(),  # null unless sign is -1
    "source": pl.String(),  # system of record
    "batch": pl.Int64(),  # intake batch number, 0 if none
    "source_row": pl.Int64(),  # row number as the spreadsheet shows it
    "ordinal": pl.Int32(),  # distinguishes rows without a line number within one key
    "key_hash": pl.Int64(),
    "content_hash": pl.Int64(),
}
