"""Every read of partners, affiliations, aliases, territories, representatives, assignments and authorities; and all that scoring needs."""

from __future__ import annotations

import polars as pl

from steelyard.calc.resolve import Histories
from steelyard.company.queries import rates
from steelyard.masters.queries import Queries

from .attributes import declared
from .decided import ALIASES, alias_history, called, codes, decided_among, decided_by, decided_by_method, decided_keys, keys_of, newest_said
from .masters import EVERY, MASTERS
from .naming import all_called, known_parties, names, names_changed, remembered

_reads = Queries(MASTERS)
listing, get, exists, history_of, known, export = _reads.listing, _reads.get, _reads.exists, _reads.history_of, _reads.known, _reads.export

_READ_BY_SCORING = {
    "partners": ("code", "name", "type", "parent", "country", "region", "territory", "status", "city"),
    "aliases": ("source", "party", "partner", "method"),
    "territories": ("code", "name", "parent"),
    "representatives": ("code", "name", "manager"),
    "assignments": ("representative", "territory", "partner"),
    "categories": ("code", "name", "parent"),
    "products": ("code", "name", "category", "unit", "strategic", "must_stock", "status"),
    "units": ("product", "unit", "factor"),
    "authorities": ("kind", "partner", "source"),
}


def histories(cut: int | None = None, *, rate_source: str | None = None) -> Histories:
    """What scoring reads from all masters at a cut (None: now): intervals without overlaps, null for blank.

    Rates are of one source, if it is named, or of all.
    """
    every = Queries(EVERY)
    frames = {name: every.known(name, cut).select(*columns, "valid_from", "valid_to") for name, columns in _READ_BY_SCORING.items()}
    return Histories(**frames, rates=rates(cut, rate_source))


def attribute_values(cut: int | None = None) -> pl.DataFrame:
    """What `calc.attributes.joined` reads at a cut (None: now)."""
    return known("attribute_values", cut)


__all__ = [
    "ALIASES", "alias_history", "all_called", "attribute_values", "called", "codes", "decided_among", "decided_by", "decided_by_method",
    "decided_keys",
    "declared", "exists", "export", "get", "histories", "history_of", "keys_of", "known", "known_parties", "listing", "names",
    "names_changed", "newest_said", "remembered",
]  # fmt: skip
