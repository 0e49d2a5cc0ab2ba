"""What kind of value stands at a place that a vector gives: a number cannot take the place of a date."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from fractions import Fraction

from ..formula.nodes import Type, Value
from ..framework.model import Framework
from ..units import Blank

WORDS = {"number": "a number", "text": "a text", "date": "a date", "yes/no": "yes or no", "answer": "an answer"}
HINTS = {"number": "write a number, 79% or 14 days", "text": "write a text", "date": "write year-month-day: 2026-01-31",
         "yes/no": "write true or false", "answer": "write a text in quotes"}  # fmt: skip
KindOf = Callable[[str], str | None]  # of a name; None: any value may stand there


def of_type(type_: Type) -> str | None:
    """The kind of what has a type."""
    return "number" if type_.is_number else type_.kind if type_.kind in WORDS else None


def of_kpi(framework: Framework) -> KindOf:
    """Kinds of KPIs: numbers, or answers, which may be written as yes/no."""
    return lambda name: "answer" if framework.kpis[name].unit == "text" else "number"


def of_setting(framework: Framework) -> KindOf:
    """Kinds of settings: what the framework says there."""
    return lambda name: kind_of(framework.settings[name])


def of_measure(framework: Framework) -> KindOf:
    """Kinds of measures, by their types."""
    return lambda name: of_type(framework.measures[name].type)


def number(_name: str) -> str:
    """Points are numbers."""
    return "number"


def kind_of(value: Value) -> str | None:
    """The kind of a value; None of a blank."""
    if isinstance(value, bool):
        return "yes/no"
    if isinstance(value, int | Fraction):
        return "number"
    if isinstance(value, date):
        return "date"
    return None if isinstance(value, Blank) else "text"


def fits(value: Value, kind: str | None) -> bool:
    """Whether the value may stand where this kind is wanted; a blank may stand anywhere."""
    found = kind_of(value)
    return kind is None or found is None or found == kind or (kind == "answer" and found in ("text", "yes/no"))
