"""Labels of periods: `2012-Q4`, `2012-11`, `2012-H2`, `2012`, `2012-W05`, `2012-09-28`."""

from __future__ import annotations

import re

from ..errors import Problem, Refused

FIRST_YEAR, LAST_YEAR = 1900, 2200

# grain -> how its label ends, how many there are in a year, digits
_PARTS = {"quarter": ("Q", 4, 1), "half": ("H", 2, 1), "week": ("W", 53, 2), "fiscal month": ("P", 12, 2), "month": ("", 12, 2)}
_LABEL = re.compile(r"(?P<year>[0-9]{4})(?:-(?P<letter>[QHWP]?)(?P<number>[0-9]{1,2}))?")
_GRAIN = {letter: grain for grain, (letter, _, _) in _PARTS.items()}


def label(kind: str, year: int, number: int = 0) -> str:
    """The label of a part of a year; ``number`` counts from 1."""
    if kind == "year":
        return f"{year:04d}"
    letter, _, digits = _PARTS[kind]
    return f"{year:04d}-{letter}{number:0{digits}d}"


def read_label(text: str, examples: str) -> tuple[str, int, int]:
    """Kind of period, year and number (from 1) of a label. Raises Refused; ``examples`` are what the hint shows."""
    match = _LABEL.fullmatch(text.strip().upper())
    if match is None:
        raise bad_label(text, f"write for example {examples}")
    year = int(match["year"])
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise bad_label(text, f"years run from {FIRST_YEAR} to {LAST_YEAR}")
    if match["number"] is None:
        return "year", year, 0
    kind = _GRAIN[match["letter"]]
    letter, most, digits = _PARTS[kind]
    number = int(match["number"])
    if len(match["number"]) != digits:
        raise bad_label(text, f"write {label(kind, year, max(1, min(number, most)))}")
    if not 1 <= number <= most:
        raise bad_label(text, f"a {kind} is {letter}{1:0{digits}d} to {letter}{most}: {label(kind, year, most)}")
    return kind, year, number


def bad_label(text: str, hint: str) -> Refused:
    return Refused(Problem("bad-period", f"`{text}` is not a period", "", "", hint))
