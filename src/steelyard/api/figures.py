"""Numbers of the product as JSON: exact decimal text in natural units beside the unit, never a binary float."""

from __future__ import annotations

from ninja import Schema
from pydantic import Field

from steelyard.calc.units import DECIMALS, to_text


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
