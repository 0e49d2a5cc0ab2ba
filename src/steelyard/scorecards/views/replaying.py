"""Every partner through every region's scheme."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from steelyard.accounts.gate import Asked, needs
from steelyard.calc.errors import Missing, Refused
from steelyard.calc.regions import BASE, TOGETHER, Gap
from steelyard.frameworks.queries import versions
from steelyard.ui.listing import Column, Empty, Filter, Listing, Rows

from .. import links, replaying


@needs("scores.read")
def replay(request: Asked, framework: str) -> HttpResponse:
    """Whose score any region's scheme would change, and by which settings."""
    if "\0" in framework or not versions(framework):
        raise Missing
    periods = replaying.periods(framework)
    period = request.GET.get("period", "")[:40] or (periods[0] if periods else "")
    if not period:
        return render(request, "scorecards/replay.html", {"framework": framework, "periods": periods})
    try:
        found = replaying.seen(replaying.replay(framework, period), request.scope)
    except Refused as refused:
        told = {"framework": framework, "periods": periods, "period": period, "problems": refused.problems}
        return render(request, "scorecards/replay.html", told, status=422)
    columns = (
        Column("subject", _("Partner"), link=lambda gap: _card(gap, framework, period)),
        Column("region", _("Scheme")),
        Column("own", _("Its own scheme"), "yes_no"),
        Column("base_total", _("Standard"), "points", value=lambda gap: gap.base.total),
        Column("total", _("Under the scheme"), "points", value=lambda gap: gap.other.total),
        Column("change", _("Difference"), "delta"),
        Column("base_level", _("Level by the standard"), value=lambda gap: gap.base.level),
        Column("level", _("Level under the scheme"), value=lambda gap: gap.other.level),
        Column("because", _("Because of"), value=_because),
    )
    listing = Listing(
        request,
        name="replay",
        title=_("Replay of every partner"),
        columns=columns,
        source=Rows(list(found.gaps)),
        filters=(Filter("region", _("Scheme"), sorted({(gap.region, gap.region) for gap in found.gaps})),),
        search=("subject", "region"),
        empty=Empty(_("No difference"), _("Every partner has the same total and level under every scheme.")),
    )
    context = {"framework": framework, "periods": periods, "period": period, "found": found}
    return listing.respond("scorecards/replay.html", context)


def _card(gap: Gap, framework: str, period: str) -> str | None:
    scored_by = gap.region if gap.own else framework
    return links.page("scorecards:card", framework=scored_by, period=period, subject=gap.subject)


def _because(gap: Gap) -> str:
    said = {TOGETHER: _("all its settings together"), BASE: _("another version of the standard")}
    return ", ".join(str(said.get(path, path)) for path in gap.because)
