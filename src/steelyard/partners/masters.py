"""The declarations of the partner masters, and of every master together: this is the topmost app that has any."""

from __future__ import annotations

from functools import cache

import polars as pl
import pycountry

from steelyard.calc.errors import Problem
from steelyard.calc.masters import MASTERS as CATALOGUE
from steelyard.company.masters import MASTERS as COMPANY_MASTERS
from steelyard.masters.master import Master, Reference, RowProblem
from steelyard.products.masters import MASTERS as PRODUCT_MASTERS
from steelyard.products.masters import PRODUCT

from . import attributes, models


@cache
def country_codes() -> frozenset[str]:
    """ISO 3166-1 alpha-2."""
    return frozenset(country.alpha_2 for country in pycountry.countries)


def _country_hint(found: str) -> str:
    """The two letters of a country written out or in three letters."""
    try:
        return f"write `{pycountry.countries.lookup(found).alpha_2}`"
    except LookupError:
        return "write the two letters of ISO 3166, such as DE"


_partner = Reference("partner", lambda: models.Partner.objects.values_list("code", flat=True))
_territory = Reference("territory", lambda: models.Territory.objects.values_list("code", flat=True))
_representative = Reference("representative", lambda: models.Representative.objects.values_list("code", flat=True))
_country = Reference("country", country_codes, _country_hint)


def _affiliation_problems(affiliations: pl.DataFrame) -> list[RowProblem]:
    """Nobody is affiliated with themselves."""
    rows = affiliations.filter(pl.col("person") == pl.col("organisation"))["source_row"]
    return [(row, Problem("self", "person and organisation are the same partner", "organisation")) for row in rows]


def _assignment_problems(assignments: pl.DataFrame) -> list[RowProblem]:
    """An assignment is to a territory or to a partner."""
    rows = assignments.filter((pl.col("territory") == "") == (pl.col("partner") == ""))["source_row"]
    hint = "write two assignments for both"
    return [
        (row, Problem("assignment", "an assignment names a territory or a partner, exactly one", "territory", "", hint)) for row in rows
    ]


MASTERS: dict[str, Master] = {
    master.name: master
    for master in (
        Master(CATALOGUE["territories"], models.Territory, models.TerritoryHistory, references={"parent": _territory}, tree="parent"),
        Master(CATALOGUE["representatives"], models.Representative, models.RepresentativeHistory,
            references={"manager": _representative}, tree="manager",
        ),
        Master(
            CATALOGUE["partners"], models.Partner, models.PartnerHistory,
            references={"parent": _partner, "country": _country, "territory": _territory}, tree="parent", retired={"status": "ended"},
        ),
        Master(
            CATALOGUE["affiliations"], models.Affiliation, models.AffiliationHistory,
            references={"person": _partner, "organisation": _partner}, rule=_affiliation_problems,
        ),
        Master(CATALOGUE["aliases"], models.Alias, models.AliasHistory, cause="rematched", references={"partner": _partner}),
        Master(CATALOGUE["authorities"], models.Authority, models.AuthorityHistory, references={"partner": _partner}),
        Master(
            CATALOGUE["assignments"], models.Assignment, models.AssignmentHistory, cause="reassigned", exclusive=("territory", "partner"),
            references={"representative": _representative, "territory": _territory, "partner": _partner}, rule=_assignment_problems,
        ),
        *attributes.masters(_partner, PRODUCT),
    )
}  # fmt: skip

EVERY: dict[str, Master] = {**COMPANY_MASTERS, **PRODUCT_MASTERS, **MASTERS}
