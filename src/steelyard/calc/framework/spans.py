"""Lengths of time and calendars of evaluations as they are written: `6 months`, `monthly`, `[January, July]`, a review cycle."""

from __future__ import annotations

import re
from calendar import month_name

from ..errors import did_you_mean
from .document import Listed, Scalar, Tree
from .over_time import Turns
from .section import Section, shown
from .terms import Span
from .windows import is_too_long

MONTHS = tuple(month_name)[1:]  # in English, whatever the locale: nothing sets one
REGULAR = ("daily", "monthly", "quarterly")
DATED = ("days", "months", "quarters", "years")  # what counts to a day, whatever is scored
UNITS = (*DATED, "periods")
_SPAN = re.compile(r"([0-9]{1,5}) (day|month|quarter|year|period)s?")
_GRAMMAR = "write daily, monthly, quarterly, months such as [January, July], or the name of a review cycle"


def read_span(section: Section, key: str, grain: str, units: tuple[str, ...] = UNITS) -> Span | None:
    """The span under a key, a century at most, or None: with a problem if something else is written there."""
    scalar = section.scalar(key)
    if scalar is None:
        return None
    found = _SPAN.fullmatch(" ".join(scalar.raw.split()))
    if found is not None and f"{found[2]}s" in units and int(found[1]) > 0 and not is_too_long(int(found[1]), found[2], grain):
        return Span(int(found[1]), f"{found[2]}s")
    hint = f"write a number of {', '.join(units)}: `6 {units[-1] if len(units) == 1 else 'months'}`"
    section.log.add("wrong-type", f"`{key}` takes a length of time", section.at(key), shown(scalar), hint)
    return None


def read_turns(section: Section, key: str, default: Turns) -> Turns:
    """The calendar under a key."""
    node = section.node(key)
    if node is None:
        return default
    if isinstance(node, Listed):
        return _months(section, key, node)
    if not isinstance(node, Scalar):
        section.log.add("wrong-type", f"`{key}` takes a calendar", section.at(key), shown(node), _GRAMMAR)
        return default
    if node.raw in REGULAR:
        return Turns(node.raw)  # type: ignore[arg-type]
    if node.raw in MONTHS:
        return Turns("months", (MONTHS.index(node.raw) + 1,))
    near = did_you_mean(node.raw, (*REGULAR, *MONTHS))
    if near.startswith("did") or _month_like(node.raw):
        section.log.add("unknown-word", f"`{node.raw}` is not a calendar", section.at(key), f"`{node.raw}`", near or _GRAMMAR)
        return default
    return Turns("cycle", name=node.raw)


def _months(section: Section, key: str, node: Tree) -> Turns:
    found = []
    for item, place in section.items(key):
        if isinstance(item, Scalar) and item.raw in MONTHS:
            found.append(MONTHS.index(item.raw) + 1)
        elif not item.broken:
            near = did_you_mean(item.raw, MONTHS) if isinstance(item, Scalar) else ""
            hint = near if near.startswith("did") else "write the whole name of a month: January"
            section.log.add("unknown-word", "this is not a month", place, shown(item), hint)
    if not found and not node.broken:
        section.log.add("wrong-type", f"`{key}` names no month", section.at(key), shown(node), _GRAMMAR)
    return Turns("months", tuple(sorted(set(found)))) if found else Turns()


def _month_like(text: str) -> bool:
    """Whether a word is a month cut short or in small letters."""
    return len(text) >= 3 and any(month.casefold().startswith(text.casefold().rstrip(".")) for month in MONTHS)
