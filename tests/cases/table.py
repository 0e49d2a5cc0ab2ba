"""The table case by way: what was tried and passed, and why a cell does not apply."""

from __future__ import annotations

from collections.abc import Mapping

from .case import WAYS
from .every import CASES


def lines_of(outcomes: Mapping[tuple[int, str], str]) -> list[str]:
    """One line a case, then the counts."""
    lines = [f"{'case':>4}  {'CSV':<8}{'XLSX':<8}{'REST':<8}"]
    for case in CASES:
        cells = [outcomes.get((case.number, way), "-" if way in case.cells else "n/a") for way in WAYS]
        reasons = "; ".join(f"{way} not applicable: {reason}" for way, reason in case.without.items() if way not in case.cells)
        lines.append(f"{case.number:>4}  {''.join(f'{cell:<8}' for cell in cells)}{case.title}{f' ({reasons})' if reasons else ''}")
    tried = list(outcomes.values())
    apart = sum(len(WAYS) - len(case.cells) for case in CASES)
    lines.append(f"{len(CASES)} cases: {tried.count('passed')} cells passed, {tried.count('FAILED')} failed, {apart} not applicable")
    return lines
