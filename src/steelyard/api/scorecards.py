"""What was scored, over REST: runs, the overview, rankings; scoring a period and publishing what somebody else scored."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from ninja import Router, Schema, Status
from pydantic import Field

from steelyard.scorecards import actions, firm
from steelyard.scorecards import queries as reads
from steelyard.scorecards.choosing import Chosen, choose, exactly, runs_back
from steelyard.scorecards.heat import Heat, columns_of, heat
from steelyard.scorecards.overrides.queries import of_run as overrides_of_run
from steelyard.scorecards.reasons import in_words
from steelyard.scorecards.standings import Standings, compared, of_runs, standings

from .figures import POINTS, RunShown, percent, points, run_shown
from .gate import Asked, needs
from .jobs import JobShown, job_shown
from .overrides import OverrideShown, override_shown
from .paging import Asking, Page, of_rows
from .problems import answers

router = Router(tags=["scorecards"])


class RunLine(RunShown):
    """A run with what became of it."""

    state: str = Field(description="in force, open, running, partly, replaced", examples=["in force"])
    published_by: str
    published_at: datetime | None


class PeriodShown(Schema):
    """A period that was scored."""

    framework: str
    title: str
    period: str
    published: bool


class Standing(Schema):
    """One row of a ranking."""

    subject: str
    name: str | None
    territory: str | None
    rank: int | None
    total: str | None = POINTS
    level: str | None
    change: str | None = POINTS
    level_before: str | None
    firmness: str | None = Field(description="firm, borderline; null: the level does not follow from points alone", examples=["firm"])
    likely: list[int] | None = Field(description="the places between which it likely lies, 1 is best; null: not enough to rank")
    override: OverrideShown | None = Field(description="what two people set beside the score, which the rank does not read")
    no_data: str


class CellShown(Schema):
    """The median share of the maximum points of one KPI or part, in percent."""

    column: str
    share: str | None = Field(examples=["82.5"])
    scored: int


class HeatRow(Schema):
    """A territory, or the area above many: the median score of its partners, and a cell per column."""

    code: str | None
    name: str | None
    partners: int
    total: str | None = POINTS
    level: str | None
    change: str | None = POINTS
    cells: list[CellShown]


class Overview(Schema):
    """Who performs where: every count and median is taken over what the reader sees."""

    framework: str
    period: str
    partners: int
    ranked: int
    levels: dict[str, int] = Field(description="how many have each level", examples=[{"Gold": 12, "Silver": 31}])
    by: str = Field(description="what a row is: territory or area")
    columns: dict[str, str] = Field(description="column: title", examples=[{"sales": "Net sales"}])
    rows: list[HeatRow]


class Which(Schema):
    """A framework and a period; it is scored by the version that is effective, at the newest cut."""

    framework: str = Field(max_length=100)
    period: str = Field(max_length=40)


class Publishing(Which):
    """What to make public, and why."""

    run: str = Field("", max_length=64, description="the beginning of the run's id; none: the newest of the period")
    subject: str = Field("", max_length=300, description="none: all")
    reason: str = Field("", max_length=500)


@router.get("", response=answers(ok=Page[PeriodShown]), summary="What was scored")
@needs("scores.read")
def periods(request: Asked, paging: Asking) -> dict[str, Any]:
    """Every framework and period that has scorecards in sight."""
    known = choose(scope=request.scope)
    found = [_periods(choose(one.code, scope=request.scope), one.title) for one in known.frameworks] if known else []
    rows = sorted((row for rows in found for row in rows), key=lambda row: (row["framework"], row["period"]))
    return of_rows(rows, paging, lambda row: [row["framework"], row["period"]], lambda row: row)


@router.get("/runs", response=answers(ok=Page[RunLine]), summary="Runs")
@needs("scores.read")
def runs(request: Asked, paging: Asking, framework: str = "") -> dict[str, Any]:
    """Everything that was scored, newest first. Who sees only some partners asks for cards and rankings instead."""
    found = reads.run_lines() if request.scope.everything else []
    ordered = sorted((line for line in found if framework in ("", line.framework)), key=lambda line: -line.run.pk)
    return of_rows(ordered, paging, lambda line: -line.run.pk, _line)


@router.get("/{framework}/{period}", response=answers(ok=Page[Standing]), summary="A ranking")
@needs("scores.read")
def ranking(request: Asked, paging: Asking, framework: str, period: str) -> dict[str, Any]:
    """Every subject in scope, in the order of their codes, with its place."""
    chosen = exactly(framework, period, scope=request.scope)
    seen = standings(chosen, scope=request.scope)
    rows = sorted(seen.frame.iter_rows(named=True), key=lambda row: str(row["subject"]))
    places, grades = firm.places(chosen.run, tuple(seen.ranked["subject"])), firm.of_run(chosen.run)
    beside = overrides_of_run(chosen.run)

    def shown(row: dict[str, Any]) -> dict[str, Any]:
        name = row["subject"]
        return _standing(row, places.get(name), grades) | {"override": override_shown(beside.get(name))}

    return of_rows(rows, paging, lambda row: row["subject"], shown)


@router.get("/{framework}/{period}/overview", response=answers(ok=Overview), summary="The overview of a period")
@needs("scores.read")
def overview(request: Asked, framework: str, period: str, part: str = "", area: str | None = None) -> dict[str, Any]:
    """Levels, and the median of each territory and KPI: the heat map."""
    chosen = exactly(framework, period, scope=request.scope)
    now, *earlier = reversed(of_runs(chosen.framework, runs_back(chosen, 2), scope=request.scope))
    seen = compared(now, earlier[0] if earlier else None)
    return _overview(chosen, seen, heat(seen, columns_of(seen, part), area=area))


@router.post("/score", response=answers(accepted=JobShown), summary="Score a period")
@needs("scores.score")
def score(request: Asked, sent: Which) -> Any:
    """By the worker. The same inputs are the same run, computed once."""
    return Status(202, job_shown(actions.order_score(framework=sent.framework, period=sent.period, acting_user=request.user)))


@router.post("/publish", response=answers(accepted=JobShown), summary="Publish a period")
@needs("scores.publish")
def publish(request: Asked, sent: Publishing) -> Any:
    """By another person than who scored it; the worker computes everything once more first."""
    run = reads.run_to_publish(sent.framework, sent.period, sent.run)
    return Status(202, job_shown(actions.order_publication(run=run, reason=sent.reason, subject=sent.subject, acting_user=request.user)))


def _periods(chosen: Chosen | None, title: str) -> list[dict[str, Any]]:
    listed = chosen.periods if chosen else ()
    code = chosen.framework if chosen else ""
    return [{"framework": code, "title": title, "period": one.label, "published": one.published} for one in listed]


def _line(line: reads.RunLine) -> dict[str, Any]:
    return {**run_shown(line.run), "state": line.state, "published_by": line.published_by, "published_at": line.published_at}


def _standing(row: dict[str, Any], place: firm.Place | None, grades: firm.Firmness) -> dict[str, Any]:
    likely = [place.low, place.high] if place is not None and place.told else None
    same = {name: row[name] for name in ("subject", "name", "territory", "rank", "level", "level_before")}
    same |= {"firmness": grades.grade(row["subject"], row["total"]), "likely": likely}
    return {**same, "total": points(row["total"]), "change": points(row["change"]), "no_data": in_words(row["no_data"] or "")}


def _overview(chosen: Chosen, seen: Standings, found: Heat) -> dict[str, Any]:
    levels = dict(seen.frame["level"].drop_nulls().value_counts().sort("level").iter_rows())
    rows = [
        {
            "code": row.code, "name": row.name, "partners": row.partners, "total": points(row.total), "level": row.level,
            "change": points(row.change),
            "cells": [{"column": cell.column.name, "share": percent(cell.share), "scored": cell.scored} for cell in row.cells],
        }
        for row in found.rows
    ]  # fmt: skip
    return {
        "framework": chosen.framework, "period": chosen.period, "partners": seen.frame.height, "ranked": seen.ranked.height,
        "levels": levels, "by": found.by, "columns": {column.name: column.title for column in found.columns}, "rows": rows,
    }  # fmt: skip
