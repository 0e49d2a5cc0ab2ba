"""Who moves and why, how levels are spread over time, and who is at risk by the rule that the page states."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import polars as pl

from steelyard.calc import change
from steelyard.calc.change import Step, Waterfall
from steelyard.frameworks.queries import framework as framework_of

from . import files, limits
from .choosing import Chosen
from .kept import Kept
from .models import Run
from .standings import Standings, compared, overlays

_reasons: Kept[Step | None] = Kept(5_000)

FELL_TWICE, LOWEST, LOST_SCORE = "fell twice", "lowest level", "no score any more"


@dataclass(frozen=True, slots=True)
class Movers:
    """The rows that moved most, best and worst first, and how many moved in all."""

    up: list[dict[str, Any]]
    down: list[dict[str, Any]]
    all_up: int
    all_down: int


def movers(standings: Standings, count: int = 4) -> Movers:
    """Whose score rose and fell most since the period before."""
    up = standings.frame.filter(pl.col("change") > 0).sort(["change", "subject"], descending=[True, False])
    down = standings.frame.filter(pl.col("change") < 0).sort(["change", "subject"])
    return Movers(up.head(count).to_dicts(), down.head(count).to_dicts(), up.height, down.height)


def because(chosen: Chosen, subjects: Sequence[str]) -> dict[str, Step]:
    """For each subject the item that moved its score most in the direction it went. Computed once for two runs."""
    if chosen.before is None or not subjects:
        return {}
    alone = overlays(chosen.framework, [chosen.before, chosen.run])
    before, after = dict(alone[chosen.before.pk]), dict(alone[chosen.run.pk])
    found = {}
    for subject in subjects:
        old, new = before.get(subject, chosen.before), after.get(subject, chosen.run)
        step = _reasons.get((old.run_id, new.run_id, subject), lambda old=old, new=new, subject=subject: _because(old, new, subject))  # type: ignore[misc]
        if step is not None:
            found[subject] = step
    return found


def _because(before: Run, after: Run, subject: str) -> Step | None:
    old, new = (_items(run, subject) for run in (before, after))
    return largest(change.chain([("", old), ("", new)]))


def largest(waterfall: Waterfall) -> Step | None:
    """The item that moved the total most in the direction it went, its steps added up."""
    up = waterfall.end > waterfall.start
    titles = {step.node: step.title for step in waterfall.steps}
    amounts = {node: amount for node, amount in waterfall.by_node().items() if (amount > 0) == up and amount}
    if not amounts or waterfall.end == waterfall.start:
        return None
    node = max(amounts, key=lambda node: abs(amounts[node]))
    return Step(node, titles[node], "", amounts[node])


def _items(run: Run, subject: str) -> pl.DataFrame:
    codes = dict(zip(framework_of(run.framework).subject, subject.split(files.SEPARATOR), strict=True))
    stored = pl.scan_parquet(files.home() / run.items_path)
    return stored.filter(*(pl.col(kind) == code for kind, code in codes.items())).collect()


def spread(standings: Standings) -> dict[str, int]:
    """How many partners have each level, best level first."""
    counts = dict(standings.ranked["level"].value_counts().iter_rows())
    return {name: counts.get(name, 0) for name in limits.names(standings.framework)}


def at_risk(now: Standings, before: Standings | None, earlier: Standings | None) -> pl.DataFrame:
    """Rows at risk with their ``signals``, those with most signals first, then those that fell most.

    The rule: the level (where a framework has none, the score) fell in each of the last two periods; or it is the lowest;
    or there was a score in the period before and is none any more.
    """
    frame = compared(now, before).frame
    former = compared(before, earlier).frame if before is not None else frame.clear()
    graded = len(now.framework.levels) > 1
    fell = pl.col("moved" if graded else "change") < 0
    frame = frame.join(former.select("subject", fell_before=fell), on="subject", how="left", maintain_order="left")
    lowest = pl.col("level") == (limits.names(now.framework)[-1] if graded else "")
    rules = {
        FELL_TWICE: fell & pl.col("fell_before"),
        LOWEST: lowest,
        LOST_SCORE: pl.col("total").is_null() & pl.col("total_before").is_not_null(),
    }
    signals = pl.concat_list([pl.when(rule).then(pl.lit(name)) for name, rule in rules.items()]).list.drop_nulls()
    found = frame.with_columns(signals=signals).filter(pl.col("signals").list.len() > 0)
    return found.sort([-pl.col("signals").list.len().cast(pl.Int64), "change", "total", "subject"], nulls_last=True)
