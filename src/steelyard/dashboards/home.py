"""The reads behind the page everybody starts at: what waits, and what their role looks at first."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import polars as pl

from steelyard.ledger.scope import Scope
from steelyard.scorecards import limits, movements
from steelyard.scorecards.choosing import Chosen, choose, runs_back
from steelyard.scorecards.heat import median
from steelyard.scorecards.standings import compared, of_runs

SHOWN = 12


@dataclass(frozen=True)
class Situation:
    """The newest published period in a few numbers, and the partners that changed most (of those the scope sees)."""

    chosen: Chosen
    partners: int
    ranked: int
    median: int | None
    median_change: int | None
    at_risk: int
    levels: list[str]
    rows: list[dict[str, Any]]


def situation(*, scope: Scope) -> Situation | None:
    """How the scope's partners stand; those that fell come first."""
    chosen = choose(scope=scope)
    if chosen is None:
        return None
    frames = of_runs(chosen.framework, runs_back(chosen, 3), scope=scope)
    now, before, earlier = [*reversed(frames), None, None][:3]
    assert now is not None
    frame = compared(now, before).frame
    middle = _median(frame)
    former = None if before is None else _median(before.frame)
    return Situation(
        chosen=chosen,
        partners=frame.height,
        ranked=frame["total"].count(),
        median=middle,
        median_change=None if middle is None or former is None else middle - former,
        at_risk=movements.at_risk(now, before, earlier).height,
        levels=limits.names(now.framework),
        rows=frame.sort(["change", "total", "subject"], nulls_last=True).head(SHOWN).to_dicts(),
    )


def _median(frame: pl.DataFrame) -> int | None:
    return None if frame.is_empty() else frame.select(median("total")).item()
