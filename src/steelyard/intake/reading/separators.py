"""Finding the separator: the character that cuts the first rows into the same number of cells."""

from __future__ import annotations

import csv
import re

from .. import limits
from .strict import rows_reader
from .table import Dialect

CANDIDATES = (",", ";", "\t", "|")
_SEP_LINE = re.compile(rb"\A\"?sep=(?P<separator>[^\r\n\"])\"?(?:\r\n|\r|\n)", re.IGNORECASE)


def sep_line(data: bytes) -> tuple[str | None, int]:
    """The separator that a first line ``sep=;`` names, and how many bytes that line takes; spreadsheets do not count it."""
    found = _SEP_LINE.match(data[:32])
    if found is None:
        return None, 0
    return found["separator"].decode("utf-8", "replace"), found.end()


def find_separator(data: bytes, dialect: Dialect) -> str:
    """The candidate with which most of the first rows have as many cells as the header; a comma if none cuts anything."""
    sample = data[: limits.SNIFFED]
    if len(sample) < len(data):
        sample = sample[: sample.rfind(b"\n") + 1] or sample
    text = sample.decode("utf-8", "replace")
    best, best_score = ",", (0.0, 0)
    for candidate in CANDIDATES:
        counts = _counts(text, candidate, dialect)
        if not counts:
            continue
        header = counts[min(max(dialect.header, 1), len(counts)) - 1]
        usual = max(set(counts), key=counts.count)
        cells = header if header > 1 else usual
        if cells > 1:
            share = sum(1 for count in counts if count == cells) / len(counts)
            score = (round(share, 1), cells)
            if score > best_score:
                best, best_score = candidate, score
    return best


def _counts(text: str, separator: str, dialect: Dialect) -> list[int]:
    """Cells per row of the first rows that are not blank."""
    reader = rows_reader(text, separator, dialect.quote, strict=False)
    counts: list[int] = []
    try:
        for row in reader:
            if row:
                counts.append(len(row))
            if len(counts) >= 100:
                break
    except csv.Error:
        return counts
    return counts
