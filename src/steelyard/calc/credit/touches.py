"""Touches: which partners had a part in an order, how, and on which day.

Lines of one document that agree in everything that credit depends on are one *case*: touches are found for cases and
not for each line. A touch is the order itself (`ordered`), a referral (`referred`: named by the line, by a referral that
names the document, or a referral of the same end customer within the look-back), or a person who belongs to the ordering
organisation on the day of the order (`influenced`). What the company does with a partner, its activities, is no part
that the partner had, so it earns no credit.
"""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from ..lookups import ALWAYS, FOR_EVER
from .rule import ROLES, Rule

CASE = ("source", "document", "partner", "date", "end_customer", "referrer", "brought")
OWN = ("campaign", "representative", "direct")  # sources of an order for which a referral of the same customer says nothing
_TOUCH = {
    "case": pl.Int64(), "role": pl.Int8(), "day": pl.Date(), "partner": pl.String(), "via": pl.Int64(), "by": pl.String(),
    "order_day": pl.Date(),
}  # fmt: skip


@dataclass(frozen=True)
class Evidence:
    """What touches are found in, with every key resolved to its partner already.

    ``lines``: row_id, source, document, date, partner (null: nobody known), end_customer, referrer, source_kind, kind,
    follows (the document that a return or credit takes back, where it says so). ``referrals``: row_id, source, date,
    partner, end_customer, order_document, outcome. ``affiliations``: person, organisation, valid_from, valid_to. ``types``:
    partner, type.
    """

    lines: pl.DataFrame
    referrals: pl.DataFrame
    affiliations: pl.DataFrame
    types: pl.DataFrame


def cases_of(lines: pl.DataFrame, *, follow: bool = True) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Every line with its ``case``, and the cases.

    ``follow``: a return has the case of the first sale of the document it takes back.
    """
    own = pl.col("source_kind").is_in(OWN).fill_null(False)
    told = lines.with_columns(own.alias("brought"))
    cases = told.select(CASE).unique(maintain_order=True).with_row_index("case").with_columns(pl.col("case").cast(pl.Int64))
    numbered = told.join(cases, on=CASE, how="left", nulls_equal=True, maintain_order="left")
    back = pl.col("kind").is_in(["return", "credit"]).fill_null(False)
    returned = numbered.filter(back)
    if returned.is_empty() or not follow:
        return numbered, cases
    wanted = returned.select("row_id", "source", document=pl.coalesce("follows", "document"))
    taken_back = numbered.filter(~back).join(wanted, on=["source", "document"], how="semi").sort("date", "row_id")
    sold = taken_back.group_by("source", "document", maintain_order=True).agg(first=pl.col("case").first())
    known = wanted.join(sold, on=["source", "document"]).select("row_id", "first")
    taken = numbered.join(known, on="row_id", how="left", maintain_order="left")
    return taken.with_columns(pl.coalesce("first", "case").alias("case")).drop("first"), cases


def touches(cases: pl.DataFrame, evidence: Evidence, rule: Rule) -> pl.DataFrame:
    """Every touch of every case, in order: case, role, day, partner, via (a referral's row), by (line, document or customer).

    The order itself is always among them, with no partner where its key means none.
    """
    found = [_ordered(cases)]
    if "referred" in rule.counts:
        found.append(_referred(cases, evidence.referrals, rule.look_back))
    if "influenced" in rule.counts:
        found.append(_influenced(cases, evidence, found[1] if "referred" in rule.counts else None, rule))
    every = pl.concat([frame.select(pl.col(name).cast(dtype) for name, dtype in _TOUCH.items()) for frame in found])
    return every.sort("case", "day", "role", "partner", "via", nulls_last=True)


def _role(name: str) -> pl.Expr:
    return pl.lit(ROLES.index(name), dtype=pl.Int8).alias("role")


def _ordered(cases: pl.DataFrame) -> pl.DataFrame:
    nothing = pl.lit(None, dtype=pl.Int64).alias("via")
    return cases.select("case", _role("ordered"), "partner", nothing, pl.lit("order").alias("by"), day="date", order_day="date")


def _referred(cases: pl.DataFrame, referrals: pl.DataFrame, look_back: int) -> pl.DataFrame:
    """Referrals that name the document, those of the same customer not long before, and what the line itself names."""
    known = referrals.filter(pl.col("partner").is_not_null() & (pl.col("outcome").fill_null("open") != "lost"))
    told = known.select("partner", day="date", via="row_id", said_by="source", customer="end_customer", order="order_document")
    named = told.filter(pl.col("order").is_not_null())
    selling = cases["source"].unique().to_list()
    by_document = cases.join(named, left_on="document", right_on="order", suffix="_of").filter(
        ~pl.col("said_by").is_in(selling) | (pl.col("said_by") == pl.col("source"))  # a number is a number of its own system
    )
    loose = told.filter(pl.col("order").is_null() & pl.col("customer").is_not_null())
    by_customer = (
        cases.lazy().filter(~pl.col("brought") & pl.col("end_customer").is_not_null())
        .join(loose.lazy(), left_on="end_customer", right_on="customer", suffix="_of")
        .filter((pl.col("day") <= pl.col("date")) & (pl.col("day") >= pl.col("date") - pl.duration(days=look_back)))
        .collect()
    )  # fmt: skip
    facts = pl.concat([_told(by_document, "document"), _told(by_customer, "customer")])
    nothing = pl.lit(None, dtype=pl.Int64).alias("via")
    said = cases.filter(pl.col("referrer").is_not_null()).select(
        "case", pl.lit("line").alias("by"), nothing, partner="referrer", day="date", order_day="date"
    )
    said = said.join(facts, on=["case", "partner"], how="anti")  # the same referral, told by the line and by a fact with its day
    return pl.concat([facts, said.select(facts.columns)]).with_columns(_role("referred"))


def _told(found: pl.DataFrame, by: str) -> pl.DataFrame:
    return found.select("case", "day", "via", by=pl.lit(by), partner="partner_of", order_day="date")


def _influenced(cases: pl.DataFrame, evidence: Evidence, referred: pl.DataFrame | None, rule: Rule) -> pl.DataFrame:
    """Persons of the ordering organisation on the day; who referred the order is not counted a second time."""
    people = bounded(evidence.affiliations)
    if rule.person_types:
        of_type = evidence.types.filter(pl.col("type").is_in(list(rule.person_types)))
        people = people.filter(pl.col("person").is_in(of_type["partner"].to_list()))
    there = cases.join(people, left_on="partner", right_on="organisation").filter(
        (pl.col("since") <= pl.col("date")) & (pl.col("date") < pl.col("until"))
    )
    nothing = pl.lit(None, dtype=pl.Int64).alias("via")
    found = there.select(
        "case", _role("influenced"), nothing, pl.lit("affiliation").alias("by"), partner="person", day="date", order_day="date"
    ).unique(["case", "partner"])
    return found if referred is None else found.join(referred, on=["case", "partner"], how="anti")


def bounded(affiliations: pl.DataFrame) -> pl.DataFrame:
    """Affiliations with both ends of their time."""
    return affiliations.select(
        "person", "organisation", since=pl.col("valid_from").fill_null(ALWAYS), until=pl.col("valid_to").fill_null(FOR_EVER)
    )
