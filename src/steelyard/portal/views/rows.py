"""The partner's own rows: orders and what it reported, and one of them opened."""

from __future__ import annotations

from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from steelyard.accounts.gate import Asked, needs
from steelyard.calc.facts import FACTS
from steelyard.partners import row_columns
from steelyard.partners.rows import FactRows
from steelyard.ui.listing import Empty, Filter, Listing

from .. import own_rows, titles
from ..whose import whose

NOT_FILTERED = ("source", "batch")


@needs("portal.read")
def rows(request: Asked) -> HttpResponse:
    """The live rows of one kind, the newest first, with search, filters and files of all of them."""
    own = whose(request)
    kind = FACTS[request.GET.get("kind", "")] if request.GET.get("kind") in own_rows.BROWSED else FACTS["orders"]
    without = own_rows.hidden(kind.name)

    def link(row: dict[str, object]) -> str:
        return reverse("portal:row", kwargs={"kind": kind.name, "row": row["row_id"]})

    listing = Listing(
        request,
        name=kind.name,
        title=titles.kind(kind.name),
        columns=tuple(column for column in row_columns.columns(kind, link) if column.name not in without),
        source=FactRows(kind, scope=own.scope),
        filters=(
            Filter("kind", _("What"), [(one.name, titles.kind(one.name)) for one in own_rows.browsed()], applies=False, default="orders"),
            *(one for one in row_columns.filters(kind, []) if (one.column or one.name) not in (*without, *NOT_FILTERED)),
        ),
        search=tuple(name for name in row_columns.search_in(kind) if name not in without),
        dense=True,
        empty=Empty(_("Nothing here yet"), _("What is known of you here appears as soon as it is brought in.")),
    )
    return titles.titled(listing).respond("portal/rows.html", {"own": own, "kind_title": titles.kind(kind.name)})


@needs("portal.read")
def row(request: Asked, kind: str, row: int) -> HttpResponse:
    """One row: what it says, and which published figures it counts in."""
    own = whose(request)
    found = own_rows.own_row(own, kind, row)
    places = [(one, _figure(one)) for one in found.counts_in]
    newest = next((one for one in found.counts_in if one.counted), found.counts_in[0] if found.counts_in else None)
    ask = ""
    if newest is not None:
        ask = f"{reverse('portal:ask')}?framework={newest.framework}&period={newest.period}&kpi={newest.kpi}&kind={kind}&row={row}"
    context = {"own": own, "found": found, "title": titles.kind(kind), "said": titles.said(found), "places": places, "ask": ask}
    return render(request, "portal/row.html", context)


def _figure(one: own_rows.CountsIn) -> str:
    """Where a figure is opened at the reading that lists the row."""
    address = reverse("portal:kpi", kwargs={"framework": one.framework, "period": one.period, "kpi": one.kpi})
    return f"{address}?{urlencode({'reading': one.reading})}"
