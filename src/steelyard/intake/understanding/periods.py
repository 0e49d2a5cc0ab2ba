"""Headings that name a period: a column for each year, quarter or month; the day that its figures are taken to be of."""

from __future__ import annotations

import re
from calendar import monthrange

_NAMES = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTHS = {name: number for number, name in enumerate(_NAMES, start=1)}
_QUARTERS = (re.compile(r"^(?P<y>(?:19|20)\d\d)\W*q(?P<q>[1-4])$"), re.compile(r"^q(?P<q>[1-4])\W*(?P<y>(?:19|20)\d\d)$"))
_NAMED = (
    re.compile(r"^(?P<m>[a-z]{3})[a-z]*\W*(?P<y>(?:19|20)\d\d)$"), re.compile(r"^(?P<y>(?:19|20)\d\d)\W*(?P<m>[a-z]{3})[a-z]*$"),
)  # fmt: skip
_NUMBERED = re.compile(r"^(?P<y>(?:19|20)\d\d)[-/.](?P<m>0?[1-9]|1[0-2])$")


def last_day(heading: str) -> str | None:
    """The last day of the year, quarter or month that a heading names, as YYYY-MM-DD."""
    text = heading.strip().casefold()
    if re.fullmatch(r"(?:fy ?)?(?:19|20)\d\d", text):
        return f"{text[-4:]}-12-31"
    for pattern in _QUARTERS:
        if found := pattern.match(text):
            return _end(int(found["y"]), 3 * int(found["q"]))
    for pattern in _NAMED:
        if (found := pattern.match(text)) and found["m"] in _MONTHS:
            return _end(int(found["y"]), _MONTHS[found["m"]])
    if found := _NUMBERED.match(text):
        return _end(int(found["y"]), int(found["m"]))
    return None


def _end(year: int, month: int) -> str:
    return f"{year}-{month:02d}-{monthrange(year, month)[1]:02d}"
