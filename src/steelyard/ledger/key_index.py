"""Which segments hold a key: the sorted key hashes of each segment, kept in the process that settles single facts.

A segment never changes, so its index is true for ever; it is made when first asked for, eight bytes a row. Whoever looks up many keys
at once reads the segments themselves instead (`lookup`).
"""

from __future__ import annotations

from collections import OrderedDict
from threading import Lock

import numpy as np
import polars as pl

from steelyard.calc.facts import Kind

from . import lookup, queries, schema
from .hashing import Hashes
from .segments import root

MOST = 50_000_000  # keys kept in all: 400 MB
_kept: OrderedDict[tuple[str, str], Hashes] = OrderedDict()
_lock = Lock()


def by_key(kind: Kind, key_hashes: pl.Series, cut: int) -> pl.DataFrame:
    """Live rows whose key hash is among these, at a cut: as `lookup.by_key`, reading only segments that hold one."""
    wanted = np.unique(key_hashes.to_numpy().view(np.uint64))
    parts = [part for part in queries.parts(kind.name, cut) if part.segment is None or _holds(part, wanted)]
    hit = pl.col("key_hash").is_in(key_hashes.unique().implode())
    frames = [part.scan(lookup.LIVE_COLUMNS).filter(hit).collect() for part in parts]
    if not frames:
        return pl.DataFrame(schema={name: schema.readable(kind)[name] for name in lookup.LIVE_COLUMNS})
    return lookup.live_only(pl.concat(frames))


def _holds(part: queries.Part, wanted: Hashes) -> bool:
    keys = _keys(part)
    places = np.searchsorted(keys, wanted)
    inside = places < len(keys)
    return bool((keys[places[inside]] == wanted[inside]).any())


def _keys(part: queries.Part) -> Hashes:
    """All key hashes of a segment, sorted. Two who ask at once may both make it: it is the same."""
    assert part.segment is not None
    name = (str(root() / part.path), part.segment.sha256)
    with _lock:
        if name in _kept:
            _kept.move_to_end(name)
            return _kept[name]
    keys = np.sort(pl.read_parquet(root() / part.path, columns=["key_hash"])["key_hash"].to_numpy().view(np.uint64))
    with _lock:
        _kept[name] = keys
        while sum(len(one) for one in _kept.values()) > MOST and len(_kept) > 1:
            _kept.popitem(last=False)
    return keys
