"""Facts as a reader may see them: each row resolved to its partner on its own date, and only the reader's partners left."""

from __future__ import annotations

from collections.abc import Collection, Sequence

import polars as pl
from django.utils import timezone

from steelyard.calc.errors import Missing
from steelyard.calc.facts import FACTS, Kind
from steelyard.calc.lookups import FOR_EVER
from steelyard.calc.resolve import Resolver
from steelyard.ledger.queries import facts, head
from steelyard.ledger.scope import Scope

from . import belonging
from .meant import OTHER, sources_of

_WHOSE = frozenset({"party", "representative", "territory", "category", "rated_by", "person"})


def visible_facts(kind_name: str, *, cut: int | None = None, scope: Scope, columns: Sequence[str] | None = None) -> pl.LazyFrame:
    """The facts of a kind that mean a partner of the scope on their own date, at a cut (default: the head).

    This is `ledger.queries.facts` without the rows whose key meant somebody else: at their source, or on their day.
    """
    if kind_name not in FACTS:
        raise Missing
    kind = FACTS[kind_name]
    if scope.everything:
        return facts(kind_name, cut=cut, scope=scope, columns=columns)
    needed = [*columns, "source", "party", kind.date] if columns is not None else None
    seen = facts(kind_name, cut=cut, scope=scope, columns=None if needed is None else list(dict.fromkeys(filter(None, needed))))
    wanted = list(columns) if columns is not None else seen.collect_schema().names()
    own = resolved(seen, kind, _resolver(scope, cut), only=scope.partners)
    return own.select(wanted)


def row_name(kind_name: str, row: int, *, scope: Scope) -> str | None:
    """What tells a row from the others of its kind, as `AP21005443 / 20`; None if it is not there or not to be seen.

    Keys of people and of whose row it is are left out: not everybody who may see the row reads them.
    """
    if kind_name not in FACTS:
        return None
    key = [name for name in FACTS[kind_name].key if name not in _WHOSE]
    found = visible_facts(kind_name, scope=scope, columns=["row_id", *key]).filter(pl.col("row_id") == row).head(1).collect()
    if found.is_empty():
        return None
    said = found.row(0, named=True)
    return " / ".join(str(said[name]) for name in key if said[name] not in (None, "")) or str(row)


def _resolver(scope: Scope, cut: int | None) -> Resolver:
    """Whom the keys of a scope mean at a cut."""
    if cut is None or cut == head():
        return known_now()
    return Resolver(belonging.histories_of({party for _, party in scope.parties}, cut))


def known_now() -> Resolver:
    """Whom keys mean as the masters are known now: kept until one of them changes."""
    return belonging.on(timezone.localdate()).resolver


def resolved(frame: pl.LazyFrame, kind: Kind, resolver: Resolver, *, only: Collection[str] | None = None) -> pl.LazyFrame:
    """The rows with the column ``partner``: whom their key means on their own date, as scoring resolves it.

    ``only`` keeps the rows of these partners alone.
    """
    sources = sources_of(resolver.histories)
    lookup = resolver.parties([*sources, OTHER]).select("source", "party", "partner", "valid_from", "valid_to")
    if only is not None:
        lookup = lookup.filter(pl.col("partner").is_in(sorted(only)))
    by = pl.when(pl.col("source").is_in(sources)).then(pl.col("source")).otherwise(pl.lit(OTHER)).alias("#source")
    spans = lookup.lazy().rename({"source": "#source", "valid_from": "#since", "valid_to": "#until"})
    joined = frame.with_columns(by).join(spans, on=["#source", "party"], how="left" if only is None else "inner")
    if kind.date is not None:
        day = pl.col(kind.date).fill_null(FOR_EVER)  # without a date a key means what it came to mean in the end
        joined = joined.filter(
            pl.col("#since").is_null() | ((day >= pl.col("#since")) & ((day < pl.col("#until")) | (pl.col("#until") == FOR_EVER)))
        )
    return joined.drop("#source", "#since", "#until")
