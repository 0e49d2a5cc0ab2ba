"""Every partner as it is now, with its territory and who looks after it today: for lists and for searching."""

from __future__ import annotations

from datetime import date

import polars as pl
from django.utils import timezone

from steelyard.calc.resolve import Resolver
from steelyard.ledger.queries import tip
from steelyard.ledger.scope import Scope
from steelyard.partners.queries import listing

from .kept import Kept
from .placing import on, people_and_places, within

_kept: Kept[pl.DataFrame] = Kept(2)
_PARTNER = ("code", "name", "type", "country", "region", "city", "status", "territory")


def directory(*, scope: Scope) -> pl.DataFrame:
    """The partners the scope sees: their values, names of territory and area, within, representative and its name."""
    today = timezone.localdate()
    whole = _kept.get((tip(), today), lambda: _made(today))
    return whole if scope.everything else whole.filter(pl.col("code").is_in(list(scope.partners)))


def territories() -> pl.DataFrame:
    """code, name, parent of every territory: no secret of any partner's."""
    return listing("territories").select("code", "name", "parent")


def search(text: str, *, scope: Scope, limit: int = 8) -> pl.DataFrame:
    """Partners whose code, name or city has the text; those that begin with it first."""
    wanted = text.strip().lower()
    lower = {name: pl.col(name).fill_null("").str.to_lowercase() for name in ("code", "name", "city")}
    found = [each.str.contains(wanted, literal=True) for each in lower.values()]
    begins = lower["code"].str.starts_with(wanted) | lower["name"].str.starts_with(wanted)
    return directory(scope=scope).filter(pl.any_horizontal(found)).sort([~begins, "name", "code"]).head(limit)


def _made(today: date) -> pl.DataFrame:
    masters = people_and_places()
    partners = listing("partners").select(_PARTNER)
    partners = partners.with_columns(pl.when(pl.col(name) != "").then(pl.col(name)).alias(name) for name in _PARTNER[2:])
    assigned = on(today, Resolver(masters).partners()).select(code="partner", representative="assigned")
    places = listing("territories").select("code", "name", parent=pl.when(pl.col("parent") != "").then(pl.col("parent")))
    people = listing("representatives").select(representative="code", representative_name="name")
    names = places.select(territory="code", territory_name="name", area="parent")
    areas = places.select(area="code", area_name="name")
    for other, key in (
        (assigned, "code"),
        (names, "territory"),
        (areas, "area"),
        (within(places), "territory"),
        (people, "representative"),
    ):
        partners = partners.join(other, on=key, how="left", maintain_order="left")
    return partners
