"""One search over what a person may open: pages, partners, territories, frameworks; an order's number leads to its orders."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import polars as pl
from django.utils.translation import gettext as _

from steelyard.accounts.permissions import may
from steelyard.frameworks.queries import versions
from steelyard.ledger.scope import Scope
from steelyard.scorecards import directory

from . import links
from .choices import areas
from .countries import country_name
from .navigation import places

if TYPE_CHECKING:
    from steelyard.accounts.models import User

MOST = 8  # hits of one kind
LONGEST = 100  # characters that are looked for
_NUMBER = re.compile(r"(?=.*\d)[\w./#-]{4,}")  # what a document's number may look like


@dataclass(frozen=True, slots=True)
class Hit:
    """Something found."""

    title: str
    detail: str
    url: str
    key: str = ""  # the code by which programs ask on


@dataclass(frozen=True, slots=True)
class Hits:
    """What was found of one kind, by its name and as people call it."""

    name: str
    kind: str
    hits: tuple[Hit, ...]


def search(text: str, *, user: User, scope: Scope) -> list[Hits]:
    """What has the text in its name or code, kinds in the order in which people look for them."""
    wanted = "".join(sign for sign in text if sign.isprintable())[:LONGEST].strip()
    if not wanted:
        return []
    kinds: list[tuple[str, str, Iterator[Hit]]] = [("pages", _("Pages"), _pages(wanted, user))]
    if may(user, "scores.read"):
        partners, territories = _partners(wanted, scope), _territories(wanted, scope)
        kinds = [("partners", _("Partners"), partners), ("territories", _("Territories"), territories), *kinds]
    if may(user, "frameworks.read"):
        kinds.append(("frameworks", _("Frameworks"), _frameworks(wanted)))
    if may(user, "orders.read"):
        kinds.append(("orders", _("Orders"), _orders(wanted)))
    return [Hits(name, kind, found) for name, kind, hits in kinds if (found := tuple(hits)[:MOST])]


def _partners(wanted: str, scope: Scope) -> Iterator[Hit]:
    for row in directory.search(wanted, scope=scope, limit=MOST).iter_rows(named=True):
        where = ", ".join(part for part in (row["city"], country_name(row["country"])) if part)
        if url := links.partner(row["code"]) or links.with_query(links.page("dashboards:partners"), q=row["code"]):
            yield Hit(row["name"], f"{row['code']} · {where}" if where else row["code"], url, row["code"])


def _territories(wanted: str, scope: Scope) -> Iterator[Hit]:
    """Territories that hold partners the scope sees."""
    seen = directory.directory(scope=scope).filter(pl.col("territory").is_not_null())
    for area, area_name, below in areas(seen):
        for code, name in ((area, area_name), *below):
            if code and _has(wanted, code, name) and (url := links.ranking(territory=code)):
                yield Hit(name, code, url, code)


def _frameworks(wanted: str) -> Iterator[Hit]:
    for version in {version.code: version for version in versions()}.values():
        url = links.page("frameworks:version", framework=version.code, version=version.version)
        if url and _has(wanted, version.code, version.title):
            yield Hit(version.title or version.code, f"{version.code} v{version.version}", url, version.code)


def _pages(wanted: str, user: User) -> Iterator[Hit]:
    for place, url in places(user):
        if _has(wanted, str(place.title)):
            yield Hit(str(place.title), "", url)


def _orders(wanted: str) -> Iterator[Hit]:
    """Not looked for here, among millions: the list of orders does, as far as the reader's scope sees."""
    address = links.page("dashboards:orders")
    if address and _NUMBER.fullmatch(wanted) and (url := links.with_query(address, q=wanted)):
        yield Hit(_("Orders with the number %(number)s") % {"number": wanted}, "", url, wanted)


def _has(wanted: str, *texts: str) -> bool:
    return any(wanted.casefold() in text.casefold() for text in texts)
