"""Mappings that are remembered: how the files of each source are read, version by version, as text."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from steelyard.accounts.gate import Asked, needs
from steelyard.accounts.permissions import may
from steelyard.calc.errors import Missing, Problem, Refused
from steelyard.ui.listing import Column, Empty, Filter, Listing, Records

from .. import actions, queries
from ..forms import MappingText
from ..mappings import read_mapping
from ..titles import kind_choices, kind_title


def address(one: Any) -> str:
    """The page of the mapping that a version belongs to."""
    return reverse("intake:mapping", kwargs={"kind": one.kind, "source": one.source})


@needs("intake.read")
def mappings(request: Asked) -> HttpResponse:
    """Every mapping in its newest version."""
    listing = Listing(
        request,
        name="mappings",
        title=_("Mappings"),
        columns=(
            Column("source", _("Source"), link=address, phone=True),
            Column("kind", _("Kind"), value=lambda one: kind_title(one.kind), phone=True),
            Column("number", _("Version"), "count", phone=True),
            Column("created_at", _("Since"), "moment"),
            Column("actor", _("By")),
        ),
        source=Records(queries.newest_mappings()),
        filters=(
            Filter("kind", _("Kind"), kind_choices(queries.kinds_received())),
            Filter("source", _("Source"), [(source, source) for source in queries.every_source()]),
        ),
        search=("source", "kind"),
        sort="source",
        empty=Empty(
            _("No mapping is remembered yet"), _("The first file of a source is read by its headers, and how it was read is remembered.")
        ),
    )  # fmt: skip
    return listing.respond("intake/mappings.html", {})


@needs("intake.read", post="intake.write")
def mapping(request: Asked, kind: str, source: str) -> HttpResponse:
    """One mapping with its versions; changed as text, it is a new version."""
    versions = queries.versions_of(kind, source)
    if not versions:
        raise Missing
    newest = versions[0]
    asked = request.GET.get("version", "")
    shown = next((one for one in versions if str(one.number) == asked), newest)
    form = MappingText(request.POST or None, initial={"text": shown.text, "seen": newest.number})
    problems: list[Problem] = []
    status = 200
    if request.method == "POST":
        if form.is_valid():
            if form.cleaned_data["seen"] != newest.number:
                told, problems = read_mapping(form.cleaned_data["text"])
                if told is not None and queries.same_mapping(replace(told, source=source), newest):  # pressed twice
                    return redirect(address(newest))
                hint = _("yours is below; look at theirs, and save again if yours is to stand")
                found = _("version %(number)s") % {"number": newest.number}
                message = _("%(who)s changed this mapping meanwhile") % {"who": newest.actor}
                problems = [Problem("changed-meanwhile", message, "", found, hint)]
                form = MappingText({"text": form.cleaned_data["text"], "seen": newest.number})
                status = 409
            else:
                try:
                    saved = actions.rewrite_mapping(kind=kind, source=source, text=form.cleaned_data["text"], acting_user=request.user)
                except Refused as refused:
                    problems, status = list(refused.problems), 422
                else:
                    said = _("Version %(number)s reads the files of this source from now on.") % {"number": saved.number}
                    messages.success(request, said)
                    return redirect(address(saved))
        else:
            status = 422
    page = {
        "kind": kind, "kind_title": kind_title(kind), "source": source, "versions": versions, "shown": shown, "newest": newest,
        "form": form, "problems": problems, "writes": may(request.user, "intake.write"),
    }  # fmt: skip
    return render(request, "intake/mapping.html", page, status=status)
