"""The read behind the ranking: every row the scope sees, the choices of its filters, the scores of the last periods."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import polars as pl

from steelyard.ledger.scope import Scope
from steelyard.scorecards import firm, limits, movements, words
from steelyard.scorecards.choosing import Chosen, runs_back
from steelyard.scorecards.overrides import queries as overrides
from steelyard.scorecards.standings import Standings, compared, of_runs
from steelyard.ui.unchanged import unchanged

from .choices import NOWHERE, choices, territories
from .frames import Frames, Narrowed, Row

PERIODS = 8  # of which the scores are drawn beside a row

_MOVEMENTS: dict[str, pl.Expr] = {
    "up": pl.col("change") > 0,
    "down": pl.col("change") < 0,
    "same": pl.col("change") == 0,
    "promoted": pl.col("moved") > 0,
    "demoted": pl.col("moved") < 0,
    "new": pl.col("total_before").is_null() & pl.col("total").is_not_null(),
}


@dataclass(frozen=True)
class Ranking:
    """The rows as a source of a list, what stands behind them, and the choices there are."""

    standings: Standings
    source: Frames
    territories: list[tuple[str, str]]  # code, name; what lies below follows, set in
    ranked: int
    unranked: int
    moved: int

    def choices(self, column: str, named: str | None = None) -> list[tuple[str, str]]:
        """The values of a column with their names, as far as rows have them."""
        return choices(self.standings.frame, column, named)


def ranking(chosen: Chosen, *, scope: Scope) -> Ranking:
    """The ranking of a run as far as the scope sees it. Places are counted among the ranked that the scope sees."""
    key = ("ranking", chosen.run.pk, chosen.framework, chosen.period, scope.everything or scope.partners)
    return unchanged(key, lambda: _ranking(chosen, scope))


def _ranking(chosen: Chosen, scope: Scope) -> Ranking:
    frames = of_runs(chosen.framework, runs_back(chosen, PERIODS), scope=scope)
    now, before, earlier = [*reversed(frames), None, None][:3]
    assert now is not None
    standings = compared(now, before)
    risk = set(movements.at_risk(now, before, earlier)["subject"])
    order = {name: place for place, name in enumerate(limits.names(standings.framework))}
    filters: dict[str, Narrowed] = {
        "territory": lambda code: pl.col("territory").is_null() if code == NOWHERE else pl.col("within").list.contains(code),
        "movement": lambda name: _MOVEMENTS[name],
        "ranked": lambda answer: pl.col("total").is_not_null() if answer == "yes" else pl.col("total").is_null(),
        "risk": lambda answer: pl.col("subject").is_in(risk) if answer == "yes" else ~pl.col("subject").is_in(risk),
    }
    named = {f"{kind}|{column.path}": f"{kind}.{column.name}" for kind in ("points", "share", "value") for column in standings.columns}
    source = Frames(
        standings.frame.rename(named),
        tie="subject",
        filters=filters,
        order={"level": pl.col("level").replace_strict(order, default=None, return_dtype=pl.Int64)},
        more=lambda rows: _with_more(rows, frames, chosen),
    )
    return Ranking(
        standings=standings,
        source=source,
        territories=territories(standings.frame),
        ranked=standings.ranked.height,
        unranked=standings.unranked.height,
        moved=standings.frame.filter(pl.col("moved") != 0).height,
    )


def _with_more(rows: list[Row], frames: list[Standings], chosen: Chosen) -> list[Row]:
    """The rows with level title, how firm it is, the likely place, what overrides the grade, and their last scores, oldest first."""
    beside = overrides.of_run(chosen.run)
    likely, grades = firm.places(chosen.run, tuple(frames[-1].ranked["subject"])), firm.of_run(chosen.run)
    titles = {name: title for name, title in limits.titles(frames[-1].framework).items() if name != title}
    subjects = [row["subject"] for row in rows]
    periods = [dict(frame.frame.filter(pl.col("subject").is_in(subjects)).select("subject", "total").iter_rows()) for frame in frames]
    return [
        row
        | {"level_title": titles.get(row["level"], ""), "trend": [totals.get(row["subject"]) for totals in periods]}
        | {"firm": words.firmness(grades.grade(row["subject"], row["total"])), "likely": words.place(likely.get(row["subject"]))}
        | {"overridden": words.overridden(beside.get(row["subject"]))}
        for row in rows
    ]


def levels(standings: Standings) -> list[tuple[str, Any]]:
    """The levels with the points they begin at, best first; without limits where they are not points alone."""
    known = limits.limits(standings.framework)
    return list(known) if known else [(name, None) for name in limits.names(standings.framework)]
