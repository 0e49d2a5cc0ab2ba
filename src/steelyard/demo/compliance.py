"""Certificates, compliance documents and complaints."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import polars as pl

from . import calendar, cast
from .draws import Draws
from .orders import choose, dates
from .world import World

# what every agreement requires: document, validity in days, how carefully it must be kept to be renewed in time
DOCUMENTS = (
    ("distribution agreement", 1826, 0), ("ISO 13485", 1095, 14), ("good distribution practice", 730, 9), ("due diligence", 365, 6),
)  # fmt: skip
GRADES = ("service", "sales")  # what people are certified for, for two years


def certificates(world: World) -> pl.DataFrame:
    """Documents of partners and certificates of their people, with gaps where a partner is careless."""
    rows: list[tuple[str, str, str | None, str, str | None, date, date | None, bool]] = []
    draws = world.draws("certificates")
    for number, code in enumerate(world.partners.code):
        name, care = world.partners.name[number], int(world.partners.care[number])
        for grade, days, needed in DOCUMENTS:
            for first, last in _validity(draws, number, grade, days, careful=care >= needed * 2):
                rows.append((code, name, None, grade, None, first, last, True))
        people = 1 if number == cast.NEW else 1 + care // 22 + int(draws.below(2, 1)[0])
        for person in range(people):
            grade = GRADES[person % 2]
            first = calendar.FIRST_DAY - timedelta(days=int(draws.below(700, 1)[0]))
            first = max(first, cast.NEW_SINCE) if number == cast.NEW else first
            while first <= calendar.LAST_DAY:
                last = first + timedelta(days=729)
                rows.append((code, name, f"{code}/E{person + 1}", grade, str(first.year), first, last, False))
                first = last + timedelta(days=1 + int(draws.below(260 - 2 * care, 1)[0]))
    names = ("party", "party_name", "person", "grade", "version", "valid_from", "valid_to", "required")
    frame = pl.DataFrame(rows, schema=names, orient="row", infer_schema_length=None)
    return frame.with_columns(pl.col("version").cast(pl.String), _partner=pl.col("party"))


def _validity(draws: Draws, number: int, grade: str, days: int, *, careful: bool) -> list[tuple[date, date | None]]:
    """When one document of one partner was valid."""
    start = calendar.FIRST_DAY - timedelta(days=int(draws.below(days, 1)[0]))
    if number == cast.NEW:
        return [(cast.NEW_SINCE, cast.NEW_SINCE + timedelta(days=days))] if grade == "distribution agreement" else []
    if number == cast.EXPIRED and grade == "ISO 13485":
        return [(cast.ISO_EXPIRED - timedelta(days=1095), cast.ISO_EXPIRED)]
    periods: list[tuple[date, date | None]] = []
    while start <= calendar.LAST_DAY:
        last = start + timedelta(days=days - 1)
        periods.append((start, last))
        lapse = 0 if careful and number != cast.LATE else int(draws.below(150, 1)[0])
        start = last + timedelta(days=1 + lapse)
    return periods


def complaints(world: World) -> pl.DataFrame:
    """About one complaint for a hundred order lines, passed on the faster the more careful the partner is."""
    draws = world.draws("complaints")
    counts = world.lines // 130 + draws.chance(np.clip(world.lines.ravel() % 130 * 8, 0, 999), world.lines.size).reshape(world.lines.shape)
    partner = np.repeat(np.arange(world.partners.count), counts.sum(axis=1))
    month = np.concatenate([np.repeat(np.arange(calendar.MONTHS), row) for row in counts])
    size = len(partner)
    received = calendar.BUSINESS_DAY[month, draws.below(calendar.BUSINESS_DAYS[month], size)]
    slow = draws.chance(420 - 4 * world.partners.care[partner], size)
    forwarded = received + np.where(slow, draws.between(6, 21, size), draws.between(0, 5, size))
    closed = forwarded + draws.between(3, 70, size)
    product = world.ranges[partner, draws.below(world.ranges.shape[1], size)]
    end, numbers = calendar.day(calendar.LAST_DAY), np.arange(size)
    return pl.DataFrame(
        {
            "_partner": choose(world.partners.code, partner),
            "document": pl.Series(100_001 + numbers).cast(pl.String).str.replace("^", "CASE-"),
            "line": choose(["-"], np.full(size, -1)), "party": choose(world.partners.code, partner),
            "party_name": choose(world.partners.name, partner), "received_on": dates(received),
            "forwarded_on": pl.Series(np.where(forwarded <= end, forwarded, -1).astype(np.int32)).replace(-1, None).cast(pl.Date),
            "closed_on": pl.Series(np.where(closed <= end, closed, -1).astype(np.int32)).replace(-1, None).cast(pl.Date),
            "severity": choose(["low", "medium", "high", "critical"], draws.weighted([55, 30, 12, 3], size)),
            "product": choose(world.catalogue.codes, product), "lot": choose(["-"], np.full(size, -1)),
        }
    ).sort("received_on", "document")  # fmt: skip
