"""Which months are known: what the coverage facts say was reported, nil reports included.

No rows with coverage is 0; no rows without coverage is no data (``known_when`` of a measure).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta

import polars as pl

from ..framework.model import KnownWhen
from ..periods import FiscalCalendar
from ..resolve import Resolver
from .live import live_rows

Span = tuple[date, date]  # first and last day covered


@dataclass(frozen=True)
class Coverage:
    """Received reports: (report, partner) -> spans of days; partner "" is a source that reports for everybody."""

    spans: dict[tuple[str, str], list[Span]] = field(default_factory=dict)

    def covers(self, report: str, partner: str, first: date, last: date) -> bool:
        """Whether every day from ``first`` to ``last`` was reported."""
        day = first
        for start, until in sorted(self.spans.get((report, partner), []) + self.spans.get((report, ""), [])):
            if start <= day <= until:
                day = until + timedelta(days=1)
        return day > last


def read_coverage(facts: pl.LazyFrame, resolver: Resolver) -> Coverage:
    """The coverage at a cut. A report with a due date counts once it was received; one without is a file that came."""
    rows = live_rows(facts).filter(pl.col("received_on").is_not_null() | pl.col("due_on").is_null()).collect()
    sources = tuple(sorted(rows["source"].unique().to_list()))
    parties = resolver.parties(sources).select("source", "party", "partner", "valid_from", "valid_to")
    joined = rows.join(parties, on=["source", "party"], how="left")
    inside = pl.col("valid_from").is_null() | ((pl.col("date") >= pl.col("valid_from")) & (pl.col("date") < pl.col("valid_to")))
    spans: dict[tuple[str, str], list[Span]] = defaultdict(list)
    known = joined.filter(inside & (pl.col("partner").is_not_null() | pl.col("party").is_null()))
    for report, partner, first, last in known.select("report", "partner", "date", "until").iter_rows():
        spans[(report, partner or "")].append((first, last))
    return Coverage(dict(spans))


def unknown_months(
    coverage: Coverage | None, known_when: KnownWhen, calendar: FiscalCalendar, start: date, end: date
) -> Callable[[str], str]:
    """A function that says of a partner why the window is unknown, or nothing if it is known."""
    months = calendar.cells(start, end - timedelta(days=1)) if start > date.min else []

    def reason(partner: str) -> str:
        missing = [
            month.label
            for month in months
            if coverage is None or not coverage.covers(known_when.report, partner, month.start, month.end - timedelta(days=1))
        ]
        return f"report_missing: {known_when.report} for {', '.join(missing)}" if len(missing) > known_when.missing else ""

    return reason
