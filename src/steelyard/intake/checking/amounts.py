"""Money per currency and bucket: what came in equals what was accepted, quarantined, repeated and left out."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import polars as pl

from steelyard.calc.facts import Kind

Sums = dict[str, int]  # currency ("" where a row has none) -> ten-thousandths


@dataclass(frozen=True, slots=True)
class Amounts:
    """Sums of the kind's first money column. ``unreadable``: rows whose amount could not be read at all."""

    total: Sums = field(default_factory=dict)
    quarantined: Sums = field(default_factory=dict)
    filtered: Sums = field(default_factory=dict)
    unreadable: int = 0


def count(kind: Kind, typed: pl.DataFrame, quarantined: pl.Series, filtered: pl.Series) -> Amounts:
    """Sums of all rows, and of those that go elsewhere."""
    money = kind.money_column
    if money is None or money not in typed.columns:
        return Amounts()
    unreadable = int((typed[money].is_null() & quarantined).sum()) if quarantined.any() else 0
    return Amounts(
        by_currency(kind, typed), by_currency(kind, typed.filter(quarantined)) if quarantined.any() else {},
        by_currency(kind, typed.filter(filtered)) if filtered.any() else {}, unreadable,
    )  # fmt: skip


def by_currency(kind: Kind, typed: pl.DataFrame) -> Sums:
    """The sum of the first money column for each currency, exact."""
    money = kind.money_column
    if money is None or money not in typed.columns:
        return {}
    currency = kind.by_name[money].currency or ""
    code = pl.col(currency).fill_null("") if currency in typed.columns else pl.lit("")
    largest: Any = typed.get_column(money).abs().max() or 0
    narrow = largest * typed.height < 2**63  # then sums fit 64 bits, which is several times as fast
    value = pl.col(money) if narrow else pl.col(money).cast(pl.Int128)
    sums = typed.group_by(code.alias("currency")).agg(value.sum(), pl.col(money).count().alias("rows"))
    return {text: int(total) for text, total, rows in sorted(sums.iter_rows()) if rows}
