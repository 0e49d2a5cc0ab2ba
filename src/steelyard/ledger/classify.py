"""What each line of a posting is, beside what the ledger holds: new, duplicate, restated, conflict or outdated.

The same function serves the preview and the commit. It writes nothing.

* same key, same content: **duplicate** (nothing happens)
* same key, other content: **restated** (a reversal of the old row, and the new row)
* same key, other content, but an older ``source_version``: **outdated** (nothing happens)
* same key twice in one posting with different content: **conflict** (none of them is posted)

Bytes that come again (`Repeats`) post only lines that waited: a line accepted then is a duplicate whatever stands now, and
so, or outdated, is a waiting line whose key was posted since.

Lines of a document without a line number have no complete key: they are told apart by an ordinal. Lines equal to live
ones are matched first, whatever their order; what remains is paired in order, as restatements; what still remains is new.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

import numpy as np
import polars as pl

from steelyard.calc.facts import Kind

from . import hashing, lookup, models, queries, schema

NEW, DUPLICATE, RESTATED, CONFLICT, OUTDATED = "new", "duplicate", "restated", "conflict", "outdated"


@dataclass(frozen=True, slots=True)
class Replaces:
    """The scope of a file that is the whole truth: live rows of its source in these days (and of these parties, if
    given) that the file does not hold are reversed, unless lines of it conflict. Both days belong to it."""

    first_day: date
    last_day: date
    parties: frozenset[str] | None = None


@dataclass(frozen=True, slots=True)
class Repeats:
    """The posting was made before, and known as a whole at the cut ``since``; only the lines marked in ``waiting`` (in
    the order given) were not accepted then, and those that the undoing of batches ``taken_back`` since reversed. What
    stands since is newer than the posting, and is left alone."""

    since: int
    waiting: pl.Series
    taken_back: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Classified:
    """Lines with ``status``, ``ordinal``, ``key_hash``, ``content_hash`` and ``old_row_id`` (the live row with that
    key), in the order given; ``gone`` holds the numbers of live rows that the posting no longer contains."""

    kind: Kind
    source: str
    cut: int
    lines: pl.DataFrame
    gone: pl.Series

    def count(self, status: str) -> int:
        """How many lines have this status."""
        return int((self.lines["status"] == status).sum())

    def of(self, *statuses: str) -> pl.DataFrame:
        """The lines with one of these statuses."""
        return self.lines.filter(pl.col("status").is_in(list(statuses)))


def classify(
    kind_name: str, lines: pl.DataFrame, *, source: str, cut: int | None = None, replaces: Replaces | None = None,
    repeats: Repeats | None = None, find: Callable[[Kind, pl.Series, int], pl.DataFrame] = lookup.by_key,
) -> Classified:  # fmt: skip
    """Classify the lines of one posting against the live rows at a cut (default: the head), which ``find`` finds by key hash."""
    kind = schema.kind_named(kind_name)
    at = queries.head() if cut is None else cut
    lines = hashed(kind, schema.conformed(kind, lines), source)
    lines = _within(kind, lines)
    if repeats is not None:
        lines = lines.with_columns(_waiting(kind, lines, repeats, at).alias("waiting"))
    live = _same_key(kind, lines, source, at, find)
    lines = _against(lines, live) if live.height else lines.with_columns(pl.lit(None, dtype=pl.Int64).alias("old_row_id"))
    lines = lines.with_columns(pl.col("status").fill_null(NEW)).drop("lineless", "position")
    whole = replaces is not None and not (lines["status"] == CONFLICT).any()  # what is missing may be what a conflicting line meant
    gone = _gone(kind, lines, source, at, replaces) if replaces and whole else pl.Series("row_id", [], dtype=pl.Int64)
    if repeats is not None:
        newer = _posted_since(kind, pl.concat([lines.get_column("old_row_id").drop_nulls(), gone.alias("old_row_id")]), repeats.since, at)
        lines, gone = _repeated(lines, newer), gone.filter(~gone.is_in(newer.implode()))
    return Classified(kind, source, at, lines, gone)


def _waiting(kind: Kind, lines: pl.DataFrame, repeats: Repeats, cut: int) -> pl.Series:
    """Which lines of a posting that was made before are still to be posted."""
    if not repeats.taken_back:
        return repeats.waiting
    return repeats.waiting | lines.get_column("key_hash").is_in(lookup.keys_taken_back(kind, repeats.taken_back, cut).implode())


def hashed(kind: Kind, lines: pl.DataFrame, source: str) -> pl.DataFrame:
    """The lines with ``key_hash``, ``content_hash`` and helper columns ``position`` and ``lineless``."""
    key, content = hashing.many_row_hashes(lines, [(kind.key, f"{kind.name}\0{source}"), (kind.schema, kind.name)])
    lineless = pl.col("line").is_null() if schema.counts_lines(kind) else pl.lit(False)
    return lines.with_columns(
        hashing.as_column("key_hash", key),
        hashing.as_column("content_hash", content),
        lineless.alias("lineless"),
        pl.int_range(pl.len(), dtype=pl.UInt32).alias("position"),
        pl.lit(0, dtype=pl.Int32).alias("ordinal"),
        pl.lit(None, dtype=pl.String).alias("status"),
    )


def _within(kind: Kind, lines: pl.DataFrame) -> pl.DataFrame:
    """Repetitions inside the posting: equal lines after the first are duplicates, unequal ones conflicts.

    Lineless lines get their occurrence among equal lines as a first ordinal, to be matched against live rows.
    """
    if not hashing.has_repeats(lines.get_column("key_hash").to_numpy().view(np.uint64)):
        return lines
    repeated = lines.filter(pl.col("key_hash").is_duplicated())
    full = repeated.filter(~pl.col("lineless"))
    key = list(kind.key)
    found = full.select(
        "position",
        pl.when(pl.col("content_hash").n_unique().over(key) > 1)
        .then(pl.lit(CONFLICT))
        .when(pl.col("position") > pl.col("position").min().over(key))
        .then(pl.lit(DUPLICATE))
        .alias("status"),
    )
    return lines.drop("status").join(found, on="position", how="left", maintain_order="left")


def _same_key(kind: Kind, lines: pl.DataFrame, source: str, cut: int, find: Callable[[Kind, pl.Series, int], pl.DataFrame]) -> pl.DataFrame:
    """Live rows with the key of a line: found by hash, then compared by the real key."""
    live = find(kind, lines.get_column("key_hash"), cut)
    if not live.height:
        return live
    key = list(kind.key)
    real = lookup.by_row_id(kind, live.get_column("row_id"), cut, ["row_id", "source", "source_version", *key])
    wanted = lines.select("key_hash", *key).unique("key_hash", keep="first")
    joined = live.join(real, on="row_id").join(wanted, on="key_hash", suffix="_wanted")
    same = pl.all_horizontal(pl.col("source") == source, *(pl.col(name).eq_missing(pl.col(f"{name}_wanted")) for name in key))
    return joined.filter(same).select(
        "key_hash",
        pl.col("row_id").alias("old_row_id"),
        pl.col("ordinal").alias("old_ordinal"),
        pl.col("content_hash").alias("old_content"),
        pl.col("source_version").alias("old_version"),
    )


def _against(lines: pl.DataFrame, live: pl.DataFrame) -> pl.DataFrame:
    """Give each line the live row it meets, and its status."""
    numbered = lines.filter(~pl.col("lineless")).join(live, on="key_hash", how="left", maintain_order="left")
    lineless = _pair(lines.filter(pl.col("lineless")), live)
    met = pl.concat([numbered, lineless.select(numbered.columns)]).sort("position")
    stale = pl.col("source_version") < pl.col("old_version")
    status = (
        pl.when(pl.col("status").is_not_null())
        .then(pl.col("status"))
        .when(pl.col("old_row_id").is_null())
        .then(pl.lit(NEW))
        .when(pl.col("old_content") == pl.col("content_hash"))
        .then(pl.lit(DUPLICATE))
        .when(stale)
        .then(pl.lit(OUTDATED))
        .otherwise(pl.lit(RESTATED))
    )
    ordinal = pl.coalesce("old_ordinal", "ordinal")
    return met.with_columns(status.alias("status"), ordinal.alias("ordinal")).drop("old_ordinal", "old_content", "old_version")


def _pair(lines: pl.DataFrame, live: pl.DataFrame) -> pl.DataFrame:
    """Lineless lines against live rows: equal content first, then the rest in order, then new ordinals."""
    if not lines.height:
        return lines.join(live, on="key_hash", how="left")
    pair = ["key_hash", "content_hash", "occurrence"]
    occurrence = pl.int_range(pl.len()).over("key_hash", "content_hash").alias("occurrence")
    ours = lines.sort("position").with_columns(occurrence)
    theirs = live.sort("old_ordinal").with_columns(pl.col("old_content").alias("content_hash")).with_columns(occurrence)
    equal = ours.join(theirs, on=pair, how="inner")
    rest = ours.join(equal.select("position"), on="position", how="anti").sort(
        *(["waiting"] if "waiting" in ours.columns else []), "content_hash", "position"
    )
    left = theirs.filter(~pl.col("old_row_id").is_in(equal["old_row_id"].implode())).drop("content_hash", "occurrence")
    rank = pl.int_range(pl.len()).over("key_hash").alias("rank")
    paired = rest.with_columns(rank).join(left.with_columns(rank), on=["key_hash", "rank"], how="left")
    highest = live.group_by("key_hash").agg(pl.col("old_ordinal").max().alias("highest"))
    fresh = paired.filter(pl.col("old_row_id").is_null()).join(highest, on="key_hash", how="left")
    fresh = fresh.with_columns(
        (pl.col("highest").fill_null(-1) + 1 + pl.int_range(pl.len()).over("key_hash")).cast(pl.Int32).alias("ordinal")
    )
    columns = [*lines.columns, "old_row_id", "old_ordinal", "old_content", "old_version"]
    settled = paired.filter(pl.col("old_row_id").is_not_null())
    return pl.concat([frame.select(columns) for frame in (equal, settled, fresh)])


def _repeated(lines: pl.DataFrame, newer: pl.Series) -> pl.DataFrame:
    """Lines of a posting that was made before: what was accepted then, or is told by a newer row, is not posted again."""
    overtaken = pl.col("old_row_id").is_in(newer.implode()) & (pl.col("status") != DUPLICATE)
    status = pl.when(~pl.col("waiting")).then(pl.lit(DUPLICATE)).when(overtaken).then(pl.lit(OUTDATED)).otherwise(pl.col("status"))
    return lines.with_columns(status.alias("status")).drop("waiting")


def _posted_since(kind: Kind, row_ids: pl.Series, since: int, cut: int) -> pl.Series:
    """Of these rows, those that a later commit posted; one that an undo brought back was posted when it first stood."""
    rows = lookup.by_row_id(kind, row_ids, cut, ["row_id", "batch", schema.COMMIT_SEQ]).filter(pl.col(schema.COMMIT_SEQ) > since)
    if not rows.height:
        return rows.get_column("row_id")
    batches = rows.get_column("batch").unique().to_list()
    earlier = set(models.Commit.objects.filter(seq__lte=since, batch__in=batches, batch__gt=0).values_list("batch", flat=True))
    return rows.filter(~pl.col("batch").is_in(sorted(earlier))).get_column("row_id")


def _gone(kind: Kind, lines: pl.DataFrame, source: str, cut: int, replaces: Replaces) -> pl.Series:
    """Live rows inside the replaced scope whose key (and ordinal) is not among the lines."""
    party = schema.party_column(kind)
    assert kind.date is not None
    inside = (pl.col("source") == source) & pl.col(kind.date).is_between(replaces.first_day, replaces.last_day)
    if replaces.parties is not None:
        inside &= pl.col(party).is_in(sorted(replaces.parties))
    columns = list(dict.fromkeys([*lookup.LIVE_COLUMNS, "source", kind.date, party]))
    frames = [part.scan(columns).filter(inside).select(lookup.LIVE_COLUMNS).collect() for part in queries.parts(kind.name, cut)]
    if not frames:
        return pl.Series("row_id", [], dtype=pl.Int64)
    live = lookup.live_only(pl.concat(frames))
    return live.join(lines, on=["key_hash", "ordinal"], how="anti").get_column("row_id")
