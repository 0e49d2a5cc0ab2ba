"""Who is scored: the subjects that exist on the as-of date, with their attributes on it."""

from __future__ import annotations

from datetime import date, timedelta

import polars as pl

from .formula.nodes import Value
from .framework.model import Framework
from .points import Points
from .resolve import Histories
from .units import DECIMALS, Blank, from_grain


def as_of(start: date, end: date, known_through: date | None) -> date:
    """The day everything is computed for: the last of the period; in an open window, the last the data knows."""
    return max(start, known_through or start) if end == date.max else end - timedelta(days=1)


def _natural(column: pl.Series, framework: Framework) -> list[Value | None]:
    """The values of a column; of a number that the company records, in natural units."""
    kind = framework.attributes.get("partner", {}).get(column.name)
    if kind is None or kind.kind not in DECIMALS:
        return column.to_list()
    return [None if value is None else from_grain(value, kind.kind) for value in column]


def subjects(framework: Framework, histories: Histories, day: date, sells_in: pl.DataFrame | None = None) -> Points:
    """Every subject of the framework on a day.

    ``sells_in``: partner, country, since (`measures.countries`), needed where a partner is scored once per country.
    """
    single = {"partner": histories.partners, "representative": histories.representatives, "territory": histories.territories}
    frames = []
    for name in framework.subject:
        if name == "country":
            continue
        valid = (pl.col("valid_from").is_null() | (pl.col("valid_from") <= day)) & (
            pl.col("valid_to").is_null() | (pl.col("valid_to") > day)
        )
        frames.append(single[name].filter(valid).drop("valid_from", "valid_to").rename({"code": name}).sort(name))
    table = frames[0]
    if "country" in framework.subject:
        if sells_in is None:
            raise LookupError("the countries that partners sell in were not read")
        there = sells_in.filter(pl.col("since").is_null() | (pl.col("since") <= day)).select("partner", "country")
        table = table.drop("country").join(there, on="partner").sort("partner", "country")
    for other, frame in zip(framework.subject[1:], frames[1:], strict=False):  # a country has no master
        table = table.drop(other, strict=False)  # a partner's own territory is not the one it is scored in
        table = table.join(frame.drop([column for column in frame.columns if column in table.columns]), how="cross")
    keys = list(table.select(framework.subject).iter_rows())
    attributes: dict[str, list[Value]] = {
        column: [Blank(f"{column} is not recorded") if value is None else value for value in _natural(table[column], framework)]
        for column in table.columns
    }
    return Points(keys, [day] * len(keys), attributes)
