"""Lookups: small tables that say what a key of a fact means on a date.

A lookup *covers* time: for every key its rows lie end to end from `ALWAYS` to `FOR_EVER`, with nulls where nothing is
known. So a join with facts followed by "the date lies in the interval" finds exactly one row per fact, and two lookups
can be composed (key -> link, link -> value) before any fact is read. Intervals are half-open [valid_from, valid_to).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import polars as pl

from .timelines import timeline

ALWAYS = date(1, 1, 1)
FOR_EVER = date(9999, 12, 31)

_bounded = (pl.col("valid_from").fill_null(ALWAYS), pl.col("valid_to").fill_null(FOR_EVER))
_whole = (pl.col("valid_from") == ALWAYS) & (pl.col("valid_to") == FOR_EVER)


def cover(frame: pl.DataFrame, key: Sequence[str]) -> pl.DataFrame:
    """Fill the gaps of a frame whose intervals do not overlap within a key; values in a gap are null."""
    names = list(key)
    rows = frame.with_columns(_bounded).sort([*names, "valid_from"])
    before = rows.select(*names, valid_from=pl.col("valid_to").shift(1).over(names).fill_null(ALWAYS), valid_to="valid_from")
    after = rows.group_by(names, maintain_order=True).agg(valid_from=pl.col("valid_to").max()).with_columns(valid_to=pl.lit(FOR_EVER))
    gaps = pl.concat([before, after]).filter(pl.col("valid_from") < pl.col("valid_to"))
    return pl.concat([rows, gaps], how="diagonal").sort([*names, "valid_from"])


def compose(left: pl.DataFrame, link: str, right: pl.DataFrame) -> pl.DataFrame:
    """Replace meaning by meaning: ``left`` (covering, with column ``link``) joined with ``right`` (covering, keyed by ``link``).

    The result covers time for the keys of ``left``; the columns of ``right`` are null where the link is null or unknown.
    """
    both = left.join(right.rename({"valid_from": "since", "valid_to": "until"}), on=link, how="left")
    return (
        both.with_columns(
            valid_from=pl.max_horizontal("valid_from", pl.col("since").fill_null(ALWAYS)),
            valid_to=pl.min_horizontal("valid_to", pl.col("until").fill_null(FOR_EVER)),
        )
        .filter(pl.col("valid_from") < pl.col("valid_to"))
        .drop("since", "until")
    )


def prefer(frames: Sequence[pl.DataFrame], key: Sequence[str]) -> pl.DataFrame:
    """One covering lookup from several, the first of which wins wherever it has a row."""
    ranked = [frame.with_columns(commit_seq=pl.lit(-rank, dtype=pl.Int64)) for rank, frame in enumerate(frames)]
    return cover(timeline(pl.concat(ranked, how="diagonal"), list(key)), key)


def first_wins(frames: Sequence[pl.DataFrame], key: Sequence[str]) -> pl.DataFrame:
    """What `prefer` gives, made quickly where most keys are settled for all time by an earlier frame."""
    names, kept = list(key), list(frames[:1])
    for frame in frames[1:]:
        for_all_time = [earlier.with_columns(_bounded).filter(_whole).select(names) for earlier in kept]
        kept.append(frame.join(pl.concat(for_all_time), on=names, how="anti"))
    return prefer(kept, key)


def one_at_a_time(frame: pl.DataFrame, key: Sequence[str], value: str) -> pl.DataFrame:
    """Where several rows of a key hold at once, the one that began last counts; of those, the lowest value."""
    ordered = frame.with_columns(_bounded).sort(["valid_from", value], descending=[False, True])
    ranked = ordered.with_columns(commit_seq=pl.int_range(pl.len(), dtype=pl.Int64))
    return timeline(ranked, list(key))


def is_timeless(lookup: pl.DataFrame) -> bool:
    """Whether no key of the lookup ever changes, so that the date need not be compared."""
    return lookup.filter((pl.col("valid_from") > ALWAYS) | (pl.col("valid_to") < FOR_EVER)).is_empty()
