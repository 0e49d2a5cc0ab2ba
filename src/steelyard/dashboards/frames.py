"""A frame as the source of a list: searched, filtered and sorted as columns; only the rows of one page become rows."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

import polars as pl

from steelyard.ui.listing import Query

Narrowed = Callable[[str], pl.Expr]  # the value of a filter -> which rows pass
Row = dict[str, Any]


class Frames:
    """``filters``: name -> which rows pass (default: equal text). ``order``: name -> what to sort by instead of the column.

    ``tie`` settles equal rows. ``more`` adds to the rows of a page (or of an export) what is read for those rows alone.
    """

    def __init__(
        self,
        frame: pl.DataFrame,
        *,
        tie: str,
        filters: Mapping[str, Narrowed] | None = None,
        order: Mapping[str, pl.Expr] | None = None,
        more: Callable[[list[Row]], list[Row]] | None = None,
    ) -> None:
        self.frame = frame
        self.tie = tie
        self.filters = dict(filters or {})
        self.order = dict(order or {})
        self.more = more
        self._answered: tuple[Query, pl.DataFrame] | None = None

    def count(self, query: Query) -> int:
        """How many rows pass."""
        return self._found(query).height

    def page(self, query: Query, start: int, size: int) -> Sequence[Row]:
        """Some of the rows that pass."""
        return self._rows(self._found(query).slice(start, size))

    def everything(self, query: Query) -> Iterable[Row]:
        """All rows that pass."""
        return self._rows(self._found(query))

    def _rows(self, frame: pl.DataFrame) -> list[Row]:
        rows = frame.to_dicts()
        return self.more(rows) if self.more else rows

    def _found(self, query: Query) -> pl.DataFrame:
        if self._answered is None or self._answered[0] is not query:
            self._answered = (query, self._sorted(self._narrowed(query), query))
        return self._answered[1]

    def _narrowed(self, query: Query) -> pl.DataFrame:
        passes: list[pl.Expr] = []
        for name, value in query.filters.items():
            declared = query.declared[name]
            if declared.applies:
                own = self.filters.get(name)
                passes.append(own(value) if own else pl.col(declared.column or name).cast(pl.String) == str(value))
        if query.search and query.search_in:
            text = pl.concat_str([pl.col(name).fill_null("") for name in query.search_in], separator=" ").str.to_lowercase()
            passes += [text.str.contains(word, literal=True) for word in query.search.lower().split()]
        return self.frame.filter(*passes) if passes else self.frame

    def _sorted(self, frame: pl.DataFrame, query: Query) -> pl.DataFrame:
        if query.sort not in self.order and query.sort not in frame.columns:
            return frame
        by = self.order.get(query.sort)
        if by is None:
            text = frame.schema[query.sort] == pl.String
            by = pl.col(query.sort).str.to_lowercase() if text else pl.col(query.sort)
        return frame.sort([by, pl.col(self.tie)], descending=[query.descending, False], nulls_last=True)
