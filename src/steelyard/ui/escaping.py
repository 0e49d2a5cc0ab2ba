"""Texts that a spreadsheet would take for a formula: an apostrophe before them in CSV, taken off again when read.

Numbers are written by type and never touched; a text that is a plain number needs no apostrophe either.
"""

from __future__ import annotations

import re

import polars as pl

DANGEROUS = r"^'*[=+\-@\t\r]"
_PLAIN_NUMBER = r"^[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)$"
_dangerous, _plain_number = re.compile(DANGEROUS), re.compile(_PLAIN_NUMBER)


def protected(text: str) -> str:
    """The text as it is written into CSV."""
    return f"'{text}" if _dangerous.match(text) and not _plain_number.match(text) else text


def protect(column: pl.Expr) -> pl.Expr:
    """A text column as it is written into CSV."""
    risky = column.str.contains(DANGEROUS) & ~column.str.contains(_PLAIN_NUMBER)
    return pl.when(risky).then(pl.concat_str(pl.lit("'"), column)).otherwise(column)
