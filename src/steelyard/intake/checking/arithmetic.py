"""Quantity times unit price against the amount of the same row: exact, with a tolerance that the mapping names."""

from __future__ import annotations

from collections.abc import Mapping as Keyed
from fractions import Fraction

import polars as pl

from steelyard.calc.errors import Problem
from steelyard.calc.facts import Kind
from steelyard.calc.units import DECIMALS, to_text

from ..mappings import Mapping
from ..reading.table import shown_row
from .findings import Finding, Read

_ASKED = ("quantity", "unit_price", "amount")
_APART = DECIMALS["number"] + DECIMALS["price"] - DECIMALS["money"]  # decimals that a product has more than an amount
_MESSAGE = "quantity times unit price is not the amount"


def refused(kind: Kind, reads: Keyed[str, Read], mapping: Mapping) -> Finding | None:
    """The rows that the mapping wants to see refused for it."""
    mask = _differing(kind, reads, mapping) if mapping.amount_check == "refuse" else None
    if mask is None:
        return None
    return Finding(mask, "amount_differs", _MESSAGE, f"correct one of the three; up to {mapping.tolerance} apart is accepted")


def remark(kind: Kind, reads: Keyed[str, Read], mapping: Mapping, rows: pl.Series) -> list[Problem]:
    """A warning with the first of those rows, where the mapping says nothing else."""
    mask = _differing(kind, reads, mapping) if mapping.amount_check == "warn" else None
    if mask is None:
        return []
    place = int(mask.arg_max() or 0)
    quantity, price, amount = (to_text(reads[name].values[place], kind.by_name[name].type) for name in _ASKED)
    found = f"{int(mask.sum()):,} rows; the first is row {shown_row(rows[place])}: {quantity} x {price}, amount {amount}"
    hint = "`amount_check: refuse` keeps them back, `amount_check: ignore` silences this"
    return [Problem("amount_differs", _MESSAGE, "column `amount`", found, hint, "warning")]


def _differing(kind: Kind, reads: Keyed[str, Read], mapping: Mapping) -> pl.Series | None:
    """The rows where it is so; None where there are none, or a column is missing. Signs are left to the rules of returns."""
    if not kind.flow or not all(name in reads and kind.by_name[name].type != "text" for name in _ASKED):
        return None
    values = pl.DataFrame({name: reads[name].values for name in _ASKED})
    quantity, price, amount = (pl.col(name).cast(pl.Int128).abs() for name in _ASKED)
    apart = (quantity * price - amount * 10**_APART).abs()
    allowed = Fraction(mapping.tolerance.rstrip("%"))
    if mapping.tolerance.endswith("%"):
        share = allowed / 100
        within = apart * share.denominator <= amount * 10**_APART * share.numerator
    else:
        grains = allowed * 10 ** (DECIMALS["money"] + _APART)
        within = apart * grains.denominator <= grains.numerator
    differs = values.select((~within).fill_null(False)).to_series()
    return differs if differs.any() else None
