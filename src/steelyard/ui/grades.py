"""Grades of any number of levels: which colour a level has, and which letter stands in its box."""

from __future__ import annotations

from collections.abc import Sequence

_NAMED = {0: "a", 4: "b", 8: "c", 12: "d", 16: "e"}  # five colours have names; others lie in quarters between them


def shade(level: str | None, levels: Sequence[str]) -> str:
    """The part of the class name that says the colour of a level; levels run from the best down."""
    if level is None or level not in levels:
        return "n"
    step = round(levels.index(level) * 16 / (len(levels) - 1)) if len(levels) > 1 else 0
    return _NAMED.get(step, f"q{step}")


def letter(level: str | None, levels: Sequence[str]) -> str:
    """What stands in the box: a short name itself, else the initial if it is the only one, else the place from the top."""
    if level is None or level not in levels:
        return "–"
    if len(level) <= 2:
        return level
    initials = [name[:1].upper() for name in levels]
    mine = level[:1].upper()
    return mine if initials.count(mine) == 1 else str(levels.index(level) + 1)


def word(level: str, levels: Sequence[str]) -> str:
    """What stands beside the box: nothing if the box says it all."""
    return "" if letter(level, levels) == level else level
