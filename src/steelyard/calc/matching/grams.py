"""Names as vectors: which groups of two to four characters they have, the rare ones weighing more."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

LENGTHS = (2, 3, 4)
_LETTERS = 38  # nothing, space, A to Z, 0 to 9
_CODES = np.zeros(256, dtype=np.int64)
_CODES[ord(" ")] = 1
_CODES[[ord(letter) for letter in "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"]] = np.arange(2, _LETTERS)
_ALWAYS_TOLD = 200  # a group that so few partners bear always counts
_COMMON = 25  # one that more than every 25th bears does not
WIDTH = sum(_LETTERS**length for length in LENGTHS)


def counted(names: Sequence[str]) -> Any:
    """A sparse matrix: a row for each name in normal form, a column for each group of characters that there can be."""
    from scipy import sparse

    rows, columns = _grams(names)
    found = sparse.coo_matrix((np.ones(len(rows), dtype=np.float32), (rows, columns)), shape=(len(names), WIDTH)).tocsr()
    found.sum_duplicates()
    return found


def _grams(names: Sequence[str]) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    """Row and column of every group of characters of every name, spaces before and after counted."""
    text = "".join(f" {name} \n" for name in names)
    codes = _CODES[np.frombuffer(text.encode("ascii", "replace"), dtype=np.uint8)]
    lengths = np.fromiter((len(name) + 3 for name in names), dtype=np.int64, count=len(names))
    owner = np.repeat(np.arange(len(names), dtype=np.int32), lengths)
    rows, columns, before = [], [], 0
    for length in LENGTHS:
        if len(codes) < length:
            continue
        places = len(codes) - length + 1
        gram = np.zeros(places, dtype=np.int64)
        whole = np.ones(places, dtype=bool)
        for offset in range(length):
            part = codes[offset : offset + places]
            gram = gram * _LETTERS + part
            whole &= part > 0
        rows.append(owner[:places][whole])
        columns.append((gram[whole] + before).astype(np.int32))
        before += _LETTERS**length
    return np.concatenate(rows), np.concatenate(columns)


@dataclass(frozen=True)
class Weights:
    """How rare each group of characters is among the partners; groups that no partner has weigh nothing."""

    rarity: NDArray[np.float32]

    @classmethod
    def of(cls, counts: Any) -> Weights:
        """Inverse document frequencies, smoothed by one; what very many bear tells nobody apart and costs most of the time."""
        bearers = np.bincount(counts.indices, minlength=WIDTH)
        told = (bearers > 0) & (bearers <= max(_ALWAYS_TOLD, counts.shape[0] // _COMMON))
        rarity = np.where(told, np.log((1 + counts.shape[0]) / (1 + bearers)) + 1, 0)
        return cls(rarity.astype(np.float32))

    def vectors(self, counts: Any) -> Any:
        """Vectors of length one, so that their product is the cosine."""
        weighed = counts.copy()
        weighed.data = (1 + np.log(weighed.data)) * self.rarity[weighed.indices]
        weighed.eliminate_zeros()
        lengths = np.sqrt(np.asarray(weighed.multiply(weighed).sum(axis=1)).ravel())
        scale = np.where(lengths > 0, 1 / np.maximum(lengths, np.finfo(np.float32).tiny), 0).astype(np.float32)
        weighed.data = weighed.data * np.repeat(scale, np.diff(weighed.indptr))
        return weighed
