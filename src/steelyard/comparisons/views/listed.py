"""The list of comparisons."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from steelyard.accounts.gate import Asked, needs
from steelyard.accounts.permissions import may
from steelyard.frameworks.queries import versions
from steelyard.ui.listing import Column, Empty, Filter, Listing, Records

from .. import queries, words


@needs("comparisons.read")
def comparisons(request: Asked) -> HttpResponse:
    """Every comparison in sight, the newest first."""
    titles = {version.code: version.title or version.code for version in versions()}
    may_write = may(request.user, "comparisons.write")

    def told(row: Any) -> str:
        return outcome(row, queries.is_own_file(row, request.scope, request.user.username))

    listing = Listing(
        request,
        name="comparisons",
        title=_("Comparisons"),
        columns=(
            Column("name", _("Workbook"), link=lambda row: reverse("comparisons:comparison", args=[row.pk]), phone=True),
            Column("period", _("Period"), phone=False),
            Column("framework", _("Framework"), value=lambda row: titles.get(row.framework, row.framework), phone=False),
            Column("outcome", _("Outcome"), value=told, sortable=False, template="comparisons/parts/outcome.html", phone=True),
            Column("created_by_name", _("By"), phone=False),
            Column("created_at", _("Compared"), "moment", phone=False),
        ),
        source=Records(queries.comparisons(request.scope)),
        filters=(Filter("framework", _("Framework"), sorted(titles.items())),),
        search=("name", "period"),
        sort="-created_at",
        empty=Empty(
            _("Nothing compared yet"), _("Hold a region's own workbook beside a scored period."),
            reverse("comparisons:new") if may_write else "", _("Compare a workbook"),
        ),
    )  # fmt: skip
    return listing.respond("comparisons/list.html", {"may_write": may_write})


def outcome(row: Any, own_file: bool) -> str:
    """How many partners are equal, in words; and whether something of the workbook was not compared, for who may know."""
    text = _("%(equal)s of %(every)s equal") % {"equal": row.seen_equal, "every": row.seen_parts}
    if own_file and words.not_compared(row.summary):
        return _("%(outcome)s, not all compared") % {"outcome": text}
    return _("equal") if row.seen_equal == row.seen_parts else text
