"""Every published scorecard of the partner."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from steelyard.accounts.gate import Asked, needs
from steelyard.scorecards import charting
from steelyard.scorecards.words import overridden
from steelyard.ui.listing import Column, Empty, Listing, Rows

from .. import published
from ..published import Line
from ..whose import whose
from . import SHORT


@needs("portal.read")
def history(request: Asked) -> HttpResponse:
    """All periods with score, grade and change, newest first; each opens, each comes as a PDF."""
    own = whose(request)
    lines = published.scores(own)
    listing = Listing(
        request,
        name="history",
        title=_("History"),
        columns=(
            Column("period", _("Period"), link=lambda row: row["url"], sub="title"),
            Column("title", _("Framework"), shown=False),
            Column("level", _("Grade"), "grade", levels=lambda row: row["levels"], template="portal/parts/level.html", phone=True),
            Column("total", _("Score"), "points", phone=True),
            Column("change", _("Change"), "delta"),
            Column("overridden", _("Override"), shown="format" in request.GET, sortable=False),
            Column("pdf", _("PDF"), sortable=False, exported=False, template="portal/parts/pdf.html", phone=True),
        ),
        source=Rows([_row(line) for line in lines]),
        empty=Empty(_("Nothing is published yet"), _("Your first scorecard appears here on the day it is published.")),
        per=25,
    )
    card = published.newest(own)
    chart = charting.over_time(card, _("you")) if card is not None else None
    return listing.respond("portal/history.html", {"own": own, "lines": lines, "chart": chart, **SHORT})


def _row(line: Line) -> dict[str, Any]:
    score = line.score
    about = {"framework": score.framework, "period": score.period}
    return {
        "period": score.period, "title": score.title, "level": score.level, "level_title": line.title, "levels": line.levels,
        "total": score.total, "change": line.change, "no_data": score.no_data, "overridden": overridden(score.override),
        "url": reverse("portal:card", kwargs=about), "pdf": reverse("portal:pdf", kwargs=about),
    }  # fmt: skip
