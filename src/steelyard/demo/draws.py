"""Random whole numbers that are the same on every machine and for every library version.

The generator is SplitMix64 written out in integer arithmetic, counted rather than chained: draw number *i* of a stream
depends on the seed, the stream's name and *i* only. Nothing here is a float, so nothing can round differently elsewhere.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

Whole = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]

_STEP = np.uint64(0x9E3779B97F4A7C15)
_MIX_1 = np.uint64(0xBF58476D1CE4E5B9)
_MIX_2 = np.uint64(0x94D049BB133111EB)


class Draws:
    """One named stream of draws. Streams of different names are independent, so parts can be generated alone."""

    def __init__(self, seed: int, *name: object) -> None:
        text = "/".join([str(seed), *map(str, name)])
        self._start = np.uint64(int.from_bytes(hashlib.blake2b(text.encode(), digest_size=8).digest(), "little"))
        self._taken = 0

    def _raw(self, size: int) -> npt.NDArray[np.uint64]:
        state = np.arange(self._taken + 1, self._taken + size + 1, dtype=np.uint64)
        self._taken += size
        state *= _STEP
        state += self._start
        state ^= state >> np.uint64(30)
        state *= _MIX_1
        state ^= state >> np.uint64(27)
        state *= _MIX_2
        state ^= state >> np.uint64(31)
        return state

    def below(self, limit: int | Whole, size: int) -> Whole:
        """``size`` numbers from 0 to ``limit`` - 1 (limit under 2^32; an array gives each draw its own limit)."""
        raw = self._raw(size) >> np.uint64(32)
        limits = np.asarray(limit).astype(np.uint64)
        return ((raw * limits) >> np.uint64(32)).astype(np.int64)

    def between(self, low: int, high: int, size: int) -> Whole:
        """``size`` numbers from ``low`` to ``high``, both included."""
        return low + self.below(high - low + 1, size)

    def chance(self, per_mille: int | Whole, size: int) -> Flags:
        """True for about so many in a thousand."""
        return self.below(1000, size) < per_mille

    def weighted(self, weights: Sequence[int] | Whole, size: int) -> Whole:
        """Positions in ``weights``, each as likely as its weight."""
        edges = np.cumsum(np.asarray(weights, dtype=np.int64))
        return np.searchsorted(edges, self.below(int(edges[-1]), size), side="right").astype(np.int64)

    def shuffled(self, count: int) -> Whole:
        """The numbers 0 to ``count`` - 1 in a drawn order."""
        return np.argsort(self._raw(count), kind="stable").astype(np.int64)
