"""What a mapping says: which column of a file means what, and how its texts are written."""

from __future__ import annotations

from collections.abc import Mapping as Keyed
from dataclasses import dataclass, field, replace
from datetime import date
from fractions import Fraction
from typing import Literal

from ..reading import Dialect

DateOrder = Literal["YMD", "DMY", "MDY"]


@dataclass(frozen=True, slots=True)
class Lookup:
    """A second file: find the row whose ``key`` is the cell, take its ``value``; ``then`` looks that up again."""

    file: str
    key: str
    value: str
    then: Lookup | None = None
    names: tuple[str, ...] = ()  # of its columns, where it has no header

    def files(self) -> list[str]:
        """Every file this look-up needs."""
        return [self.file, *(self.then.files() if self.then else ())]


@dataclass(frozen=True, slots=True)
class Factor:
    """One column of a product; ``one_minus``: a share that is taken off, such as a discount."""

    header: str
    one_minus: bool = False


@dataclass(frozen=True, slots=True)
class ColumnRule:
    """How one of our columns is filled: a constant, one column of the file or several, with what is done to the texts."""

    header: str | None = None
    constant: str | None = None
    join: tuple[str, ...] = ()  # headers: their texts with a space between them
    product: tuple[Factor, ...] = ()  # numbers multiplied exactly
    values: Keyed[str, str] | None = None  # text in the file -> our text
    otherwise: Literal["refuse", "keep", "blank"] = "refuse"  # for texts that `values` does not name
    lookup: Lookup | None = None
    times: Fraction | None = None
    decimal: str | None = None
    thousands: str | None = None
    date_order: DateOrder | None = None
    date_format: str | None = None  # strftime's words, for dates that the usual ways do not read (`%Y%m%d`)
    each_file: bool = False  # the constant is said anew for every file, and never taken over from the last one
    days: int = 0  # added to every day, for calendars that run ahead or behind

    @property
    def headers(self) -> tuple[str, ...]:
        """Every column of the file that this reads."""
        return ((self.header,) if self.header is not None else ()) + self.join + tuple(factor.header for factor in self.product)


@dataclass(frozen=True, slots=True)
class Filter:
    """Rows for which this does not hold are left out on purpose, and counted with the reason."""

    column: str
    test: Literal["is", "is_not", "in", "not_in"]
    texts: tuple[str, ...]
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Unpivot:
    """Wide tables: one row for each of these columns. ``columns`` empty: all that the mapping does not name."""

    columns: tuple[str, ...]
    name: str
    value: str


@dataclass(frozen=True, slots=True)
class Covers:
    """The days for which the file is complete; ``party`` blank: for every partner of the source."""

    report: str
    first_day: date
    last_day: date
    party: str = ""


@dataclass(frozen=True, slots=True)
class Control:
    """What whoever sent the file counted in it: rows that are no totals, and the sum of their amounts in ten-thousandths."""

    rows: int | None = None
    amount: int | None = None


@dataclass(frozen=True, slots=True)
class Mapping:
    """One mapping. Equal mappings have equal text (`write.to_yaml`), which is what is stored and hashed."""

    kind: str
    source: str = ""
    columns: Keyed[str, ColumnRule] = field(default_factory=dict)  # empty: found by header
    dialect: Dialect = field(default_factory=Dialect)
    decimal: str | None = None  # None: found per column, and refused where it is ambiguous
    thousands: str | None = None
    date_order: DateOrder | None = None
    blank_words: tuple[str, ...] = ()
    currency: str | None = None
    where: tuple[Filter, ...] = ()
    unpivot: Unpivot | None = None
    replaces: tuple[str, ...] = ()  # empty: `scope: lines`
    totals: Literal["quarantine", "drop"] = "quarantine"
    negatives: Literal["warn", "allowed", "refused"] = "refused"  # refused, unless the row says that it is a return or credit
    amount_check: Literal["warn", "refuse", "ignore"] = "warn"  # where quantity times unit price is not the amount
    tolerance: str = "1%"  # of the amount, or as money
    merged: Literal["refuse", "fill", "blank"] = "refuse"  # cells that a merged area covers, below its first row
    hidden: Literal["read", "drop"] = "read"  # rows that are hidden or filtered away in a sheet
    covers: Covers | None = None
    control: Control | None = None
    extra: Literal["warn", "ignore", "refuse"] = "warn"
    ends: Literal["file", "blank row"] = "file"  # what stands below the first blank row is left out, and counted
    bring_in: Literal["ask", "at once"] = "ask"  # in the pages, where every row is read and nothing is left to say
    ours: bool = False  # a file that Steelyard itself wrote: rows of quarantine sent again

    def for_own_file(self) -> Mapping:
        """The same mapping for an exported quarantine: its own dialect, the header in row 1."""
        return replace(self, dialect=Dialect(encoding="utf-8", separator=","), ours=True, control=None)

    def for_another_file(self) -> Mapping:
        """The same mapping without what was said of one file: the days that it covers, and its control totals."""
        return replace(self, covers=None, control=None)
