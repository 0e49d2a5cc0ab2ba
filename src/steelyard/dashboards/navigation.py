"""The way around the staff pages: what this person may open, where they are, and how much waits there."""

from __future__ import annotations

from collections.abc import Callable, Container, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext_lazy as _

from steelyard.accounts.permissions import ROLES, may, side_of
from steelyard.company.queries import get as company_master
from steelyard.intake.queries import quarantine
from steelyard.ledger.scope import Scope
from steelyard.records import queries as records
from steelyard.reviews import queries as reviews
from steelyard.ui.unchanged import unchanged

from .links import page

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

    from steelyard.accounts.models import User

Count = Callable[["User", Scope], int]


@dataclass(frozen=True, slots=True)
class Place:
    """A page that the navigation knows: its title, its name, who may open it, its icon, how much waits there."""

    title: str | _StrPromise
    name: str
    permission: str
    icon: str
    count: Count | None = None
    exact: bool = False  # current only at its own address, not below it


@dataclass(frozen=True, slots=True)
class Item:
    """A line of the navigation."""

    title: str | _StrPromise
    url: str
    icon: str
    current: bool
    count: int


@dataclass(frozen=True, slots=True)
class Group:
    """Lines under one heading; quiet headings are for screen readers only."""

    title: str | _StrPromise
    items: tuple[Item, ...]
    quiet: bool = False


def _refused(user: User, scope: Scope) -> int:
    """Batches of which rows wait to be put right."""
    return quarantine().order_by().values("batch").distinct().count()


def _reviews(user: User, scope: Scope) -> int:
    return reviews.waiting(scope, user)


def _questions(user: User, scope: Scope) -> int:
    return records.waiting(scope)


PLACES: tuple[tuple[str | _StrPromise, bool, tuple[Place, ...]], ...] = (
    (_("Main"), True, (
        Place(_("Home"), "dashboards:home", "staff", "home", exact=True),
        Place(_("Overview"), "dashboards:overview", "scores.read", "overview"),
        Place(_("Ranking"), "dashboards:ranking", "scores.read", "ranking"),
        Place(_("Partners"), "dashboards:partners", "scores.read", "people"),
    )),
    (_("Data"), False, (
        Place(_("Orders"), "dashboards:orders", "orders.read", "table"),
        Place(_("Intake"), "intake:batches", "intake.read", "intake", _refused),
        Place(_("Matching"), "attribution:queue", "intake.read", "link"),
        Place(_("Credit"), "attribution:credit", "orders.read", "chart"),
        Place(_("Master data"), "masters:index", "masters.read", "file"),
    )),
    (_("Decide"), False, (
        Place(_("Scoring"), "scorecards:runs", "scores.read", "scale"),
        Place(_("Comparisons"), "comparisons:index", "comparisons.read", "chart"),
        Place(_("Reviews"), "reviews:reviews", "reviews.read", "check", _reviews),
        Place(_("Tasks"), "scorecards:tasks", "scores.read", "clock"),
        Place(_("Overrides"), "scorecards:overrides", "scores.read", "edit"),
        Place(_("Questions"), "records:questions", "questions.read", "question", _questions),
        Place(_("Frameworks"), "frameworks:index", "frameworks.read", "rules"),
    )),
    (_("System"), True, (
        Place(_("Administration"), "dashboards:administration", "staff", "settings"),
    )),
)  # fmt: skip


def navigation(request: HttpRequest) -> dict[str, Any]:
    """Context of every page: ``navigation``, ``company_name``, ``role_title``; looked up when a page shows them."""
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated or side_of(user) != "staff":
        return {}
    return {
        "navigation": SimpleLazyObject(lambda: list(_groups(request, user))),
        "company_name": SimpleLazyObject(_company),
        "role_title": ", ".join(ROLES[role].title for role in user.roles if role in ROLES),
    }


def places(user: User) -> Iterator[tuple[Place, str]]:
    """Every page of the navigation that this person may open, with its address."""
    for _title, _quiet, group in PLACES:
        for place in group:
            if may(user, place.permission) and (url := page(place.name)):
                yield place, url


def _groups(request: HttpRequest, user: User) -> Iterator[Group]:
    known = {place.name: url for place, url in places(user)}
    scope: Scope = request.scope  # type: ignore[attr-defined]
    counts = unchanged(("navigation", user.pk), lambda: _counts(user, scope, known))
    here = max((url for url in known.values() if _is_at(request.path, url)), key=len, default="")
    for title, quiet, group in PLACES:
        items = []
        for place in group:
            if url := known.get(place.name):
                current = url == here and (not place.exact or request.path == url)
                items.append(Item(place.title, url, place.icon, current, counts.get(place.name, 0)))
        if items:
            yield Group(title, tuple(items), quiet)


def _counts(user: User, scope: Scope, known: Container[str]) -> dict[str, int]:
    """How much waits at the places that this person may open."""
    every = [place for _title, _quiet, group in PLACES for place in group]
    return {place.name: place.count(user, scope) for place in every if place.count and place.name in known}


def _is_at(path: str, url: str) -> bool:
    return path == url or path.startswith(f"{url.rstrip('/')}/")


def _company() -> str:
    return unchanged("company name", lambda: str(company_master("settings", "company")))
