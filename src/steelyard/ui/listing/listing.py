"""The list of a page: what the address asks, the rows that answer it, and everything its template needs."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, TypeVar
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render as render_page
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from ..formats import amount
from ..spreadsheets import FORMS
from ..unchanged import unchanged
from . import cells, exports
from .chips import Chip, chip_of
from .columns import Bulk, Column, Empty, Filter, field
from .query import SIZES, Query, asked
from .sources import Source

Answer = TypeVar("Answer")


@dataclass(frozen=True)
class Head:
    """The head of a column: the address that sorts by it, and how it is sorted now."""

    column: Column
    url: str
    sorted: str
    phone: bool


@dataclass(frozen=True)
class Row:
    """A row of the page."""

    key: str
    name: str
    markup: SafeString  # its cells
    selected: bool


@dataclass(frozen=True)
class Size:
    """A number of rows a page may have."""

    size: int
    url: str
    current: bool


@dataclass(frozen=True)
class Offer:
    """Something that can be done with the rows selected, and what it would do."""

    bulk: Bulk
    told: Any


class Listing:
    """A list of rows with everything people expect of one; see the package's first lines for an example.

    ``search``: names of columns (or fields) that the search box looks in. ``sort``: the usual order. ``per``: rows a page.
    ``totals``: the values of a last row, asked with the query. ``bulk`` needs ``key``: a column's name, or a function of the
    row. ``caption``: what a screen reader calls the table (default: the title). ``file_title``: the name of exports.
    ``alike``: what tells, with address and language, all that the rows depend on besides the database; who has it in common
    shares the rows of a page until the database changes.
    """

    def __init__(
        self, request: HttpRequest, *, name: str, title: Any, columns: Sequence[Column], source: Source,
        filters: Sequence[Filter] = (), search: Sequence[str] = (), sort: str = "", empty: Empty | None = None, per: int = 50,
        totals: Callable[[Query], Mapping[str, Any]] | None = None, bulk: Sequence[Bulk] = (),
        key: str | Callable[[Any], str] | None = None, caption: Any = "", dense: bool = False, exportable: bool = True,
        alike: Hashable = None,
    ) -> None:  # fmt: skip
        self.request, self.name, self.title, self.columns, self.source = request, name, title, tuple(columns), source
        self.filters, self.search_in, self.usual_sort, self.usual_size = tuple(filters), tuple(search), sort, per
        self.empty = empty or Empty(_("Nothing here yet"))
        self.totals_of, self.bulk, self.key, self.caption = totals, tuple(bulk), key, caption or title
        self.dense, self.exportable, self.alike = dense, exportable, alike
        self.asked = asked(request.GET, self.columns, self.filters, self.search_in, sort, per)
        self.query = self.asked.query
        self.notes = list(self.asked.notes)

    def respond(self, template: str, context: Mapping[str, Any] | None = None, status: int = 200) -> HttpResponse:
        """The page, or (`?format=`) all rows as a file."""
        form = self.request.GET.get("format", "")
        if form in FORMS and self.exportable:
            return self.file(form)
        if form:
            self.notes.append(_("There is no such file format; this is the page."))
        return render_page(self.request, template, {"listing": self, **(context or {})}, status=status)

    def file(self, form: str) -> HttpResponse:
        """All rows that the query leaves, in the columns as shown."""
        columns = exports.columns_of(self.shown, self.columns)
        return exports.answer(self.name, exports.table_of(str(self.title), columns, self.source.everything(self.query)), form)

    def value_of(self, name: str) -> Any:
        """What the address says for a filter: text, (first, last) of dates, or blank."""
        return self.query.filters.get(name, "")

    # --- rows ---------------------------------------------------------------------------------------------------------

    @cached_property
    def count(self) -> int:
        """How many rows the query leaves."""
        return self._shared("count", lambda: self.source.count(self.query))

    @cached_property
    def page(self) -> int:
        """The page shown: the last one, where the address asks for one behind it."""
        if self.asked.page > self.pages:
            self.notes.append(_("There are only %(count)s pages; this is the last.") % {"count": self.pages})
        return min(self.asked.page, self.pages)

    @property
    def pages(self) -> int:
        """How many pages there are; one at least."""
        return max(1, -(-self.count // self.asked.size))

    @property
    def first(self) -> int:
        """The number of the first row shown."""
        return (self.page - 1) * self.asked.size + 1

    @property
    def last(self) -> int:
        """The number of the last row shown."""
        return min(self.page * self.asked.size, self.count)

    @cached_property
    def rows(self) -> list[Row]:
        """The rows of the page shown."""
        first, size = self.first - 1, self.asked.size
        return self._shared("rows", lambda: [self._row(row) for row in self.source.page(self.query, first, size)]) if self.count else []

    def _shared(self, what: str, make: Callable[[], Answer]) -> Answer:
        """Made once for all who have ``alike`` in common, where the page says what that is."""
        if self.alike is None:
            return make()
        return unchanged((what, self.name, self.alike, self.request.GET.urlencode(), get_language()), make)

    def _row(self, row: Any) -> Row:
        key = str(self.key(row) if callable(self.key) else field(row, self.key) if self.key else "")
        first = self.shown[0].plain(row)
        made = SafeString("".join([cell.markup for cell in cells.cells_of(row, self.shown, self.by_name, self.phone)]))
        return Row(key, str(first if first is not None else key), made, bool(self.bulk) and key in self.asked.selected)

    @cached_property
    def totals(self) -> list[cells.Cell]:
        """The cells of the last row; none without totals."""
        values = self.totals_of(self.query) if self.totals_of and self.count else {}
        if not values:
            return []
        made = []
        for place, column in enumerate(self.shown):
            html = cells.render(column, values, self.by_name) if values.get(column.name) is not None else cells.NOTHING
            made.append(cells.Cell(html if html or place else _("Total"), column, not place, column.name in self.phone))
        return made

    @property
    def body(self) -> SafeString:
        """The rows as lines of the table, for a list without selection; no template is asked for each."""
        return self._shared("body", lambda: SafeString("".join([f"<tr>{row.markup}</tr>" for row in self.rows])))

    # --- columns ------------------------------------------------------------------------------------------------------

    @cached_property
    def by_name(self) -> dict[str, Column]:
        """Every column by name."""
        return {column.name: column for column in self.columns}

    @cached_property
    def shown(self) -> list[Column]:
        """The columns shown, but for those that stand below another."""
        below = {self.by_name[name].sub for name in self.asked.chosen}
        return [self.by_name[name] for name in self.asked.chosen if name not in below] or [self.columns[0]]

    @property
    def chosen(self) -> frozenset[str]:
        """The names ticked in the column chooser."""
        return frozenset(self.asked.chosen)

    @cached_property
    def phone(self) -> frozenset[str]:
        """The columns that stay columns on a phone."""
        return cells.on_phones(self.shown)

    @property
    def heads(self) -> list[Head]:
        """The heads of the columns shown."""
        return [self._head(column) for column in self.shown]

    def _head(self, column: Column) -> Head:
        now = self.query.sort == column.name
        first = "-" if column.numeric else ""
        turned = ("" if self.query.descending else "-") if now else first
        state = ("descending" if self.query.descending else "ascending") if now else ""
        return Head(column, self.url(sort=f"{turned}{column.name}", page=None) if column.sortable else "", state, column.name in self.phone)

    # --- addresses ----------------------------------------------------------------------------------------------------

    def url(self, **changes: Any) -> str:
        """This address with parameters changed; None takes one away."""
        kept = [pair for pair in self._parameters if pair[0] not in changes]
        return f"?{urlencode([*kept, *((name, str(value)) for name, value in changes.items() if value is not None)])}"

    @cached_property
    def _parameters(self) -> list[tuple[str, str]]:
        return [(name, value) for name, values in self.request.GET.lists() if name != "format" for value in values]

    @property
    def previous(self) -> str:
        """The page before, or blank."""
        return self.url(page=self.page - 1) if self.page > 1 else ""

    @property
    def next(self) -> str:
        """The page behind, or blank."""
        return self.url(page=self.page + 1) if self.page < self.pages else ""

    @property
    def sizes(self) -> list[Size]:
        """How many rows a page may have."""
        return [Size(size, self.url(per=size, page=None), size == self.asked.size) for size in sorted({*SIZES, self.usual_size})]

    @property
    def usual_columns(self) -> str:
        """This list with the columns it usually has."""
        return self.url(columns=None)

    @property
    def unselected(self) -> str:
        """This list with no row selected."""
        return self.url(selected=None)

    @property
    def count_text(self) -> str:
        """How many rows, as people read it."""
        return amount(self.count, "count")

    @property
    def first_text(self) -> str:
        """The number of the first row shown, as people read it."""
        return amount(self.first, "count")

    @property
    def last_text(self) -> str:
        """The number of the last row shown, as people read it."""
        return amount(self.last, "count")

    @property
    def exports(self) -> list[tuple[str, str]]:
        """(form, address) of the files."""
        return [(form.upper() if form != "parquet" else "Parquet", self.url(format=form, page=None, per=None)) for form in FORMS]

    @property
    def cleared(self) -> str:
        """This list without search and filters."""
        return self.url(q=None, page=None, **{name: None for one in self.filters for name in chip_of(one, self).parameters})

    @property
    def chips(self) -> list[Chip]:
        """The filters."""
        return self._shared("chips", lambda: [chip_of(wanted, self) for wanted in self.filters])

    # --- selection ----------------------------------------------------------------------------------------------------

    @property
    def selected(self) -> tuple[str, ...]:
        """The keys of the rows selected."""
        return self.asked.selected if self.bulk else ()

    @property
    def selected_elsewhere(self) -> list[str]:
        """Those of them that stand on other pages: ticking here keeps them."""
        here = {row.key for row in self.rows}
        return [key for key in self.selected if key not in here]

    @property
    def offers(self) -> list[Offer]:
        """What can be done with them, each with what it would do."""
        return [Offer(one, one.dry_run(self.selected) if one.dry_run else "") for one in self.bulk] if self.selected else []
