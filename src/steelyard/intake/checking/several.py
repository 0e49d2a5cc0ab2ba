"""Several columns of the file as one of ours: texts joined, numbers multiplied exactly."""

from __future__ import annotations

from collections.abc import Sequence
from math import prod

import polars as pl

from steelyard.calc.errors import Refused
from steelyard.calc.units import DECIMALS

from ..mappings import ColumnRule, Factor
from .findings import Finding, Read
from .numbers import NumberFormat, read_numbers
from .texts import merge_symbols


def joined(texts: Sequence[pl.Series]) -> pl.Series:
    """Texts with a space between them; blank ones are left out, and nothing but blank ones is blank."""
    whole = pl.select(pl.concat_str(texts, separator=" ", ignore_nulls=True)).to_series()
    return whole.replace({"": None})


def multiplied(
    factors: Sequence[Factor], columns: Sequence[tuple[pl.Series, pl.Series | None]], form: NumberFormat
) -> tuple[pl.Series, pl.Series, list[Finding]]:
    """The exact products as plain decimal texts, what they were made of, and rows with a factor that is no number.

    ``columns``: the texts of each factor, and how a spreadsheet typed them. A blank factor makes a blank product.
    """
    reads = [_factor(factor, texts, types, form) for factor, (texts, types) in zip(factors, columns, strict=True)]
    refusals = [problem for read in reads for problem in read.refusals]
    if refusals:
        raise Refused(refusals)
    decimals = sum(DECIMALS[_unit(factor)] for factor in factors)
    texts = pl.Series(
        [None if None in row else _plain(prod(row), decimals) for row in zip(*_grains(factors, reads), strict=True)], dtype=pl.String
    )
    signs = merge_symbols(read.symbols for read in reads)
    if signs is not None:  # so that a sign of another currency than the row's is seen
        texts = pl.select(pl.concat_str(signs.fill_null(""), texts)).to_series()
    findings = [
        Finding(one.mask, one.code, f"{factor.header}: {one.message}", one.hint, one.hints)
        for factor, read in zip(factors, reads, strict=True)
        for one in read.findings
    ]
    return texts, _shown(factors, [texts for texts, _types in columns]), findings


def _unit(factor: Factor) -> str:
    return "percent" if factor.one_minus else "price"


def _factor(factor: Factor, texts: pl.Series, types: pl.Series | None, form: NumberFormat) -> Read:
    return read_numbers(texts, _unit(factor), form, factor.header, types)


def _grains(factors: Sequence[Factor], reads: Sequence[Read]) -> list[list[int | None]]:
    """Whole numbers, as many as there are rows: Python multiplies them without any limit."""
    one = 10 ** DECIMALS["percent"]
    return [
        [None if value is None else one - value for value in read.values] if factor.one_minus else read.values.to_list()
        for factor, read in zip(factors, reads, strict=True)
    ]


def _plain(grains: int, decimals: int) -> str:
    whole, rest = divmod(abs(grains), 10**decimals)
    text = f"{whole}.{rest:0{decimals}d}".rstrip("0").rstrip(".")
    return f"-{text}" if grains < 0 else text


def _shown(factors: Sequence[Factor], texts: Sequence[pl.Series]) -> pl.Series:
    """The factors as in the file: ``14 × 12 × (1 − 0.15)``."""
    pieces = [
        pl.concat_str(pl.lit("(1 − "), column.fill_null(""), pl.lit(")")) if factor.one_minus else pl.lit(column.fill_null(""))
        for factor, column in zip(factors, texts, strict=True)
    ]
    return pl.select(pl.concat_str(pieces, separator=" × ")).to_series()


def form_of(rule: ColumnRule, decimal: str | None, thousands: str | None) -> NumberFormat:
    """How the factors are written: as the column's rule says, else as the mapping does."""
    return NumberFormat(rule.decimal or decimal, rule.thousands if rule.thousands is not None else thousands)
