"""Where partners sell: the countries that their facts name, so that each partner can be scored once per country."""

from __future__ import annotations

from collections.abc import Mapping

import narwhals as nw
import polars as pl

from ..resolve import Resolver
from .pipeline import look, resolved
from .plan import Plan

SELLS_IN = {"partner": pl.String(), "country": pl.String(), "since": pl.Date()}


def sells_in(plan: Plan, resolver: Resolver, facts: Mapping[str, pl.LazyFrame]) -> pl.DataFrame:
    """partner, country, since: the first day of a live row of any fact that the framework reads by country.

    A row that names no country is of the partner's own. What a measure's conditions leave out counts too: a partner who only
    gave free goods in a country is there, and scored on what counts. ``facts``: rows by kind, with reversals.
    """
    found = []
    for scan in plan.scans:
        if "country" not in scan.subjects or scan.fact not in facts:
            continue
        info = look(facts[scan.fact], scan, plan.framework)
        if info is None:
            continue
        rows = resolved(plan, scan, resolver, nw.from_native(facts[scan.fact]), info).to_native()
        day = pl.col(scan.kind.date) if scan.kind.date else pl.lit(None, dtype=pl.Date)
        named = rows.filter(pl.col("partner").is_not_null() & pl.col("country#").is_not_null())
        net = named.group_by("partner", "country", day.alias("since")).agg(pl.col("sign").cast(pl.Int64).sum().alias("net"))
        found.append(net.filter(pl.col("net") > 0).select(list(SELLS_IN)).collect())
    if not found:
        return pl.DataFrame(schema=SELLS_IN)
    return pl.concat(found).group_by("partner", "country").agg(pl.col("since").min()).sort("partner", "country")
