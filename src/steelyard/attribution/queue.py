"""The queue as its page shows it: forty names around the one that is looked at, what comes before and after, what waits in all."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from . import names, waiting
from .names import Name
from .waiting import KEY

PAGE = 40  # names shown beside the one


@dataclass(frozen=True)
class Shown:
    """A page of the queue. ``chosen`` is the one that is looked at; ``place`` counts from 1 in the order asked for."""

    names: list[Name]
    chosen: Name | None
    place: int
    count: int  # names that wait and hold the words
    rows: int  # of all of them
    before: Name | None
    after: Name | None
    page: int
    pages: int


def look(source: str = "", party: str = "", *, by: str = "value", words: str = "", page: int = 0) -> Shown:
    """The page with the name asked for, else the page asked for with its first name."""
    frame = waiting.ordered(by, words)
    place = place_of(frame, source, party)
    if place is None:
        place = min(max(page - 1, 0) * PAGE, max(frame.height - 1, 0))
    start = place // PAGE * PAGE
    near = names.some(frame[max(place - 1, 0) : place + 2])
    chosen = names.some(frame[place : place + 1])
    return Shown(
        names.some(frame[start : start + PAGE]), chosen[0] if chosen else None, place + 1, frame.height, int(frame["rows"].sum()),
        near[0] if place and near else None, near[-1] if place + 1 < frame.height else None,
        start // PAGE + 1, -(-max(frame.height, 1) // PAGE),
    )  # fmt: skip


def place_of(frame: pl.DataFrame, source: str, party: str) -> int | None:
    """Where a key stands in the order, counted from 0."""
    if not party:
        return None
    found = frame.select(*KEY).with_row_index("place").filter((pl.col("source") == source) & (pl.col("party") == party))
    return int(found["place"][0]) if found.height else None


def following(source: str, party: str, *, by: str = "value", words: str = "") -> Name | None:
    """The name after this one, or the one before it at the end: where to go on when this one is settled."""
    shown = look(source, party, by=by, words=words)
    if shown.chosen is None or (shown.chosen.source, shown.chosen.party) != (source, party):
        return shown.chosen
    return shown.after or shown.before
