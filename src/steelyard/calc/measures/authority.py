"""Where several sources tell of the same sales, which of them counts: declared by kind, partner and day, resolved when read."""

from __future__ import annotations

import narwhals as nw

from ..facts import Kind
from ..resolve import Resolver
from .looking_up import Rows, look_up

NOT_AUTHORITATIVE = "another source is authoritative"


def has_authority(kind: Kind, resolver: Resolver) -> bool:
    """Whether one source was declared to count for some facts of a kind."""
    return "party" in kind.by_name and resolver.authorities(kind.name) is not None


def with_authority(frame: Rows, kind: Kind, resolver: Resolver) -> Rows:
    """``#told``: whether the row's source counts for its partner on its date; only where one source was declared to."""
    declared = resolver.authorities(kind.name) if has_authority(kind, resolver) else None
    if declared is None:
        return frame
    named, every = (lookup.rename({"authority": name}) for lookup, name in zip(declared, ("#of partner", "#of all"), strict=True))
    frame = look_up(frame, named, ["partner"], ["#of partner"], kind.date)
    frame = look_up(frame.with_columns(nw.lit(1, nw.Int8()).alias("#all")), every, ["#all"], ["#of all"], kind.date)
    authority = nw.coalesce(nw.col("#of partner"), nw.col("#of all"), nw.lit(""))
    told = (authority == nw.lit("")) | (authority == nw.col("source"))
    return frame.with_columns(told.alias("#told")).drop("#of partner", "#of all", "#all")
