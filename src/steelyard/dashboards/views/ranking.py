"""The ranking: partners side by side."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from steelyard.accounts.gate import Asked, needs
from steelyard.partners.scopes import sight
from steelyard.scorecards import limits
from steelyard.scorecards.choosing import Chosen, choose
from steelyard.scorecards.firm import BORDERLINE
from steelyard.scorecards.reasons import in_words
from steelyard.scorecards.standings import Column as Part
from steelyard.scorecards.words import firmness
from steelyard.ui.listing import Column, Empty, Filter, Listing
from steelyard.ui.templatetags.ui import beam, grade, spark

from .. import links
from ..countries import country_name
from ..ranking import Ranking, levels
from ..ranking import ranking as read


@needs("scores.read")
def ranking(request: Asked) -> HttpResponse:
    """Every subject the reader may see, with grade, score, change and the KPIs that are chosen."""
    chosen = choose(request.GET.get("framework"), request.GET.get("period"), scope=request.scope)
    if chosen is None:
        return render(request, "dashboards/ranking_empty.html")
    told = read(chosen, scope=request.scope)
    part = told.standings.column(request.GET.get("kpi", ""))  # of the cell of a map that led here
    listing = Listing(
        request,
        name="ranking",
        title=_("Ranking"),
        columns=tuple(_columns(chosen, told, part, exporting="format" in request.GET)),
        source=told.source,
        filters=tuple(_filters(chosen, told)),
        search=("name", "code", "city", "territory_name", "representative_name"),
        dense=True,
        alike=sight(request.user, request.scope),
        sort=f"-share.{part.name}" if part else "-total",
        empty=Empty(_("No partner to rank"), _("You see no partner that this standard scores in this period.")),
    )
    return listing.respond("dashboards/ranking.html", {"chosen": chosen, "told": told})


def _columns(chosen: Chosen, told: Ranking, part: Part | None, *, exporting: bool) -> list[Column]:
    def card(row: dict[str, Any]) -> str | None:
        return links.scorecard(chosen.framework, chosen.period, row["subject"])

    names, scale = limits.names(told.standings.framework), levels(told.standings)
    before = chosen.before.period if chosen.before else _("the period before")
    found = [
        Column("name", _("Partner"), link=card, phone=True, drawn=_ranked),
        Column("rank", _("Rank"), "count", shown=exporting, phone=False),  # on the page it stands before the name
        Column("country", _("Country"), value=lambda row: country_name(row["country"]), drawn=_whole),
        Column("level", _("Grade"), "grade", levels=names, drawn=partial(_graded, names), phone=True),
        Column("total", _("Score"), "points", link=card, phone=True),
        Column("beam", _("On the scale"), shown=part is None, sortable=False, exported=False, phone=False,
            value=lambda row: beam(row["total"], scale, former=row["total_before"], size="sm")),
        Column("change", _("vs %(period)s") % {"period": before}, "delta", phone=True),
        Column("trend", _("Last periods"), shown=part is None, sortable=False, exported=False, phone=False,
            value=lambda row: spark(row["trend"])),
        Column("code", _("Code"), shown=False),
        Column("type", _("Type"), shown=False),
        Column("city", _("City"), shown=False),
        Column("territory", _("Territory"), value=lambda row: row["territory_name"] or row["territory"], shown=exporting),
        Column("area", _("Area"), value=lambda row: row["area_name"] or row["area"], shown=False),
        Column("representative", _("Representative"), value=lambda row: row["representative_name"] or row["representative"], shown=False),
        Column("total_before", _("Score in %(period)s") % {"period": before}, "points", shown=False),
        Column("level_before", _("Grade in %(period)s") % {"period": before}, shown=False),
        Column("no_data", _("Why not ranked"), value=lambda row: in_words(row["no_data"] or ""), shown=False),
        Column("limited_by", _("Grade held by"), shown=False),
        Column("standing", _("Standing"), shown=False),
        Column("overridden", _("Override"), shown=exporting, sortable=False),
    ]  # fmt: skip
    for other in told.standings.columns:
        found += _parts(other, chosen, shown=other == part)
    return found


def _ranked(row: dict[str, Any], name: str) -> SafeString:
    place = format_html('<span class="sub">{}</span>', row["likely"]) if row["likely"] else ""
    return format_html('<span class="rank">{}</span>{}{}', "–" if row["rank"] is None else row["rank"], name, place)


def _whole(row: dict[str, Any], country: str) -> SafeString:
    return format_html('<span class="nw">{}</span>', country)


def _graded(names: list[str], row: dict[str, Any], level: str | None) -> SafeString:
    if row["total"] is None:
        return grade(None, note=", ".join(part for part in (capfirst(in_words(row["no_data"])), row["overridden"]) if part))
    differs = row["standing"] is not None and row["standing"] != level
    mark = row["firm"] if row["firm"] == firmness(BORDERLINE) else ""
    note = _("holds %(level)s") % {"level": row["standing"]} if differs else row["level_title"]
    return grade(level, names, note=", ".join(part for part in (note, mark, row["overridden"]) if part), borderline=mark or None)


def _parts(part: Part, chosen: Chosen, *, shown: bool) -> list[Column]:
    """The points of a part of the card, and the value of its KPI, which opens to the rows behind it."""

    def open_kpi(row: dict[str, Any]) -> str | None:
        return links.kpi(chosen.framework, chosen.period, row["subject"], part.kpi or "")

    title = _("%(title)s, points in %%") % {"title": part.title}
    points = Column(f"share.{part.name}", title, "percent", shown=shown, link=open_kpi if part.kpi else None)
    if part.kpi is None or part.unit in (None, "text"):
        return [points]
    value = Column(f"value.{part.name}", part.title, part.unit, shown=shown, link=open_kpi)  # type: ignore[arg-type]
    return [points, value]


def _filters(chosen: Chosen, told: Ranking) -> list[Filter]:
    grades = limits.titles(told.standings.framework)
    periods = [
        (period.label, period.label if period.published else _("%(period)s, not published") % {"period": period.label})
        for period in chosen.periods
    ]
    frameworks = [(choice.code, choice.title) for choice in chosen.frameworks]
    countries = [(code, country_name(code)) for code, _name in told.choices("country")]
    standards = [Filter("framework", _("Framework"), frameworks, default=chosen.framework, required=True, applies=False)]
    return [
        *(standards if len(frameworks) > 1 else []),
        Filter("period", _("Period"), periods, default=chosen.period, required=True, applies=False),
        Filter("territory", _("Territory"), told.territories),
        Filter("level", _("Grade"), [(name, name if name == title else f"{name} {title}") for name, title in reversed(grades.items())]),
        Filter("type", _("Type"), told.choices("type")),
        Filter("country", _("Country"), sorted(countries, key=lambda pair: pair[1])),
        Filter("representative", _("Representative"), told.choices("representative", "representative_name")),
        Filter("movement", _("Movement"), [
            ("up", _("score rose")), ("down", _("score fell")), ("same", _("score as before")), ("promoted", _("better grade")),
            ("demoted", _("worse grade")), ("new", _("newly ranked")),
        ]),
        Filter("ranked", _("Ranked"), [("yes", _("ranked")), ("no", _("not enough data to rank"))]),
        Filter("risk", _("At risk"), [("yes", _("at risk")), ("no", _("not at risk"))]),
    ]  # fmt: skip
