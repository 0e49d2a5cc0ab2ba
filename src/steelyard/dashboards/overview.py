"""The read behind the overview: who performs where, who moves, who is at risk, who has no data, how fresh the data are."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import polars as pl

from steelyard.calc.change import Step
from steelyard.ledger.scope import Scope
from steelyard.scorecards import limits, movements
from steelyard.scorecards.choosing import Chosen, runs_back
from steelyard.scorecards.heat import Heat, Row, columns_of, heat, median
from steelyard.scorecards.standings import Column, Standings, compared, of_runs
from steelyard.ui.unchanged import unchanged

SHOWN = 8  # rows of a block before "all"
PERIODS = 4  # of which the spread of levels is shown


@dataclass(frozen=True)
class Spread:
    """How many partners had each level in one period; those without one are the rest."""

    period: str
    counts: dict[str, int]
    partners: int


@dataclass(frozen=True)
class Overview:
    """Everything on the page, as far as the scope sees it."""

    standings: Standings
    partners: int
    ranked: int
    unranked: int
    heat: Heat
    parts: tuple[Column, ...]  # columns that have parts of their own
    part: str  # which columns were asked for
    median: int | None
    median_before: int | None
    good: int  # partners that have at least the level ``good_from``
    good_from: str | None
    promoted: int
    demoted: int
    lost_most: Row | None
    gained_most: Row | None
    movers: movements.Movers
    reasons: dict[str, Step]
    spreads: list[Spread]
    risk: list[dict[str, Any]]
    at_risk: int
    at_risk_before: int | None
    without: list[dict[str, Any]]


def overview(chosen: Chosen, *, scope: Scope, part: str = "", area: str | None = None) -> Overview:
    """The overview of a run. Every count and median is taken over what the scope sees, and nothing else."""
    key = ("overview", chosen.run.pk, chosen.framework, chosen.period, scope.everything or scope.partners, part, area)
    return unchanged(key, lambda: _overview(chosen, scope, part, area))


def _overview(chosen: Chosen, scope: Scope, part: str, area: str | None) -> Overview:
    runs = runs_back(chosen, PERIODS)
    frames = of_runs(chosen.framework, runs, scope=scope)
    now, before, earlier, first = [*reversed(frames), None, None, None][:PERIODS]
    assert now is not None
    standings = compared(now, before)
    columns = columns_of(standings, part)
    shown = heat(standings, columns, area=area)
    moved = movements.movers(standings, SHOWN // 2)
    risk = movements.at_risk(now, before, earlier)
    changed = sorted((row for row in shown.rows if row.change), key=lambda row: (row.change or 0, row.code or ""))
    names = limits.names(standings.framework)
    shown_risk = risk.head(SHOWN).to_dicts()
    good_from = names[min(1, len(names) - 2)] if len(names) > 1 else None
    return Overview(
        standings=standings,
        partners=standings.frame.height,
        ranked=standings.ranked.height,
        unranked=standings.unranked.height,
        heat=shown,
        parts=tuple(column for column in standings.columns if any(other.parent == column.path for other in standings.columns)),
        part=part,
        median=_median(standings.frame),
        median_before=None if before is None else _median(before.frame),
        good=standings.frame.filter(pl.col("level").is_in(names[: names.index(good_from) + 1])).height if good_from else 0,
        good_from=good_from,
        promoted=standings.frame.filter(pl.col("moved") > 0).height,
        demoted=standings.frame.filter(pl.col("moved") < 0).height,
        lost_most=changed[0] if changed and (changed[0].change or 0) < 0 else None,
        gained_most=changed[-1] if changed and (changed[-1].change or 0) > 0 else None,
        movers=moved,
        reasons=movements.because(chosen, [row["subject"] for row in (*moved.up, *moved.down, *shown_risk)]),
        spreads=[Spread(run.period, movements.spread(frame), frame.frame.height) for run, frame in zip(runs, frames, strict=True)],
        risk=shown_risk,
        at_risk=risk.height,
        at_risk_before=None if before is None or earlier is None else movements.at_risk(before, earlier, first).height,
        without=standings.unranked.sort("subject").head(SHOWN).to_dicts(),
    )


def _median(frame: pl.DataFrame) -> int | None:
    return None if frame.is_empty() else frame.select(median("total")).item()
