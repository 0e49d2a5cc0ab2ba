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


def joined(rows: Sequence[Sequence[str]]) -> list[str]:
    """One header of several rows: ``2018 / Q1``. A text of an upper row holds to its right until the next one, as merged cells do."""
    width = max(map(len, rows), default=0)
    above = [""] * (len(rows) - 1)
    names = []
    for *upper, lowest in zip(*([*row, *[""] * width][:width] for row in rows), strict=True):
        if any(cell.strip() for cell in (*upper, lowest)):
            above = [cell if cell.strip() else before for cell, before in zip(upper, above, strict=True)]
            names.append(" / ".join(dict.fromkeys(" ".join(cell.split()) for cell in (*above, lowest) if cell.strip())))
        else:  # nothing holds beyond a column that is blank
            above = [""] * len(above)
            names.append("")
    return names


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
