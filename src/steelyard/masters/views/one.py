"""One record: what is true of it, since when that is known, who said so, and what belongs to it."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render

from steelyard.accounts.gate import Asked, needs
from steelyard.accounts.permissions import may
from steelyard.ledger import queries as ledger

from .. import telling
from ..catalogue import Catalogue
from ..titles import master_title

_LATEST = 8


@needs("masters.read")
def one(request: Asked, catalogue: Catalogue, master: str, key: str) -> HttpResponse:
    """The record as it is known now."""
    found = catalogue.one(master, key, request.scope)
    limits, hidden = catalogue.limits(master, request.scope), catalogue.hidden(master, request.scope)
    made = telling.statements(found, limits, hidden=hidden)
    told = {
        "one": found, "key": key, "title": master_title(master), "facts": telling.facts_of(catalogue, found, request.scope),
        "periods": telling.periods(found, limits, hidden) if found.master.dated else (), "history": made[:_LATEST], "statements": len(made),
        "related": telling.related(catalogue, found, request.scope), "writes": may(request.user, "masters.write"), "head": ledger.head(),
        "changes": bool(found.master.values),
    }  # fmt: skip
    return render(request, "masters/one.html", told)


@needs("masters.read")
def history(request: Asked, catalogue: Catalogue, master: str, key: str) -> HttpResponse:
    """Every statement ever made about it."""
    found = catalogue.one(master, key, request.scope)
    limits, hidden = catalogue.limits(master, request.scope), catalogue.hidden(master, request.scope)
    made = telling.statements(found, limits, hidden=hidden)
    return render(
        request, "masters/history.html", {"one": found, "key": key, "title": master_title(master), "history": made, "head": ledger.head()}
    )
