"""The declarations of the product masters: categories, products, units."""

from __future__ import annotations

import polars as pl

from steelyard.calc.errors import Problem
from steelyard.calc.masters import MASTERS as CATALOGUE
from steelyard.masters.master import Master, Reference, RowProblem

from . import models

_category = Reference("category", lambda: models.Category.objects.values_list("code", flat=True))
_product = Reference("product", lambda: models.Product.objects.values_list("code", flat=True))


def _unit_problems(units: pl.DataFrame) -> list[RowProblem]:
    """A pack holds more than nothing."""
    if "factor" not in units.columns:
        return []
    rows = units.filter(pl.col("factor") <= 0)["source_row"]
    return [(row, Problem("bad-factor", "a factor is a number above 0", "factor")) for row in rows]


MASTERS: dict[str, Master] = {
    master.name: master
    for master in (
        Master(CATALOGUE["categories"], models.Category, models.CategoryHistory, references={"parent": _category}, tree="parent"),
        Master(
            CATALOGUE["products"], models.Product, models.ProductHistory, references={"category": _category}, retired={"status": "retired"}
        ),
        Master(
            CATALOGUE["units"], models.UnitOfMeasure, models.UnitOfMeasureHistory, references={"product": _product}, rule=_unit_problems
        ),
    )
}
