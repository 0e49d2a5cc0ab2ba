"""The way around the portal: tabs of the phone's foot and of the desk's head, and what stands in the menu of one's name."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from steelyard.accounts.permissions import may, side_of
from steelyard.calc.errors import Missing
from steelyard.company.queries import get as company_master
from steelyard.records import queries as records

from .whose import Whose, whose

if TYPE_CHECKING:
    from steelyard.accounts.models import User

TABS = (
    (gettext_noop("Home"), "home", "home"),
    (gettext_noop("Scorecard"), "scorecard", "scale"),
    (gettext_noop("Orders"), "orders", "orders"),
    (gettext_noop("Questions"), "questions", "questions"),
    (gettext_noop("Documents"), "documents", "documents"),
)
MENU = (
    (gettext_noop("History"), "history", "history", "portal.read"),
    (gettext_noop("People"), "people", "people", "portal.people"),
)


def navigation(request: HttpRequest) -> dict[str, Any]:
    """Context of every page that a partner's people open: ``navigation``, ``own_places``, ``portal_whose``, ``company_name``."""
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated or side_of(user) != "partner" or not may(user, "portal.read"):
        return {}
    return {
        "navigation": SimpleLazyObject(lambda: [{"items": _tabs(request)}]),
        "own_places": SimpleLazyObject(lambda: _menu(request, user)),
        "portal_whose": SimpleLazyObject(lambda: _whose(request)),
        "company_name": SimpleLazyObject(lambda: str(company_master("settings", "company"))),
    }


def _whose(request: HttpRequest) -> Whose | None:
    try:
        return whose(request)  # type: ignore[arg-type]  # behind the gate by now
    except Missing:
        return None


def _tabs(request: HttpRequest) -> list[dict[str, Any]]:
    found = [_place(request, title, name, icon) for title, name, icon in TABS]
    answered = records.for_partner(request.scope) if not request.scope.everything else 0  # type: ignore[attr-defined]
    return [item | {"count": answered if item["name"] == "questions" else 0} for item in found]


def _menu(request: HttpRequest, user: User) -> list[dict[str, Any]]:
    return [_place(request, title, name, icon) for title, name, icon, permission in MENU if may(user, permission)]


def _place(request: HttpRequest, title: str, name: str, icon: str) -> dict[str, Any]:
    url = reverse(f"portal:{name}")
    here = request.path == url or (name != "home" and request.path.startswith(f"{url}/"))
    return {"title": _(title), "name": name, "url": url, "icon": icon, "current": here}
