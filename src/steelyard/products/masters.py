"""The declarations of the product masters: categories, products, units."""

from __future__ import annotations

import polars as pl

from steelyard.calc import gtin
from steelyard.calc.errors import Problem
from steelyard.calc.masters import MASTERS as CATALOGUE
from steelyard.masters.master import Master, Reference, RowProblem

from . import models

_category = Reference("category", lambda: models.Category.objects.values_list("code", flat=True))
PRODUCT = Reference("product", lambda: models.Product.objects.values_list("code", flat=True))


def _tidy_products(products: pl.DataFrame) -> pl.DataFrame:
    """Trade item numbers with 14 digits, zeros in front."""
    if "gtin" not in products.columns:
        return products
    return products.with_columns(pl.col("gtin").map_elements(lambda text: gtin.padded(text) or text, return_dtype=pl.String))


def _product_problems(products: pl.DataFrame) -> list[RowProblem]:
    """A trade item number has 8, 12, 13 or 14 digits, of which the last checks the others."""
    problems: list[RowProblem] = []
    if "gtin" in products.columns:
        for row, text in products.filter(pl.col("gtin") != "").select("source_row", "gtin").iter_rows():
            number = gtin.padded(text)
            if number is None:
                problems.append((row, Problem("bad_gtin", "this is no trade item number", "gtin", text, "it has 8, 12, 13 or 14 digits")))
            elif not gtin.is_right(number):
                hint = f"with these digits the last one would be {gtin.expected(number)}"
                problems.append((row, Problem("bad_gtin", "the check digit of this trade item number is wrong", "gtin", text, hint)))
    return problems


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
            CATALOGUE["products"],
            models.Product,
            models.ProductHistory,
            references={"category": _category},
            retired={"status": "retired"},
            rule=_product_problems,
            tidy=_tidy_products,
        ),
        Master(CATALOGUE["units"], models.UnitOfMeasure, models.UnitOfMeasureHistory, references={"product": PRODUCT}, rule=_unit_problems),
    )
}
