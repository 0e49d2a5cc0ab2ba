"""Which rows a step of a change is about: what a cause brought, took away or made count otherwise, reading by reading.

The rows behind a reading are listed on the two grounds that the step lies between, as a figure is opened; what is the same on
both is left out. So the last column adds up to what the step did to the reading.
"""

from __future__ import annotations

from itertools import pairwise

import polars as pl

from steelyard.calc import causes
from steelyard.calc.errors import Missing
from steelyard.calc.lists.listing import row_kind
from steelyard.calc.measures.listing import listed_as
from steelyard.calc.points import Reading
from steelyard.ledger.scope import Scope

from .cards import Card
from .kept import Kept
from .tracing import State, Trace, grounds_of, trace

CAUSES = (causes.RESTATEMENT, causes.ATTRIBUTION, causes.MASTERS, causes.FX, causes.TARGET, causes.DATA)  # those of which rows tell
ADDED = ("before", "after", "moved")

_moved: Kept[pl.DataFrame] = Kept(32)


def of_card(card: Card, cause: str, reading: Reading, *, scope: Scope) -> pl.DataFrame:
    """The rows of a reading that a cause moved since the period before; `Missing` without one, or of another cause.

    Columns of a listing (``row_id``, origin, the kind's own, ``value``, ``counted``, ``reason``), then ``before`` and ``after``
    (what it added; null: not listed) and ``moved``. A reader who does not see everything sees rows that one of the two results
    lists: between them a row may have been taken for this subject's that never counted for it.
    """
    if card.before is None or cause not in CAUSES or reading.measure not in card.framework.measures:
        raise Missing
    before, after = card.before.run, card.run
    key = (before.run_id, after.run_id, card.subject, cause, reading, scope.everything)
    return _moved.get(key, lambda: rows(trace(before, after, card.subject), cause, reading, everything=scope.everything))


def rows(found: Trace, cause: str, reading: Reading, *, everything: bool = True) -> pl.DataFrame:
    """The same of a trace."""
    listed = _Listed(found, reading)
    parts = [listed.between(old.state, new.state) for old, new in pairwise(found.chain) if new.state.cause == cause]
    table = listed.together([part for part in parts if part is not None])
    return table if everything or table.is_empty() else table.join(listed.seen(), on=listed.identity, how="semi", nulls_equal=True)


class _Listed:
    """One reading listed on the grounds of a trace. Rows are told apart by their number, where numbers tell them apart."""

    def __init__(self, found: Trace, reading: Reading) -> None:
        self.found, self.reading = found, reading
        self.grounds = grounds_of(found.before, found.after, found.subject)
        self.framework = self.grounds.old.framework
        if reading.measure not in self.framework.measures:
            raise Missing
        self.measure = self.framework.measures[reading.measure]
        self.kind = row_kind(self.framework, self.measure)
        own = [listed_as(self.kind, name) for name in self.kind.by_name]
        by_content = bool(self.measure.list) or self.grounds.is_rewritten(self.kind.name)
        self.identity = ["source", "source_row", *own, "#same"] if by_content else ["row_id"]

    def on(self, state: State) -> pl.DataFrame | None:
        """The rows on the ground of a state; what is the same in every respect is numbered."""
        ground = state.targets if self.measure.fact == "targets" else state.data
        frame = self.grounds.listed(ground, self.reading)
        if frame is None or self.identity == ["row_id"]:
            return frame
        names = self.identity[:-1]
        return frame.with_columns(pl.int_range(pl.len()).over(pl.struct(names)).alias("#same"))

    def between(self, old: State, new: State) -> pl.DataFrame | None:
        """The rows that are not the same on two grounds."""
        sides = [(one.targets if self.measure.fact == "targets" else one.data).key for one in (old, new)]
        if sides[0] == sides[1]:
            return None
        before, after = self.on(old), self.on(new)
        before, after = (other.clear() if one is None and other is not None else one for one, other in ((before, after), (after, before)))
        if before is None or after is None:
            return None
        told = pl.concat([after, before], how="diagonal_relaxed").unique(self.identity, keep="first", maintain_order=True)
        for name, frame in (("before", before), ("after", after)):
            side = frame.select(*self.identity, pl.col("contribution").alias(name), pl.col("counted").alias(f"#{name}"))
            told = told.join(side, on=self.identity, how="left", nulls_equal=True, maintain_order="left")
        differs = pl.col("before").ne_missing(pl.col("after")) | pl.col("#before").ne_missing(pl.col("#after"))
        return told.filter(differs).drop("contribution", "#before", "#after")

    def together(self, parts: list[pl.DataFrame]) -> pl.DataFrame:
        """What one cause did in all its steps, in the order of days; a row that moved twice is told once."""
        if not parts:
            return pl.DataFrame(schema=dict.fromkeys(("row_id", *ADDED), pl.Int64()))
        adds = [pl.col("before").first(), pl.col("after").last()]
        others = [name for name in parts[0].columns if name not in (*self.identity, "before", "after")]
        table = pl.concat(parts, how="diagonal_relaxed").group_by(self.identity, maintain_order=True).agg(pl.col(others).last(), *adds)
        numeric = table["after"].dtype.is_numeric() and table["before"].dtype.is_numeric()
        moved = pl.col("after").fill_null(0) - pl.col("before").fill_null(0) if numeric else pl.lit(None, dtype=pl.Int64)
        order = [listed_as(self.kind, name) for name in (self.kind.date, *self.kind.key) if name]
        return table.with_columns(moved=moved).sort([*order, pl.col("after").is_not_null(), "row_id"], nulls_last=True)  # what was, first

    def seen(self) -> pl.DataFrame:
        """The rows that the first or the last result lists."""
        ends = [self.on(self.found.chain[place].state) for place in (0, -1)]
        known = [frame.select(self.identity) for frame in ends if frame is not None]
        return pl.concat(known) if known else pl.DataFrame(schema=dict.fromkeys(self.identity, pl.String()))
