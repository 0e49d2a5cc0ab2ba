"""Mass changes: retire every segment of a kind and put its standing rows, changed, in their place; in one commit.

Earlier cuts still read the retired segments. For corrections of many rows post them; this is for changes that are not
statements of a source: rematching at the source's request, erasure, a new column filled for the past.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Literal

import polars as pl

from steelyard.calc.errors import Problem, Refused
from steelyard.calc.facts import Kind

from .. import hashing, lookup, queries, schema
from .committing import committing
from .posting import write
from .tail import seal


def rewrite(
    kind_name: str,
    change: Callable[[pl.DataFrame], pl.DataFrame],
    *,
    cause: Literal["rematched", "reassigned", "erased", "schema"],
    acting_user: Any,
    note: str = "",
) -> int | None:
    """Replace the standing rows of a kind by ``change(rows)``; the commit's number, or None if there were no rows.

    ``change`` gets and returns a frame with every stored column; it may change values and leave rows out. Keys stay what
    they are, so that a source's later statement about a row still finds it.
    """
    kind = schema.kind_named(kind_name)
    with committing(cause=cause, acting_user=acting_user, note=note) as commit:
        seal(kind_name)
        cut = commit.seq - 1
        parts = queries.parts(kind_name, cut)
        if not parts:
            return None
        standing = _standing(kind, parts)
        changed = _rehashed(kind, change(standing), standing)
        commit.retire(part.number for part in parts)
        if changed.height:
            written, seals = write(kind, changed)
            commit.add_segment(written, seals, {"new": 0, "restated": 0, "reversed": 0, "rewritten": changed.height})
        return commit.seq


def _standing(kind: Kind, parts: list[queries.Part]) -> pl.DataFrame:
    """Rows that no other row reverses."""
    return lookup.live_only(pl.concat([part.scan(list(schema.stored(kind))).collect() for part in parts]))


def _rehashed(kind: Kind, changed: pl.DataFrame, before: pl.DataFrame) -> pl.DataFrame:
    """The changed rows with new content hashes; refused if a key was changed."""
    keys = ["key_hash", "ordinal", "source", *kind.key]
    unknown = changed.join(before.select(keys), on=keys, how="anti", nulls_equal=True).height
    if unknown or changed.select("key_hash", "ordinal").is_duplicated().any():
        raise Refused(Problem("key_changed", "a mass change must leave source and key columns as they are", found=f"{unknown} rows"))
    content = hashing.row_hashes(changed, kind.schema, start=kind.name)
    cleared = pl.lit(None, dtype=pl.Int64).alias("reverses_row_id")
    return changed.with_columns(hashing.as_column("content_hash", content), cleared).select(list(schema.stored(kind)))
