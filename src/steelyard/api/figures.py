"""Numbers of the product as JSON: exact decimal text in natural units beside the unit, never a binary float."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from ninja import Schema
from pydantic import Field

from steelyard.calc.units import DECIMALS, to_text

if TYPE_CHECKING:
    from steelyard.scorecards.models import Run

POINTS = Field(examples=["76.9"], description="decimal text, null without data")


class Figure(Schema):
    """A number: decimal text in natural units, or null without data."""

    value: str | None = Field(examples=["96.31"])
    unit: str = Field(examples=["percent"])


def figure(value: int | str | None, unit: str | None) -> dict[str, str | None]:
    """A stored number (grain of its unit), or a text, as a figure."""
    if isinstance(value, int) and unit in DECIMALS:
        return {"value": to_text(value, unit), "unit": unit}
    return {"value": None if value is None else str(value), "unit": unit or "text"}


def points(value: int | None) -> str | None:
    """Points as decimal text."""
    return None if value is None else to_text(value, "points")


class RunShown(Schema):
    """All subjects of a period, scored by one framework version at one cut."""

    run: str = Field(description="the receipt: same inputs, same id")
    framework: str
    version: int
    period: str
    start: date
    end: date = Field(description="exclusive")
    cut: int
    subjects: int
    scored_at: datetime
    scored_by: str


def run_shown(run: Run) -> dict[str, Any]:
    """A run as JSON."""
    return {
        "run": run.run_id, "framework": run.framework.code, "version": run.framework.version, "period": run.period,
        "start": run.period_start, "end": run.period_end, "cut": run.cut, "subjects": run.subjects,
        "scored_at": run.created_at, "scored_by": run.created_by,
    }  # fmt: skip


def percent(value: int | None) -> str | None:
    """A percentage as decimal text."""
    return None if value is None else to_text(value, "percent")
