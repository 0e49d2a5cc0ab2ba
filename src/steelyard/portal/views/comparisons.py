"""What the company shared of its comparisons with the partner: its own part of a region's workbook beside the result."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from steelyard.accounts.gate import Asked, needs
from steelyard.comparisons import files, presenting, queries
from steelyard.comparisons.views.one import as_file
from steelyard.ui.listing import Column, Empty, Listing, Records

from ..whose import Whose, whose
from . import SHORT


@needs("portal.read")
def comparisons(request: Asked) -> HttpResponse:
    """All that are shared, the newest first."""
    own = whose(request)
    listing = Listing(
        request,
        name="comparisons",
        title=_("Comparisons"),
        columns=(
            Column("period", _("Period"), value=lambda row: row.part.comparison.period, link=_address, sortable=False, phone=True),
            Column("name", _("Workbook"), value=lambda row: row.part.comparison.name, sortable=False, phone=False),
            Column("figures", _("Figures"), value=_figures, sortable=False, phone=True),
            Column("shared_at", _("Shared"), "moment", template="portal/parts/day.html", phone=True),
        ),
        source=Records(queries.shares(own.scope, partner=own.code)),
        sort="-shared_at",
        empty=Empty(_("Nothing shared yet"), _("Your former figures beside the new ones appear here.")),
        per=25,
    )
    return listing.respond("portal/comparisons.html", {"own": own, **SHORT})


def _figures(row: Any) -> str:
    """Whether what was compared is still what is published."""
    return _("current") if queries.cut_since(row) is None else _("published anew since")


def _address(row: object) -> str:
    return reverse("portal:comparison", args=[row.pk])  # type: ignore[attr-defined]


@needs("portal.read")
def comparison(request: Asked, share: int) -> HttpResponse:
    """The partner's own part: its figures, the ladder of each, the lines behind it."""
    own = whose(request)
    found = queries.shared(share, own.scope, own.code)
    part = found.part
    told = presenting.part(queries.told(part, own.scope), part.comparison.summary["currency"], {own.code: own.name})
    since = queries.published_since(part)
    context = {**told, "share": found, "part": part, "comparison": part.comparison, "own": own, "since": since}
    return render(request, "portal/comparison.html", context)


@needs("portal.read")
def file(request: Asked, share: int) -> HttpResponse:
    """The same as XLSX."""
    own: Whose = whose(request)
    part = queries.shared(share, own.scope, own.code).part
    return as_file(files.book_of_part(part, queries.told(part, own.scope)), f"comparison-{part.comparison.period}", 1, part.comparison_id)
