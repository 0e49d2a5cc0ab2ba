"""Finding live rows: by key hash, by row number, by batch. Reads only the columns it needs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import polars as pl

from steelyard.calc.facts import Kind

from . import queries, schema

LIVE_COLUMNS = ["row_id", "sign", "reverses_row_id", "key_hash", "ordinal", "content_hash"]


def live_only(rows: pl.DataFrame) -> pl.DataFrame:
    """Of rows and their reversals, those that stand: positive and not reversed by another row."""
    gone = rows.get_column("reverses_row_id").drop_nulls()
    return rows.filter((pl.col("sign") > 0) & ~pl.col("row_id").is_in(gone.implode()))


def by_key(kind: Kind, key_hashes: pl.Series, cut: int) -> pl.DataFrame:
    """Live rows whose key hash is among these, at a cut."""
    wanted = key_hashes.unique()
    hit = pl.col("key_hash").is_in(wanted.implode())
    frames = [part.scan(LIVE_COLUMNS).filter(hit).collect() for part in queries.parts(kind.name, cut)]
    if not frames:
        return pl.DataFrame(schema={name: schema.readable(kind)[name] for name in LIVE_COLUMNS})
    return live_only(pl.concat(frames))


def by_columns(kind: Kind, source: str, wanted: Sequence[Mapping[str, Any]], cut: int) -> pl.DataFrame:
    """Live rows of a source with the first column of the kind's key among these; with all columns of the key."""
    first, key = kind.key[0], list(kind.key)
    columns = list(dict.fromkeys([*LIVE_COLUMNS, "source", *key]))
    values = pl.Series(first, [row[first] for row in wanted]).unique().cast(kind.schema[first])
    hit = (pl.col("source") == source) & pl.col(first).is_in(values.implode())
    frames = [part.scan(columns).filter(hit).collect() for part in queries.parts(kind.name, cut)]
    if not frames:
        return pl.DataFrame(schema={name: schema.readable(kind)[name] for name in columns})
    return live_only(pl.concat(frames))


def keys_taken_back(kind: Kind, batches: Sequence[int], cut: int) -> pl.Series:
    """Key hashes of the rows that the undoing of these batches reversed."""
    from . import models

    undone = list(models.Commit.objects.filter(cause="undone", batch__in=batches, seq__lte=cut).values_list("seq", flat=True))
    gone = (pl.col("sign") < 0) & pl.col(schema.COMMIT_SEQ).is_in(undone)
    parts = [part for part in queries.parts(kind.name, cut) if undone and part.last_seq >= min(undone)]
    frames = [part.scan(["key_hash", "sign", schema.COMMIT_SEQ]).filter(gone).select("key_hash").collect() for part in parts]
    return pl.concat([pl.Series("key_hash", [], dtype=schema.readable(kind)["key_hash"]), *(one.to_series() for one in frames)])


def touched_since(kind: Kind, key_hashes: pl.Series, since: int, cut: int) -> bool:
    """Whether commits after ``since`` up to ``cut`` added rows with any of these keys, or retired a segment."""
    from . import models

    if models.Segment.objects.filter(kind=kind.name, retired_seq__gt=since, retired_seq__lte=cut).exists():
        return True
    wanted = key_hashes.unique()
    for part in queries.parts(kind.name, cut):
        if part.last_seq <= since:
            continue
        newer = part.scan(["key_hash", schema.COMMIT_SEQ]).filter(pl.col(schema.COMMIT_SEQ) > since)
        if newer.filter(pl.col("key_hash").is_in(wanted.implode())).limit(1).collect().height:
            return True
    return False


def by_row_id(kind: Kind, row_ids: pl.Series, cut: int, columns: Sequence[str]) -> pl.DataFrame:
    """The rows with these numbers, with these columns."""
    numbers = set((row_ids // 2**32).unique().to_list())
    hit = pl.col("row_id").is_in(row_ids.implode())
    frames = [
        part.scan(columns).filter(hit).collect()
        for part in queries.parts(kind.name, cut)
        if part.carries_seq or part.number in numbers  # a fresh segment holds the row numbers made from its own
    ]
    return pl.concat(frames) if frames else pl.DataFrame(schema={name: schema.readable(kind)[name] for name in columns})
