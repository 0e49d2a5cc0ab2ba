"""The list of partners."""

from __future__ import annotations

from typing import Any

import polars as pl
from django.http import HttpResponse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from steelyard.accounts.gate import Asked, needs
from steelyard.accounts.permissions import may
from steelyard.partners.scopes import sight
from steelyard.scorecards.words import overridden
from steelyard.ui.listing import Column, Empty, Filter, Listing
from steelyard.ui.templatetags.ui import figure, grade

from .. import links
from ..countries import country_name
from ..frames import Frames
from ..partners import NOWHERE, Partners
from ..partners import partners as read


@needs("scores.read")
def partners(request: Asked) -> HttpResponse:
    """Every partner the reader may see, with its newest published score."""
    told = read(scope=request.scope)
    add = links.page("masters:add", master="partners") if may(request.user, "masters.write") else None
    listing = Listing(
        request,
        name="partners",
        title=_("Partners"),
        columns=tuple(_columns(told, exporting="format" in request.GET)),
        source=Frames(
            told.frame,
            tie="code",
            filters={"territory": lambda code: pl.col("territory").is_null() if code == NOWHERE else pl.col("within").list.contains(code)},
        ),
        filters=tuple(_filters(told)),
        search=("name", "code", "city", "territory_name", "representative_name"),
        sort="name",
        alike=sight(request.user, request.scope),
        empty=Empty(_("No partners"), _("No partner is known, or none is yours to see."), add or "", _("Add a partner")),
    )
    return listing.respond("dashboards/partners.html", {"told": told, "chosen": told.chosen})


def _columns(told: Partners, *, exporting: bool) -> list[Column]:
    def card(row: dict[str, Any]) -> str | None:
        chosen = told.chosen
        return links.scorecard(chosen.framework, chosen.period, row["subject"]) if chosen and row["total"] is not None else None

    def beside(row: dict[str, Any]) -> str:
        return overridden(told.beside.get(row["subject"]))

    def graded(row: dict[str, Any], level: str | None) -> SafeString:
        note = beside(row)
        return grade(level, told.levels, note=note) if level or note else figure(None)

    return [
        Column("name", _("Partner"), link=lambda row: links.partner(row["code"]), phone=True),
        Column("code", _("Code")),
        Column("type", _("Type")),
        Column("country", _("Country"), value=lambda row: country_name(row["country"])),
        Column("city", _("City"), shown=False),
        Column("territory", _("Territory"), value=lambda row: row["territory_name"] or row["territory"]),
        Column("area", _("Area"), value=lambda row: row["area_name"] or row["area"], shown=False),
        Column("representative", _("Representative"), value=lambda row: row["representative_name"] or row["representative"]),
        Column("status", _("Status")),
        Column("level", _("Grade"), "grade", levels=told.levels, drawn=graded, phone=True, sortable=False),
        Column("total", _("Score"), "points", link=card, phone=True),
        Column("change", _("Change"), "delta"),
        Column("overridden", _("Override"), value=beside, shown=exporting, sortable=False),
    ]


def _filters(told: Partners) -> list[Filter]:
    countries = [(code, country_name(code)) for code, _name in told.choices("country")]
    return [
        Filter("type", _("Type"), told.choices("type")),
        Filter("status", _("Status"), told.choices("status")),
        Filter("country", _("Country"), sorted(countries, key=lambda pair: pair[1])),
        Filter("territory", _("Territory"), told.territories),
        Filter("representative", _("Representative"), told.choices("representative", "representative_name")),
    ]
