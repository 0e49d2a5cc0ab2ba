"""One sale told by two systems: which rows of different sources are perhaps the same sale.

Two rows of a kind are, if they come from different sources, mean the same partner, lie on the same day, and agree in one of
these, asked in this order:

1. ``amount and product``: the same amount (not 0), currency and product;
2. ``product and quantity``: the same product, quantity (not 0) and unit, whatever they cost;
3. ``amount``: the same amount (not 0) and currency, whatever the product is called.

Each row meets at most one row of any other source, so that three equal rows of one and two of another are two pairs.
"""

from __future__ import annotations

import polars as pl

RULES: dict[str, tuple[str, ...]] = {
    "amount and product": ("amount", "currency", "product"),
    "product and quantity": ("product", "quantity", "unit"),
    "amount": ("amount", "currency"),
}
_SHARED = ["partner", "date"]
_SIDES = ["#first", "#second"]
COMPARED = ["row_id", "source", "partner", "date", "document", "line", "product", "quantity", "unit", "amount", "currency"]


def same_sales(rows: pl.DataFrame) -> pl.DataFrame:
    """Pairs of rows, ``first`` and ``second`` (row numbers, the source that comes first by name first), with their ``rule``.

    ``rows`` has `COMPARED`, one row for each row that stands.
    """
    known = rows.filter(pl.all_horizontal(pl.col(name).is_not_null() for name in (*_SHARED, "source")))
    met = known.group_by(_SHARED).agg(pl.col("source").unique().alias("#other")).filter(pl.col("#other").list.len() > 1)
    known = known.join(met.select(_SHARED), on=_SHARED, how="semi").sort("document", "line", "row_id", nulls_last=True)
    known = known.with_columns(pl.col("unit").fill_null(""))
    views = known.join(met, on=_SHARED, maintain_order="left").explode("#other").filter(pl.col("source") != pl.col("#other"))
    left = views.filter(pl.col("source") < pl.col("#other")).rename({"source": "#first", "#other": "#second"})
    right = views.filter(pl.col("source") > pl.col("#other")).rename({"source": "#second", "#other": "#first"})
    found = []
    for rule, names in RULES.items():
        met_here = _met(left, right, [*_SIDES, *_SHARED, *names])
        found.append(met_here.select("first", "second", pl.lit(rule).alias("rule")))
        left = left.join(met_here, left_on=["row_id", *_SIDES], right_on=["first", *_SIDES], how="anti")
        right = right.join(met_here, left_on=["row_id", *_SIDES], right_on=["second", *_SIDES], how="anti")
    return pl.concat(found)


def _met(left: pl.DataFrame, right: pl.DataFrame, key: list[str]) -> pl.DataFrame:
    """Rows equal in the key, the first with the first, the second with the second."""
    said = pl.all_horizontal(pl.col(name).is_not_null() for name in key)
    for name in set(key) & {"amount", "quantity"}:
        said &= pl.col(name) != 0
    turn = pl.int_range(pl.len()).over(key).alias("#turn")
    ours, theirs = (
        frame.filter(said).select(*key, pl.col("row_id").alias(name), turn) for frame, name in ((left, "first"), (right, "second"))
    )
    return ours.join(theirs, on=[*key, "#turn"]).select("first", "second", *_SIDES)
