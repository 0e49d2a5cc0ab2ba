"""Tables that change while a row is valid: a measure of what is valid at the window's end reads them at that day.

A row is cut at the days on which a table that the measure reads gets new values, so that on each piece every table says one
thing. Any day lies in one piece at most: sums, keys and reversals stay what they are.
"""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise

import narwhals as nw
import polars as pl

from ..formula import nodes
from ..formula.nodes import Call
from ..framework.formulas import walk
from ..framework.model import Framework
from .looking_up import Rows
from .plan import Scan

DAY = "#table day"  # the day at which a piece of a row reads tables


def version_days(framework: Framework, scan: Scan) -> list[date]:
    """The days on which a table changes that the scan's measures read without saying at which day; none for rows with a date."""
    if scan.date is not None:
        return []
    trees: list[nodes.Node] = [rule.formula.tree for measure in scan.measures for rule in measure.where]
    trees += [measure.value.tree for measure in scan.measures if measure.value is not None]
    calls = [part for tree in trees for part in walk(tree) if isinstance(part, Call) and part.function in framework.tables]
    read = {part.function for part in calls if len(part.arguments) == len(framework.tables[part.function].by)}
    return sorted({row.since for name in read for row in framework.tables[name].rows if row.since})


def cut_by_version(frame: Rows, framework: Framework, scan: Scan) -> Rows:
    """The rows in pieces, each with the days for which it holds and ``DAY``."""
    days = version_days(framework, scan)
    if not days:
        return frame
    first, last = scan.kind.valid_from or "date", scan.kind.valid_to or "valid_to"
    begins = [date.min, *days]
    ends = [until - timedelta(days=1) for _, until in pairwise(begins)] + [date.max]
    pieces = pl.DataFrame({DAY: begins, "#until": ends}, schema={DAY: pl.Date, "#until": pl.Date})
    joined = frame.join(nw.from_native(pieces.lazy()), how="cross")
    open_ended = nw.col(last).is_null()
    inside = (nw.col(first) <= nw.col("#until")) & (open_ended | (nw.col(last) >= nw.col(DAY)))
    until = nw.when(open_ended | (nw.col(last) > nw.col("#until"))).then(nw.col("#until")).otherwise(nw.col(last))
    for_ever = open_ended & (nw.col("#until") == nw.lit(date.max))
    return joined.filter(inside).with_columns(
        nw.max_horizontal(nw.col(first), nw.col(DAY)).alias(first), nw.when(~for_ever).then(until).alias(last)
    ).drop("#until")  # fmt: skip
