"""Who belongs where on a day, kept in memory until a master changes: partners of territories and of representatives."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from threading import Lock
from typing import Any

import polars as pl

from steelyard.calc.resolve import TREE_DEPTH, Histories, Resolver
from steelyard.ledger import queries as ledger
from steelyard.ledger.scope import Scope
from steelyard.masters.queries import Queries

from .masters import MASTERS
from .meant import Meant

Grants = frozenset[tuple[str, str]]
_MOST_SCOPES = 2_000


@dataclass
class Belonging:
    """What the masters say on a day."""

    day: date
    histories: Histories
    _scopes: dict[Grants, Scope] = field(default_factory=dict)

    def scope(self, grants: Grants) -> Scope:
        """The partners that grants name, and all keys that ever meant one of them."""
        found = self._scopes.get(grants)
        if found is None:
            partners = frozenset(code for grant in grants for code in self.named_by(*grant))
            pairs = frozenset(pair for code in partners for pair in self._keys.get(code, ()))
            found = Scope(partners=partners, parties=pairs | {("", code) for code in partners})
            if len(self._scopes) >= _MOST_SCOPES:
                self._scopes.clear()
            self._scopes[grants] = found
        return found

    def named_by(self, kind: str, key: str) -> Iterator[str]:
        """The partners that one grant names; an unknown kind or key names none."""
        if kind == "partner":
            yield from {key} & self.names["partner"].keys()
        elif kind == "territory":
            for territory in self.below(key):
                yield from self._by_territory.get(territory, ())
        elif kind == "representative":
            yield from self._by_representative.get(key, ())

    def below(self, territory: str) -> set[str]:
        """A territory and everything below it."""
        found, edge = {territory}, {territory}
        for _ in range(TREE_DEPTH):
            edge = {child for code in edge for child in self._children.get(code, ())} - found
            found |= edge
        return found

    @cached_property
    def resolver(self) -> Resolver:
        """What joins with facts to say whom they mean; each of its parts is built once, for everybody."""
        return Resolver(self.histories)

    @cached_property
    def meant(self) -> Meant:
        """Whom each key means on which day."""
        return Meant(self.histories)

    @cached_property
    def over_time(self) -> pl.DataFrame:
        """Each partner's attributes, territory and representative, from when to when."""
        return self.resolver.partners()

    @cached_property
    def affiliations(self) -> pl.DataFrame:
        """Who belongs to which organisation, in which role, from when to when."""
        return Queries(MASTERS).known("affiliations")

    @cached_property
    def names(self) -> dict[str, dict[str, str]]:
        """Kind of grant -> code -> name, the latest of each."""
        frames = {
            "partner": self.histories.partners,
            "territory": self.histories.territories,
            "representative": self.histories.representatives,
        }
        return {
            kind: dict(frame.sort("code", "valid_from", nulls_last=False).select("code", "name").iter_rows())
            for kind, frame in frames.items()
        }

    @cached_property
    def _today(self) -> list[tuple[str, str | None, str | None]]:
        rows = self.over_time.filter(_holds(self.day))
        return rows.select("partner", "own_territory", "assigned").rows()

    @cached_property
    def _by_territory(self) -> dict[str, list[str]]:
        return _grouped((territory, partner) for partner, territory, _ in self._today)

    @cached_property
    def _by_representative(self) -> dict[str, list[str]]:
        return _grouped((representative, partner) for partner, _, representative in self._today)

    @cached_property
    def _children(self) -> dict[str, list[str]]:
        return _grouped(self.histories.territories.filter(_holds(self.day)).select("parent", "code").iter_rows())

    @cached_property
    def _keys(self) -> dict[str, list[tuple[str, str]]]:
        pairs = self.histories.aliases.select("partner", pl.col("source").fill_null(""), "party").unique()
        return _grouped((partner, (source, party)) for partner, source, party in pairs.iter_rows())


_kept: dict[date, tuple[tuple[int, str], Belonging]] = {}
_lock = Lock()


def on(day: date) -> Belonging:
    """What the masters say on a day as they are known now; read anew only after one of them has changed."""
    now = ledger.tip()
    kept = _kept.get(day)
    if kept is not None and kept[0] == now:
        return kept[1]
    with _lock:
        kept = _kept.get(day)
        if kept is None or not ledger.same_histories(kept[0], now):
            kept = (now, Belonging(day, histories_of()))
        for other in [other for other in _kept if other != day]:  # yesterday's
            del _kept[other]
        _kept[day] = (now, kept[1])
        return kept[1]


def histories_of(parties: Collection[str] | None = None, cut: int | None = None) -> Histories:
    """The histories that say who belongs where; with ``parties`` only what these keys can mean, which is quick."""
    reads, none = Queries(MASTERS), pl.DataFrame()
    if parties is None:
        partners, aliases = reads.known("partners", cut), reads.known("aliases", cut)
    else:
        keys = sorted(parties)
        aliases = pl.concat([reads.known("aliases", cut, party__in=part) for part in _parts(keys)])
        codes = sorted({*keys, *aliases["partner"].drop_nulls()})
        partners = pl.concat([reads.known("partners", cut, code__in=part) for part in _parts(codes)])
    others = {name: reads.known(name, cut) for name in ("territories", "representatives", "assignments")}
    return Histories(partners=partners, aliases=aliases, **others, categories=none, products=none, rates=none)


def _parts(keys: list[str], size: int = 10_000) -> list[list[str]]:
    return [keys[start : start + size] for start in range(0, len(keys), size)] or [
        [""]
    ]  # no key is blank, and a database asks for at least one


def _holds(day: date) -> pl.Expr:
    since, until = pl.col("valid_from").fill_null(date.min), pl.col("valid_to").fill_null(date.max)
    return (since <= day) & (day < until)


def _grouped(pairs: Iterable[tuple[Any, ...]]) -> dict[Any, list[Any]]:
    found: dict[Any, list[Any]] = defaultdict(list)
    for key, value in pairs:
        if key is not None:
            found[key].append(value)
    return dict(found)
