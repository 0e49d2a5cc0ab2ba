"""The partners nearest to a name: ten by their groups of characters, of which the closest three are looked at."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .grams import Weights, counted
from .names import Spoken, spoken
from .words import Rarity

NEAREST = 10
LOOKED_AT = 3
_COSINE = 0.2  # less alike is no candidate
_AT_ONCE = 20_000  # names, which bounds the memory


@dataclass(frozen=True)
class Partner:
    """One partner as names are compared with it."""

    code: str
    name: str
    city: str = ""
    country: str = ""
    personal: bool = False  # known to be a person


@dataclass(frozen=True)
class Near:
    """For each name the rows of its nearest partners (-1: none) and their cosines, nearest first."""

    partner: NDArray[np.int32]
    cosine: NDArray[np.float32]


@dataclass(frozen=True)
class Index:
    """All partners, ready to be compared with names; made once for a state of the masters."""

    partners: tuple[Partner, ...]

    @cached_property
    def names(self) -> tuple[Spoken, ...]:
        """Their names in normal form; a partner known to be a person stays one whatever the name is like."""
        found = (spoken(partner.name) for partner in self.partners)
        return tuple(replace(name, personal=True) if own.personal else name for own, name in zip(self.partners, found, strict=True))

    def same(self, said: Spoken) -> int:
        """The row of the one partner whose normal form this is (-1: none or several, or their legal forms are not one)."""
        row = self._by_core.get(said.core, -1) if said.by_machine else -1
        if row < 0 or not self.names[row].by_machine:
            return -1
        own = self.names[row].form
        return row if not said.form or not own or said.form == own else -1

    @cached_property
    def _by_core(self) -> dict[str, int]:
        found: dict[str, int] = {}
        for row, name in enumerate(self.names):
            found[name.core] = -1 if name.core in found else row
        return found

    @cached_property
    def cities(self) -> tuple[frozenset[str], ...]:
        """The words of each partner's town in normal form."""
        known = {city: frozenset(spoken(city).full.split()) for city in {partner.city for partner in self.partners}}
        return tuple(known[partner.city] for partner in self.partners)

    @cached_property
    def rarity(self) -> Rarity:
        """How much each word tells among these partners."""
        return Rarity.of([name.core for name in self.names], (" ".join(words) for words in set(self.cities)))

    @cached_property
    def _weights_and_vectors(self) -> tuple[Weights, Any]:
        counts = counted([name.core for name in self.names])
        weights = Weights.of(counts)
        return weights, weights.vectors(counts).T.tocsr()

    def nearest(self, names: Sequence[Spoken]) -> Near:
        """The nearest partners of each name by the cosine of their groups of characters."""
        from sparse_dot_topn import sp_matmul_topn

        partner = np.full((len(names), NEAREST), -1, dtype=np.int32)
        cosine = np.zeros((len(names), NEAREST), dtype=np.float32)
        if not self.partners:
            return Near(partner, cosine)
        weights, known = self._weights_and_vectors
        for start in range(0, len(names), _AT_ONCE):
            part = names[start : start + _AT_ONCE]
            asked = weights.vectors(counted([name.core for name in part]))
            found = sp_matmul_topn(asked, known, top_n=NEAREST, threshold=_COSINE, sort=True, n_threads=2)
            many = np.diff(found.indptr)
            rows = np.repeat(np.arange(len(part)), many) + start
            places = np.arange(len(found.indices)) - np.repeat(found.indptr[:-1], many)
            partner[rows, places] = found.indices
            cosine[rows, places] = found.data
        return Near(partner, cosine)
