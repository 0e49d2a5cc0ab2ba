"""What a list declares: its columns, its filters, what can be done with selected rows, and what it says when it is empty."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from django.utils.safestring import SafeString

from steelyard.calc.units import Blank

Kind = Literal[
    "text", "number", "money", "price", "points", "percent", "days", "count", "rate", "date", "moment", "grade", "yes_no", "delta"
]  # fmt: skip
NUMERIC = frozenset({"number", "money", "price", "points", "percent", "days", "count", "rate", "delta"})


@dataclass(frozen=True)
class Column:
    """One column. Numbers are whole numbers in the grain of their unit, which is the kind (of a delta: ``unit``).

    ``value``: reads the row, where that is more than row[name]. ``link``: the address that a cell opens. ``sub``: another
    column, shown as a small line below instead of a column of its own. ``currency``: the column (also one that is not
    listed) with the currency of money. ``phone``: whether it stays a column on a phone (None: decided by its place and
    kind); the others go below the first. ``template``: an own cell, rendered with row, value and column;
    ``drawn``: the same as a function of row and value, ten times as quick.
    """

    name: str
    title: Any
    kind: Kind = "text"
    link: Callable[[Any], str | None] | None = None
    sub: str | None = None
    sortable: bool = True
    shown: bool = True
    value: Callable[[Any], Any] | None = None
    currency: str | None = None
    template: str | None = None
    drawn: Callable[[Any, Any], SafeString] | None = None
    unit: str = "points"
    digits: int | None = None
    exact: bool = False
    good: str = "up"
    levels: Sequence[Any] | Callable[[Any], Sequence[Any]] = ()
    phone: bool | None = None
    hint: Any = ""
    exported: bool = True

    @property
    def numeric(self) -> bool:
        """Whether it stands to the right."""
        return self.kind in NUMERIC

    def read(self, row: Any) -> Any:
        """The value of a row; None or a `Blank` where there is none."""
        return self.value(row) if self.value else field(row, self.name)

    def plain(self, row: Any) -> Any:
        """The value for sorting, filtering and export: no data is None."""
        value = self.read(row)
        return None if value is None or isinstance(value, Blank) or value == "" else value


def field(row: Any, name: str) -> Any:
    """A named value of a row, be it a mapping or an object."""
    return row.get(name) if isinstance(row, Mapping) else getattr(row, name, None)


@dataclass(frozen=True)
class Filter:
    """One filter, a chip above the list. ``choice``: one of ``choices`` (value, label); ``text``: contains; ``exact``: is;
    ``dates``: from, to.

    ``column``: what of the row is compared (default: its own name). ``matches``: an own comparison of (row, value), for `Rows`.
    ``default``: its value when the address says nothing; ``required``: it cannot be taken off. ``applies`` False: the page
    itself reads the value (`listing.value_of`), as for a period that decides which rows there are.
    """

    name: str
    title: Any
    choices: Sequence[tuple[Any, Any]] = ()
    kind: Literal["choice", "text", "exact", "dates"] = "choice"
    column: str = ""
    matches: Callable[[Any, Any], bool] | None = None
    default: str = ""
    required: bool = False
    applies: bool = True


@dataclass(frozen=True)
class Empty:
    """What the page says when there is no row at all: what it is, and the next step."""

    title: Any
    text: Any = ""
    url: str = ""
    label: Any = ""


@dataclass(frozen=True)
class Bulk:
    """Something to do with selected rows: posted to ``url`` as `selected`. ``dry_run`` says in words what would happen."""

    label: Any
    url: str
    dry_run: Callable[[Sequence[str]], Any] | None = None
    primary: bool = False
