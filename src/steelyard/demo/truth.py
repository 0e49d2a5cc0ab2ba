"""What is true about the generated files, added up while they are made and known to the tests; `truth.json` holds it.

Nothing here is read back from a file: the sums come from the frames before they are written as text.
"""

from __future__ import annotations

import json
from collections import defaultdict
from dataclasses import asdict, dataclass, field
from decimal import Decimal
from pathlib import Path

import polars as pl

_MONEY = Decimal(10_000)


@dataclass(slots=True)
class Counts:
    """Rows of one file, or of all files of a kind, by what must become of them. ``accepted`` includes restated ones."""

    rows_in: int = 0
    accepted: int = 0
    duplicates: int = 0
    quarantined: int = 0
    filtered: int = 0
    restated: int = 0
    unmatched: int = 0

    def add(self, other: Counts) -> None:
        """Add another file's counts."""
        for name in self.__slots__:
            setattr(self, name, getattr(self, name) + getattr(other, name))


@dataclass(slots=True)
class Amounts:
    """Money of one kind after all files are loaded, by currency within each heading: {heading: {currency: amount}}."""

    lines: int = 0
    total: dict[str, str] = field(default_factory=dict)
    by: dict[str, dict[str, dict[str, str]]] = field(default_factory=dict)
    lines_by: dict[str, dict[str, int]] = field(default_factory=dict)


@dataclass(slots=True)
class Truth:
    """Everything the tests may hold the product to."""

    seed: int
    scale: str
    partners: int
    files: dict[str, Counts] = field(default_factory=dict)
    kinds: dict[str, Counts] = field(default_factory=dict)
    amounts: dict[str, Amounts] = field(default_factory=dict)
    stories: dict[str, str] = field(default_factory=dict)

    def count(self, kind: str, path: str, counts: Counts) -> None:
        """Note what must become of a file's rows."""
        self.files[path] = counts
        self.kinds.setdefault(kind, Counts()).add(counts)

    def save(self, path: Path) -> None:
        """Write `truth.json`: sorted, so that the same truth is the same bytes."""
        path.write_text(json.dumps(asdict(self), indent=1, sort_keys=True, ensure_ascii=False) + "\n", encoding="utf-8")


class Adder:
    """Adds up amounts by heading over several frames."""

    def __init__(self) -> None:
        self.lines = 0
        self._sums: dict[tuple[str, str, str], int] = defaultdict(int)
        self._lines: dict[tuple[str, str], int] = defaultdict(int)

    def add(self, frame: pl.DataFrame, headings: dict[str, pl.Expr]) -> None:
        """Add a frame with `amount` in ten-thousandths and `currency`; null headings count as ``unmatched``."""
        self.lines += len(frame)
        for heading, value in {"": pl.lit(""), **headings}.items():
            sums = frame.group_by(value.fill_null("unmatched").alias("_value"), "currency").agg(
                pl.col("amount").sum(), pl.len().alias("_lines")
            )
            for name, currency, amount, lines in sums.iter_rows():
                self._sums[heading, name, currency] += amount
                self._lines[heading, name] += lines

    def amounts(self) -> Amounts:
        """The sums as decimal texts."""
        by: dict[str, dict[str, dict[str, str]]] = defaultdict(lambda: defaultdict(dict))
        for (heading, name, currency), amount in sorted(self._sums.items()):
            by[heading][name][currency] = str(Decimal(amount) / _MONEY)
        lines: dict[str, dict[str, int]] = defaultdict(dict)
        for (heading, name), count in sorted(self._lines.items()):
            lines[heading][name] = count
        total = by.pop("", {}).get("", {})
        lines.pop("", None)
        return Amounts(self.lines, dict(total), {key: dict(value) for key, value in by.items()}, dict(lines))
