"""Addresses of the masters' pages; the app that knows them all puts them into the site."""

from __future__ import annotations

from django.urls import URLPattern, path

from .catalogue import Catalogue
from .views import lists, one, writing


def addresses(catalogue: Catalogue) -> list[URLPattern]:
    """The pages of a catalogue. A key ends an address, so its verbs come first."""
    told = {"catalogue": catalogue}
    return [
        path("masters", lists.index, told, name="index"),
        path("masters/<str:master>", lists.listing, told, name="list"),
        path("masters/<str:master>/export", lists.export, told, name="export"),
        path("masters/<str:master>/add", writing.add, told, name="add"),
        path("masters/<str:master>/<path:key>/change", writing.change, told, name="change"),
        path("masters/<str:master>/<path:key>/retire", writing.retire, told, name="retire"),
        path("masters/<str:master>/<path:key>/history", one.history, told, name="history"),
        path("masters/<str:master>/<path:key>", one.one, told, name="one"),
    ]
