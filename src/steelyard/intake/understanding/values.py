"""What the values of a column look like: numbers, days, currencies, codes that are known."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import polars as pl

from ..checking.codes import currency_code
from ..checking.columns import SPACES
from ..reading import RawTable
from ..reading.table import Cell
from .findings import Known

LOOKED = 5_000  # rows of a column
_NUMBER = r"^[^\w(+\-−.,]*(?:[A-Z]{3} ?)?[(+\-−]?\s*[^\w\s.,]?\s*[\d.,][\d.,'’\s]*[)\-−]?\s*(?:%|[A-Z]{3}|[^\w\s])?$"
_DAY = (
    r"^(?:\d{4}[-/.]\d{1,2}[-/.]\d{1,2}|\d{1,2}[-/. ]\d{1,2}[-/. ]\d{2,4}"
    r"|\d{1,2}[-. ]+[A-Za-z]{3,9}[-., ]+\d{4}|[A-Za-z]{3,9}[-. ]+\d{1,2}[-., ]+\d{4})(?:[T ]\d.*)?$"
)


@dataclass(frozen=True)
class Profile:
    """One column of the file. ``texts`` are those that are not blank, ``types`` how a spreadsheet typed them."""

    header: str
    place: int
    texts: pl.Series
    types: pl.Series | None
    rows: int

    def _share(self, pattern: str, *codes: Cell) -> float:
        if not self.texts.len():
            return 0.0
        mask = self.texts.str.contains(pattern)
        if self.types is not None:
            mask = pl.select(
                pl.when(self.types == int(Cell.TEXT)).then(mask).otherwise(self.types.is_in([int(code) for code in codes]))
            ).to_series()
        return float(mask.sum()) / self.texts.len()

    @cached_property
    def numbers(self) -> float:
        """The share of cells that are numbers."""
        return self._share(_NUMBER, Cell.NUMBER)

    @cached_property
    def days(self) -> float:
        """The share of cells that are days."""
        return self._share(_DAY, Cell.DATE)

    @cached_property
    def distinct(self) -> int:
        """How many different texts there are."""
        return self.texts.n_unique()

    @cached_property
    def currencies(self) -> float:
        """The share of cells that are currency codes written as such."""
        words = self.texts.unique()
        codes = [word for word in words if len(word) == 3 and word.isupper() and currency_code(word)]
        return float(self.texts.is_in(codes).sum()) / max(self.texts.len(), 1) if words.len() <= 40 else 0.0

    @cached_property
    def decimals(self) -> bool:
        """Whether any cell is a number with decimals: then it is no code."""
        return self.numbers >= 0.6 and bool(self.texts.head(500).str.contains(r"\d[.,]\d").any())

    def among(self, known: frozenset[str]) -> float:
        """The share of cells that stand among known codes or names."""
        words = self.texts.unique().to_list()
        hits = [word for word in words if word in known or word.casefold() in known]
        return float(self.texts.is_in(hits).sum()) / max(self.texts.len(), 1) if known else 0.0

    def examples(self, most: int = 5) -> tuple[str, ...]:
        """The first different texts."""
        return tuple(self.texts.head(500).unique(maintain_order=True).head(most).to_list())


def profiles(table: RawTable) -> list[Profile]:
    """Every column that has a name or holds anything."""
    found = []
    for place, header in enumerate(table.headers):
        texts = table.frame.get_column(f"c{place}").head(LOOKED).str.strip_chars(SPACES)
        types = table.types.get(f"c{place}")
        there = texts != ""
        kept = types.head(LOOKED).filter(there) if types is not None else None
        if there.any() or not header.startswith("(column "):
            found.append(Profile(header, place, texts.filter(there), kept, texts.len()))
    return found


def known_share(profile: Profile, known: Known, refers_to: str | None) -> float:
    """How many cells of a column the masters know."""
    if refers_to == "currency":
        return profile.currencies
    return profile.among(known.products if refers_to == "product" else known.parties if refers_to == "party" else frozenset())
