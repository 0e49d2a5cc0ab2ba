"""What list pages know of a person's saved views."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qsl, urlencode

from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import SimpleLazyObject

from steelyard.ui.unchanged import unchanged

from . import queries


def saved_views(request: HttpRequest) -> dict[str, Any]:
    """``saved_views``: this person's views of this page, each with number, name, url and whether it is what is shown;
    ``save_view_url``: where what is shown is kept under a name."""
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return {}
    asked = urlencode({"page": request.path, "query": request.GET.urlencode()})
    return {
        "saved_views": SimpleLazyObject(lambda: _tabs(request, user.username)),
        "save_view_url": f"{reverse('records:save-view')}?{asked}",
    }


def _tabs(request: HttpRequest, username: str) -> list[dict[str, Any]]:
    shown = sorted((key, value) for key, values in request.GET.lists() for value in values if key not in ("page", "format"))
    return [
        {"number": view.number, "name": view.name, "url": view.url, "current": sorted(parse_qsl(view.query)) == shown}
        for view in unchanged(("saved views", username, request.path), lambda: tuple(queries.saved_views(username, request.path)))
    ]
