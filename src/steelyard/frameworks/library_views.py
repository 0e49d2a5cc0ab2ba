"""Pages of the library of KPIs: the list, one KPI with its formula, facts, vectors and the text to copy."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from steelyard.accounts.gate import Asked, needs
from steelyard.calc.errors import Missing, Refused
from steelyard.ledger.queries import kinds_held
from steelyard.ui.listing import Column, Filter, Listing, Rows

from . import library, reading
from .library import LibraryKpi


@needs("frameworks.read")
def index(request: Asked) -> HttpResponse:
    """All KPIs of the library, with what each of them needs."""
    held = kinds_held()
    every = library.kpis(reading.readers_language())
    columns = (
        Column("title", _("KPI"), link=_url_of, sub="code"),
        Column("number", _("No."), "count"),
        Column("code", _("Code"), shown=False),
        Column("category", _("Category"), value=lambda row: str(row.category_title)),
        Column("unit", _("Unit")),
        Column("facts", _("Facts needed"), value=lambda row: ", ".join(row.facts)),
        Column("usable", _("Usable"), "yes_no", value=lambda row: not row.lacking(held)),
        Column("sentence", _("What it says"), shown=False),
    )
    listing = Listing(
        request, name="kpis", title=_("KPIs"), columns=columns, source=Rows(every),
        filters=(
            Filter("category", _("Category"), [(str(title), title) for _key, title, _last in library.CATEGORIES]),
            Filter("usable", _("Usable"), [("yes", _("Their facts are here")), ("no", _("Facts are missing"))]),
        ),
        search=("code", "title", "sentence", "facts"), sort="number",
    )  # fmt: skip
    usable = sum(not one.lacking(held) for one in every)
    return listing.respond("frameworks/kpis.html", {"kpis": len(every), "usable": usable})


@needs("frameworks.read")
def one(request: Asked, library_kpi: str) -> HttpResponse:
    """One KPI of the library."""
    try:
        found = library.kpi(library_kpi, reading.readers_language())
    except Refused:
        raise Missing from None
    return render(request, "frameworks/kpi.html", {"kpi": found, "lacking": found.lacking(kinds_held())})


def _url_of(row: LibraryKpi) -> str:
    return reverse("frameworks:kpi", args=(row.code,))
