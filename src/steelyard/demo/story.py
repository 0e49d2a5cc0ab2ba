"""The stories that a visitor can discover, as data: a name, where to look, one sentence. STORIES.md tells them in prose."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Story:
    """One thing that happened; ``partners`` are the codes to look at (empty: look at the files)."""

    name: str
    partners: tuple[str, ...]
    sentence: str


STORIES = (
    Story("rising star", ("PL-0001",), "Aurora Biolab orders fourteen times as much in the last month as in the first."),
    Story(
        "falling giant",
        ("GB-0001",),
        "Kestrel Scientific, the largest partner, loses its main customer in March 2025 and two thirds of its orders.",
    ),
    Story(
        "channel stuffing",
        ("IT-0001",),
        "Brennero orders three times as much in the last days of each quarter of 2025, sells on no more, and its stock grows.",
    ),
    Story(
        "late, then nil",
        ("SE-0001",),
        "Boreal reports more than a month late from October 2024 and nothing at all since July 2025, while it still orders.",
    ),
    Story("expired certificate", ("DE-0001",), "Rheintal is one of the best, but its ISO 13485 expired on 2025-08-31: C at most."),
    Story(
        "moved territory",
        ("DE-0003",),
        "Germany South went from R08 to R31 on 2025-05-15, in the middle of a quarter; the order system named R08 until July.",
    ),
    Story("sent again", (), "The North American file of 2024-Q2 was sent again in another order: every row is a duplicate."),
    Story(
        "corrected month", ("AT-0001",), "Forty prices of February 2025 at Alpenlab were a tenth too high; a corrected file restates them."
    ),
    Story(
        "same name",
        ("AU-0001", "AU-0002"),
        "Two partners are called Pacific Diagnostics Pty Ltd; lines that give only the name stay unmatched.",
    ),
    Story("two hospitals", ("DR-001",), "Dr Elena Marchetti works at two hospitals, and seven in ten of her referrals become orders."),
    Story("group", ("NL-0001", "DE-0002", "FR-0001", "GB-0002"), "Helion Medical Group has three daughters in three countries."),
    Story("new region", (), "Germany, Austria, Switzerland, Poland and Czechia became the region Central Europe on 2025-01-01."),
    Story("currency shock", ("TR-0001",), "The lira lost a fifth of its value on 2025-03-19; sales in lira rise while sales in EUR fall."),
    Story("returns spree", ("US-0001",), "Cascade Lab Supply sent back a third of its order lines in the last quarter of 2025."),
    Story(
        "too little data", ("CZ-0001",), "Nova Medika started on 2025-11-17: twelve order lines, no targets, no reports, hence no grade."
    ),
    Story("moved product", (), "Product CV-1040 counts as an instrument since 2025-07-01, and as point of care before."),
)
