"""A key as a part of an address, and back: parts joined by "/", whatever signs they hold.

A part that a browser or a route would read otherwise is escaped with "~": the slash, blank parts, dots alone, and the words
that end the addresses of a record.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

RESERVED = frozenset({"add", "import", "export", "change", "retire", "history"})
_BLANK, _DOTS, _WORD = "~2", "~3", "~4"


def key_path(parts: Iterable[Any]) -> str:
    """The key as the end of a path (not yet percent-encoded)."""
    return "/".join(_written(part.isoformat() if hasattr(part, "isoformat") else str(part if part is not None else "")) for part in parts)


def key_parts(path: str) -> list[str]:
    """The parts of a key."""
    return [_read(part) for part in path.split("/")]


def _written(part: str) -> str:
    if not part:
        return _BLANK
    text = part.replace("~", "~0").replace("/", "~1")
    if text in (".", ".."):
        return f"{_DOTS}{text}"
    return f"{_WORD}{text}" if text in RESERVED else text


def _read(part: str) -> str:
    if part == _BLANK:
        return ""
    for mark in (_DOTS, _WORD):
        part = part.removeprefix(mark)
    return part.replace("~1", "/").replace("~0", "~")
