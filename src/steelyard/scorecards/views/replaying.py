"""Every partner through every region's scheme."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from steelyard.accounts.gate import Asked, needs
from steelyard.calc.errors import Missing, Refused
from steelyard.calc.regions import BASE, TOGETHER, Gap
from steelyard.frameworks.queries import framework as framework_of
from steelyard.frameworks.queries import versions
from steelyard.partners import queries as partners
from steelyard.ui.listing import Column, Empty, Filter, Listing, Rows
from steelyard.ui.templatetags.ui import at_dots

from .. import links, replaying
from ..overrides.queries import partner_of


@needs("scores.read")
def replay(request: Asked, framework: str) -> HttpResponse:
    """Whose score any region's scheme would change, and by which settings."""
    known = [] if "\0" in framework else versions(framework)
    if not known:
        raise Missing
    periods = replaying.periods(framework)
    period = request.GET.get("period", "")[:40] or (periods[0] if periods else "")
    told = {"framework": framework, "title": known[-1].title, "periods": periods}
    if not period:
        return render(request, "scorecards/replay.html", told)
    try:
        found = replaying.seen(replaying.replay(framework, period), request.scope)
    except Refused as refused:
        return render(request, "scorecards/replay.html", told | {"period": period, "problems": refused.problems}, status=422)
    names = dict(partners.names())
    columns = (
        Column("name", _("Partner"), value=lambda gap: names.get(_partner(found, gap), gap.subject), sub="subject",
            link=lambda gap: _card(gap, framework, period), phone=True),
        Column("subject", _("Code"), shown=False),
        Column("region", _("Scheme")),
        Column("own", _("Its own scheme"), "yes_no"),
        Column("base_total", _("Standard"), "points", value=lambda gap: gap.base.total),
        Column("total", _("Under the scheme"), "points", value=lambda gap: gap.other.total),
        Column("change", _("Difference"), "delta", phone=True),
        Column("level", _("Level"), value=_levels, phone=True),
        Column("because", _("Because of"), value=_because, drawn=_broken),
    )  # fmt: skip
    listing = Listing(
        request,
        name="replay",
        title=_("Replay of every partner"),
        columns=columns,
        source=Rows(list(found.gaps)),
        filters=(
            Filter("region", _("Scheme"), sorted({(gap.region, gap.region) for gap in found.gaps})),
            Filter(
                "own", _("Its own scheme"), [("yes", _("yes")), ("no", _("no"))], matches=lambda gap, wanted: gap.own == (wanted == "yes")
            ),
            Filter("moves", _("Level"), [("yes", _("another level"))], matches=lambda gap, _wanted: gap.base.level != gap.other.level),
        ),
        search=("name", "subject", "region"),
        empty=Empty(_("No difference"), _("Every partner has the same total and level under every scheme.")),
    )
    context = told | {"period": period, "found": found}
    return listing.respond("scorecards/replay.html", context)


def _card(gap: Gap, framework: str, period: str) -> str | None:
    scored_by = gap.region if gap.own else framework
    return links.page("scorecards:card", framework=scored_by, period=period, subject=gap.subject)


def _partner(found: replaying.Replay, gap: Gap) -> str:
    return partner_of(framework_of(found.base).subject, gap.subject)


def _levels(gap: Gap) -> str:
    """One level where both schemes give it; else the standard's and the scheme's."""
    before, after = gap.base.level or _("none"), gap.other.level or _("none")
    return before if before == after else f"{before} → {after}"


def _broken(_gap: Gap, said: str) -> SafeString:
    return format_html('<span class="long">{}</span>', at_dots(said))


def _because(gap: Gap) -> str:
    said = {TOGETHER: _("all its settings together"), BASE: _("another version of the standard")}
    return ", ".join(str(said.get(path, path)) for path in gap.because)
