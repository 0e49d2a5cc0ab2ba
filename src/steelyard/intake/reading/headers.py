"""Headers: as written, checked once for the whole file."""

from __future__ import annotations

import re
from collections.abc import Sequence

from steelyard.calc.errors import Problem, Refused

from .. import limits


def plain(header: str) -> str:
    """A header as it is compared: lower case, words apart, without line breaks or punctuation."""
    spaced = re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", " ", header.strip())
    return " ".join(re.findall(r"\w+", spaced.replace("_", " ").casefold()))


def check_headers(headers: Sequence[str], name: str) -> tuple[str, ...]:
    """Headers without spaces around them; unnamed columns get a name; refuses duplicates and too many columns."""
    if len(headers) > limits.MOST_COLUMNS:
        found = f"{len(headers):,} columns"
        raise Refused(Problem("too_many_columns", f"at most {limits.MOST_COLUMNS} columns are read", name, found, "leave some out"))
    clean = [" ".join(header.split()) or f"(column {index})" for index, header in enumerate(headers, start=1)]
    seen: dict[str, int] = {}
    problems = []
    for index, header in enumerate(clean, start=1):
        first = seen.setdefault(header.casefold(), index)
        if first != index:
            problems.append(
                Problem("duplicate_header", f"columns {first} and {index} have the same header", name, f"`{header}`", "rename one of them")
            )
    if problems:
        raise Refused(problems)
    return tuple(clean)
