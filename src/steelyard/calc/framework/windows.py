"""The text of a window: `[length][, N units earlier]` (docs/reference/framework-language.md)."""

from __future__ import annotations

import re

from .model import Window

# ready names, usable in formulas and as the `window:` of a measure
READY_WINDOWS: dict[str, Window] = {
    "period": Window("period"),
    "previous": Window(None, shift=1, shift_unit="periods"),
    "last_year": Window(None, shift=1, shift_unit="years"),
    "month": Window("month"),
    "ttm": Window("month", 12),
    "prior_ttm": Window("month", 12, 12, "months"),
    "ytd": Window("year to date"),
    "ever": Window("all time"),
}

GRAMMAR = "write a length such as `period`, `last 24 months` or `all time`, and if you like `, 1 year earlier`"
_MOST = {"day": 36_500, "week": 5_200, "month": 1200, "quarter": 400, "half": 200, "year": 100, "window": 5_000}  # a century
_FIXED = ("period", "month", "quarter", "half", "year", "year to date", "all time")
_LAST = re.compile(r"last ([0-9]{1,5}) (days?|months?|quarters?|periods?|years?)")
_EARLIER = re.compile(r"([0-9]{1,5}) (days?|months?|quarters?|years?|periods?) earlier")


def is_too_long(count: int, unit: str, grain: str) -> bool:
    """Whether so many units, of which a period is one of the framework's grain, are more than a century: no calendar goes so far."""
    single = unit.removesuffix("s")
    return count > _MOST.get(grain if single == "period" else single, count)


def parse_window(text: str, own: dict[str, Window] | None = None, grain: str = "week") -> Window | None:
    """The window a text describes, a ready name or one of the framework's own; None if it is none of these, or too long."""
    text = " ".join(text.split())
    if text in (own or {}):
        return (own or {})[text]
    if text in READY_WINDOWS:
        return READY_WINDOWS[text]
    length, comma, shift = (part.strip() for part in text.partition(","))
    if not comma and _EARLIER.fullmatch(length):
        length, shift = "", length
    unit_and_count = _length(length)
    earlier = _EARLIER.fullmatch(shift)
    if unit_and_count is None or (comma and not earlier) or (not length and not earlier):
        return None
    unit, count = unit_and_count
    window = Window(unit, count)
    if earlier is not None:
        window = Window(unit, count, int(earlier[1]), earlier[2].rstrip("s") + "s")
    too_long = is_too_long(count, unit or "", grain) or is_too_long(window.shift, window.shift_unit, grain)
    return None if too_long else window


def _length(text: str) -> tuple[str | None, int] | None:
    if not text:
        return None, 1
    if text in _FIXED:
        return text, 1
    found = _LAST.fullmatch(text)
    if found is None or int(found[1]) == 0:
        return None
    unit = found[2].rstrip("s")
    return ("days" if unit == "day" else unit), int(found[1])
