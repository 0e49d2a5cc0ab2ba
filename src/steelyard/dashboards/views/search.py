"""Searching everything at once."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render

from steelyard.accounts.gate import Asked, needs

from ..search import search as find


@needs("staff")
def search(request: Asked) -> HttpResponse:
    """What was found, as a page; asked by htmx, the list alone."""
    text = request.GET.get("q", "")
    found = find(text, user=request.user, scope=request.scope)
    template = "dashboards/hits.html" if request.headers.get("HX-Request") else "dashboards/search.html"
    return render(request, template, {"q": text, "found": found, "count": sum(len(group.hits) for group in found)})
