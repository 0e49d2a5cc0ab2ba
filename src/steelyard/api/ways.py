"""What is missing for the next level, over REST: each KPI alone, and the cheapest moves together."""

from __future__ import annotations

from typing import Any

from ninja import Schema
from pydantic import Field

from steelyard.calc.cheapest import Together
from steelyard.calc.errors import Missing
from steelyard.scorecards import cards

from .figures import POINTS, Figure, figure, points


class WayShown(Schema):
    """What one KPI can do alone: this value is enough, or brings most."""

    kpi: str
    title: str
    now: Figure
    value: Figure
    gain: str = POINTS
    enough: bool


class MoveShown(Schema):
    """One KPI of a combination."""

    kpi: str
    title: str
    now: Figure
    value: Figure


class TogetherShown(Schema):
    """Moves that are enough together; with any of them a step smaller they are not."""

    moves: list[MoveShown]
    effort: str = Field(description="shares of the KPIs' own goalposts, added up", examples=["0.4286"])
    gain: str = POINTS


class NextLevelShown(Schema):
    """What is missing for the level above; every way was computed by scoring again, nothing is estimated."""

    level: str
    title: str
    missing: str | None = Field(examples=["3.1"], description="points; null: no total is enough, because a requirement does not hold")
    held_back: list[str]
    ways: list[WayShown]
    together: TogetherShown | None = Field(description="the cheapest that was found; null: none was found")


def next_level_of(found: cards.Card) -> dict[str, Any]:
    """What is missing; `Missing` at the top and without a score."""
    missing = cards.next_level(found)
    if missing is None:
        raise Missing
    ways = [
        {
            "kpi": way.kpi, "title": way.title, "now": figure(way.now, way.unit), "value": figure(way.value, way.unit),
            "gain": points(way.gain), "enough": way.enough,
        }
        for way in missing.ways
    ]  # fmt: skip
    told = {"level": missing.level, "title": missing.title, "missing": points(missing.missing)}
    return {**told, "held_back": list(missing.held_back), "ways": ways, "together": _together(missing.together)}


def _together(found: Together | None) -> dict[str, Any] | None:
    if found is None:
        return None
    moves = [
        {"kpi": move.kpi, "title": move.title, "now": figure(move.now, move.unit), "value": figure(move.value, move.unit)}
        for move in found.moves
    ]
    return {"moves": moves, "effort": f"{float(found.effort):.4f}", "gain": points(found.gain)}
