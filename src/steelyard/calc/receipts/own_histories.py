"""The masters that one subject's rows need, and nothing of them that another partner owns.

Of the partner: what it is called at the sources its rows come from, and the attributes that the framework names. Of the
company: the products, categories, units of measure and rates that the rows name, and who is credited with them. Reading
only these gives the same figures as reading all: whatever is left out was never asked.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date, timedelta

import polars as pl

from ..framework.model import Framework
from ..resolve import PARTNER_COLUMNS, PRODUCT_COLUMNS, TREE_DEPTH, Histories
from ..units import DECIMALS

MARGIN = timedelta(days=70)  # of rates around the rows: a fiscal month before the first and after the last
SOMETHING = "-"  # stands for a product that a unit is known of, where it is none of the subject's


def of_rows(histories: Histories, framework: Framework, subject: tuple[str, ...], rows: Mapping[str, pl.DataFrame], day: date) -> Histories:
    """The histories that the subject's rows (by kind of fact) and its own attributes on a day read."""
    text = framework.source + framework.base
    own = dict(zip(framework.subject, subject, strict=True))
    aliases = _aliases(histories, rows, own.get("partner"))
    partners = {code for code in (own.get("partner"), *aliases["partner"]) if code}
    if "partner" not in own:
        partners |= set(histories.partners["code"]) & _values(rows, "party")
    known = histories.partners.filter(pl.col("code").is_in(sorted(partners)))
    credited = _names(text, "representative") or _names(text, "territory")
    attributes = [name for name in (*PARTNER_COLUMNS, "territory") if not _names(text, name) and not (name == "territory" and credited)]
    products = histories.products.filter(pl.col("code").is_in(sorted(_values(rows, "product"))))
    categories = _branch(histories.categories, products) if _names(text, "category") else histories.categories.clear()
    read = {name for name in PRODUCT_COLUMNS if _names(text, f"product.{name}")} | ({"category"} if _names(text, "category") else set())
    chosen = Histories(
        partners=_blank(known, attributes),
        aliases=_blank(aliases, ["method"]),
        territories=histories.territories.clear(),
        representatives=histories.representatives.clear(),
        assignments=histories.assignments.clear(),
        categories=_blank(categories, ["name"]),
        products=_blank(products, sorted(set(PRODUCT_COLUMNS) - read)),
        rates=_rates(histories.rates, framework, rows, day),
        units=_units(histories.units, rows),
        authorities=_authorities(histories.authorities, rows, partners),
    )
    return _with_credit(chosen, histories, known, own, rows) if credited else chosen


def _names(text: str, name: str) -> bool:
    """Whether the framework's text has the name in it: rather once too often, and then it is the subject's own value."""
    return re.search(rf"(?<![\w]){re.escape(name)}(?![\w])", text) is not None


def _values(rows: Mapping[str, pl.DataFrame], column: str) -> set[str]:
    return {value for frame in rows.values() if column in frame.columns for value in frame[column].drop_nulls().unique()}


def _blank(frame: pl.DataFrame, columns: Iterable[str]) -> pl.DataFrame:
    """The frame without what nobody reads."""
    return frame.with_columns(pl.lit(None, dtype=frame.schema[name]).alias(name) for name in columns if name in frame.columns)


def _aliases(histories: Histories, rows: Mapping[str, pl.DataFrame], partner: str | None) -> pl.DataFrame:
    """What the rows' keys mean; of a partner's own rows only where they mean that partner."""
    found = histories.aliases.filter(
        pl.col("party").is_in(sorted(_values(rows, "party"))) & (pl.col("source").fill_null("") == "")
        | (pl.concat_str(pl.col("source"), pl.col("party"), separator="\x1f").is_in(_pairs(rows)))
    )
    return found if partner is None else found.filter(pl.col("partner") == partner)


def _pairs(rows: Mapping[str, pl.DataFrame]) -> list[str]:
    pair = pl.concat_str("source", "party", separator="\x1f")
    return sorted({value for frame in rows.values() if "party" in frame.columns for value in frame.select(pair).to_series().drop_nulls()})


def _branch(categories: pl.DataFrame, products: pl.DataFrame) -> pl.DataFrame:
    """The categories of some products, and everything above them."""
    wanted = set(products["category"].drop_nulls())
    for _ in range(TREE_DEPTH):
        above = set(categories.filter(pl.col("code").is_in(sorted(wanted)))["parent"].drop_nulls())
        if above <= wanted:
            break
        wanted |= above
    return categories.filter(pl.col("code").is_in(sorted(wanted)))


def _units(units: pl.DataFrame, rows: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    """The factors of the units that the rows name; a unit that is only known of other products stays known, of none by name."""
    named, products = _values(rows, "unit"), _values(rows, "product")
    about = units.filter(pl.col("unit").is_in(sorted(named)))
    own = about.filter(pl.col("product").is_null() | (pl.col("product") == "") | pl.col("product").is_in(sorted(products)))
    elsewhere = about.join(own, on="unit", how="anti").unique("unit").with_columns(pl.lit(SOMETHING).alias("product"))
    found = pl.concat([own, elsewhere])
    if found.is_empty() and not units.is_empty():  # in a company that counts in several units, an unknown one has no factor
        nothing = {"product": [SOMETHING], "unit": [SOMETHING], "factor": [10 ** DECIMALS["number"]]}
        found = pl.concat([found, pl.DataFrame(nothing)], how="diagonal")
    return found


def _authorities(authorities: pl.DataFrame, rows: Mapping[str, pl.DataFrame], partners: set[str]) -> pl.DataFrame:
    theirs = pl.col("partner").is_null() | pl.col("partner").is_in(sorted(partners))
    return authorities.filter(pl.col("kind").is_in(sorted(rows)) & theirs)


def _rates(rates: pl.DataFrame, framework: Framework, rows: Mapping[str, pl.DataFrame], day: date) -> pl.DataFrame:
    """The rates into the currencies that the rows name, of the days of the rows; of each series the one before them too."""
    named = {value for name in ("currency", framework.convert.read_as) if name for value in _values(rows, name)}
    foreign = named - {framework.currency}
    if not foreign:
        return rates.clear()
    days = [
        value for frame in rows.values() for name, dtype in frame.schema.items() if dtype == pl.Date for value in frame[name].drop_nulls()
    ]
    first, last = min([*days, day]) - MARGIN, max([*days, day]) + MARGIN
    pairs = rates.filter(pl.col("quote").is_in(sorted(foreign | {framework.currency})))
    if framework.convert.rates:
        pairs = pairs.filter(pl.col("source") == framework.convert.rates)
    series = ["source", "base", "quote"]
    before = pl.col("date").filter(pl.col("date") <= first).max().over(series)
    start = before.fill_null(pl.col("date").min().over(series))
    return pairs.filter((pl.col("date") >= start) & ((pl.col("date") <= last) | (pl.col("date") == start)))


def _with_credit(
    chosen: Histories, histories: Histories, partners: pl.DataFrame, own: Mapping[str, str], rows: Mapping[str, pl.DataFrame]
) -> Histories:
    """With who is credited: those assigned to the partners, to their territories, or named in the rows; and where each works."""
    territories = set(partners["territory"].drop_nulls()) | _values(rows, "territory") | {own[name] for name in own if name == "territory"}
    said = histories.assignments
    of_partners = said.filter(pl.col("partner").is_in(sorted(partners["code"].unique())) & pl.col("territory").is_null())
    of_territories = said.filter(pl.col("partner").is_null() & pl.col("territory").is_in(sorted(territories)))
    people = {*of_partners["representative"], *of_territories["representative"], *_values(rows, "representative")}
    people |= {own[name] for name in own if name == "representative"}
    theirs = said.filter(pl.col("partner").is_null() & pl.col("territory").is_not_null() & pl.col("representative").is_in(sorted(people)))
    territories |= set(theirs["territory"])
    return replace(
        chosen,
        territories=_blank(histories.territories.filter(pl.col("code").is_in(sorted(territories))), ["name"]),
        representatives=_blank(histories.representatives.filter(pl.col("code").is_in(sorted(people))), ["name", "manager"]),
        assignments=pl.concat([of_partners, of_territories, theirs]).unique(),
    )
