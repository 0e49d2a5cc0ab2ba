"""What checking finds: problems of single rows as masks over a column, so that good rows cost nothing."""

from __future__ import annotations

from dataclasses import dataclass, field

import polars as pl

from steelyard.calc.errors import Problem


@dataclass(frozen=True, slots=True)
class Finding:
    """Rows (true in ``mask``) of one column with the same problem. ``hints`` may say something different per text."""

    mask: pl.Series
    code: str
    message: str
    hint: str = ""
    hints: pl.Series | None = None


@dataclass(slots=True)
class Read:
    """A column as stored, and what was wrong: single rows, the column as a whole, or only worth a remark."""

    values: pl.Series
    findings: list[Finding] = field(default_factory=list)
    refusals: list[Problem] = field(default_factory=list)
    notes: list[Problem] = field(default_factory=list)
    symbols: pl.Series | None = None  # currency signs or codes written beside amounts

    def find(self, mask: pl.Series, code: str, message: str, hint: str = "", hints: pl.Series | None = None) -> None:
        """Note a problem of the rows where the mask is true, if there are any."""
        if mask.any():
            self.findings.append(Finding(mask.fill_null(False), code, message, hint, hints))


def scattered(values: pl.Series, mask: pl.Series) -> pl.Series:
    """Values computed for the rows of a mask, back at their places; null elsewhere."""
    places = mask.arg_true()
    return pl.repeat(None, mask.len(), dtype=values.dtype, eager=True).scatter(places, values)


def kept(values: pl.Series, mask: pl.Series, otherwise: str | None = None) -> pl.Series:
    """The values where the mask is true; null (or ``otherwise``) elsewhere; null stays null."""
    other = pl.lit(otherwise, dtype=values.dtype)
    if otherwise is None:
        return pl.select(pl.when(mask).then(values).otherwise(other).alias(values.name)).to_series()
    return pl.select(pl.when(values.is_null() | mask).then(values).otherwise(other).alias(values.name)).to_series()


def merged(first: pl.Series, second: pl.Series) -> pl.Series:
    """The first series where it has a value, else the second."""
    return pl.select(pl.coalesce(first, second)).to_series()
