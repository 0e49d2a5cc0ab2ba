"""The page of odd input, from the fixtures that are tried."""

from __future__ import annotations

import sys

from generate import DOCS, page, table


def cases() -> str:
    """Each case with what Steelyard does, and the ways by which it is tried."""
    sys.path.insert(0, str(DOCS.parent))  # the fixtures lie beside the tests
    from tests.cases.case import WAYS
    from tests.cases.every import CASES

    lead = (
        "What comes in files and requests, and what Steelyard does with it. Every line is a fixture in `tests/cases`, brought in by each way that "
        "is marked, on SQLite and PostgreSQL, and held against the contract of intake: bytes are safe before they are read, every row and amount "
        "is in one place, one commit or none, refused rows say everything and come back alone, nothing is guessed for a single cell, the dry run "
        "is the import, limits are named. `python -m tests.cases` prints the table. "
        '"Waits" means: in quarantine, with its reason, until somebody corrects it.'
    )
    rows = [
        (one.number, one.title, one.does, *("yes" if way in one.cells else "" for way in WAYS)) for one in CASES
    ]  # fmt: skip
    apart: dict[tuple[str, str], list[str]] = {}
    for one in CASES:
        for way, reason in one.without.items():
            if way not in one.cells:
                apart.setdefault((reason, way), []).append(str(one.number))
    reasons = [(way, ", ".join(numbers), reason) for (reason, way), numbers in apart.items()]
    return page(
        "Odd input", lead, table(("case", "what comes", "what Steelyard does", *WAYS), rows), "## Ways that do not apply",
        table(("way", "cases", "because"), sorted(reasons, key=lambda one: (WAYS.index(one[0]), int(one[1].split(",")[0])))),
    )  # fmt: skip
