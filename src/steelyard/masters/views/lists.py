"""The index of the masters, the list of one, and its file at any cut."""

from __future__ import annotations

from django.contrib.humanize.templatetags.humanize import intcomma
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from steelyard.accounts.gate import Asked, needs
from steelyard.accounts.permissions import may
from steelyard.calc.errors import Problem, Refused
from steelyard.ledger import queries as ledger
from steelyard.ui import spreadsheets
from steelyard.ui.listing import Empty, Listing, Records
from steelyard.ui.listing.exports import answer

from ..catalogue import Catalogue
from ..columns import columns_of, filters_of
from ..seen import only
from ..titles import MEANINGS, master_title


@needs("masters.read")
def index(request: Asked, catalogue: Catalogue) -> HttpResponse:
    """All masters, with how many records each has."""
    found = [
        {
            "name": name, "title": master_title(name), "meaning": MEANINGS.get(name, ""),
            "count": catalogue.queries.records(name, catalogue.limits(name, request.scope)).count(),
        }
        for name in catalogue.masters
    ]  # fmt: skip
    writes = may(request.user, "masters.write")
    return render(request, "masters/index.html", {"masters": found, "head": ledger.head(), "writes": writes})


@needs("masters.read")
def listing(request: Asked, catalogue: Catalogue, master: str) -> HttpResponse:
    """The records of one master."""
    declared = catalogue.master(master)
    limits = tuple(catalogue.limits(master, request.scope))
    hidden, writes = catalogue.hidden(master, request.scope), may(request.user, "masters.write")
    texts = [column.name for column in declared.columns if column.type == "text" and column.name not in hidden]
    empty = Empty(
        _("Nothing here yet"), MEANINGS.get(master, ""),
        reverse("masters:add", args=(master,)) if writes else "", _("Add the first") if writes else "",
    )  # fmt: skip
    found = Listing(
        request, name=master, title=master_title(master), columns=columns_of(declared, hidden),
        source=Records(catalogue.queries.records(master, limits), {"valid_to": "valid_to"}),
        filters=filters_of(catalogue, declared, limits, hidden), search=texts,
        sort="name" if "name" in declared.values else declared.key[0], empty=empty,
        alike=(limits, hidden),
    )  # fmt: skip
    told = {
        "master": declared, "title": master_title(master), "meaning": MEANINGS.get(master, ""), "writes": writes,
        "count": intcomma(found.count), "head": ledger.head(), "forms": spreadsheets.FORMS, "imports": may(request.user, "intake.write"),
    }  # fmt: skip
    return found.respond("masters/list.html", told)


@needs("masters.read")
def export(request: Asked, catalogue: Catalogue, master: str) -> HttpResponse:
    """The master as a file, as it was known at a cut (`?cut=`; default: now); importing it again changes nothing."""
    declared = catalogue.master(master)
    cut = _cut(request.GET.get("cut", ""))
    form = request.GET.get("format") or "csv"
    frame = only(catalogue.queries.export(master, cut), catalogue.limits(master, request.scope)).drop(
        catalogue.hidden(master, request.scope)
    )
    table = spreadsheets.Table(str(master_title(master)), frame, {column.name: column.type for column in declared.columns})
    return answer(f"{master}-{ledger.head() if cut is None else cut}", table, form)


def _cut(text: str) -> int | None:
    if not text:
        return None
    head = ledger.head()
    if not (text.isascii() and text.isdigit() and len(text) < 18 and int(text) <= head):
        hint = _("write a number from 0 to %(head)s") % {"head": head}
        raise Refused(Problem("bad-cut", _("there is no such cut"), "cut", text[:40], hint))
    return int(text)
