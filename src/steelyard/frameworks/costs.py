"""Counting what lists would keep, in the company's ledger: sizes from the segments' listing, keys from a part of their rows."""

from __future__ import annotations

import polars as pl

from steelyard.calc.facts import FACTS
from steelyard.calc.framework.model import Framework
from steelyard.calc.lists.cost import MONTH, Asked, Cost, asked_of
from steelyard.ledger import queries, schema

MOST = 2_000_000  # rows looked at of a kind; segments are sorted by partner, so whole partners are seen


def estimates(framework: Framework) -> list[Cost]:
    """For each list that reads rows about how many lines it would keep; nothing of facts that the ledger has none of."""
    found = []
    listed: dict[str, list[queries.Part]] = {}
    for asked in asked_of(framework):
        parts = listed.setdefault(asked.fact, queries.parts(asked.fact))
        held = sum(part.rows for part in parts)
        if held:
            lines, rows = _counted(asked, parts)
            found.append(Cost(asked.list, asked.fact, lines * held // max(rows, 1), held))
    return found


def _counted(asked: Asked, parts: list[queries.Part]) -> tuple[int, int]:
    """Live keys and rows among the first rows of the largest parts."""
    kind = FACTS[asked.fact]
    party = schema.party_column(kind)
    columns = [name if name != MONTH or kind.date is None else kind.date for name in asked.key]
    wanted = list(dict.fromkeys([party, *columns, "sign"]))
    frames, left = [], MOST
    for part in sorted(parts, key=lambda part: -part.rows):
        if left > 0:
            frames.append(part.scan(wanted).head(left))
            left -= part.rows
    keys = [pl.col(kind.date).dt.truncate("1mo").alias(MONTH) if name == MONTH and kind.date else pl.col(name) for name in asked.key]
    frame = pl.concat(frames).select(pl.col(party).alias("#party"), *keys, "sign")
    live = frame.group_by("#party", *asked.key).agg(pl.col("sign").sum(), pl.len()).select((pl.col("sign") > 0).sum(), pl.col("len").sum())
    lines, rows = live.collect().row(0)
    return lines, rows
