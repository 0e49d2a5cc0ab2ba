"""Facts as the source of a list: what counts now, the newest first, within the reader's scope.

Ten million rows are never gathered for one page: without search and filters the newest parts are read from their ends.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import polars as pl

from steelyard.calc.facts import FACTS, Kind
from steelyard.ledger import queries as ledger
from steelyard.ledger.queries import Part
from steelyard.ledger.scope import EVERYTHING, Scope
from steelyard.ui.listing import Query

from .facts import visible_facts

ORIGIN = ("row_id", "source", "batch", "source_row")
NEAR = 5_000  # rows from the newest on that are found without sorting everything
FIRST = 500  # of them that are kept: what nearly everybody looks at


@dataclass(frozen=True)
class _Whole:
    """What a kind holds at a cut, for whoever sees everything: how many live rows, the first of them, the rows taken back."""

    count: int
    first: pl.DataFrame
    gone: pl.DataFrame


_kept: dict[str, tuple[tuple[int, str], _Whole]] = {}  # kind -> the cut that was read last; what it held never changes


class FactRows:
    """The live rows of a kind as a source of a list; ``scope`` may be narrowed to one partner."""

    def __init__(self, kind: Kind, *, scope: Scope, cut: int | None = None) -> None:
        self.kind = kind
        self.scope = scope
        self.cut = ledger.head() if cut is None else cut
        self.columns = [*ORIGIN, *kind.schema]
        self._counted: tuple[Query, int] | None = None

    def count(self, query: Query) -> int:
        """How many live rows pass."""
        if self._counted is None or self._counted[0] is not query:
            self._counted = (query, self._count(query))
        return self._counted[1]

    def page(self, query: Query, start: int, size: int) -> Sequence[dict[str, Any]]:
        """Some of the live rows that pass."""
        newest_first = not query.sort or (query.sort == "row_id" and query.descending)
        if self._whole(query) and newest_first and start + size <= NEAR:
            kept = self._kept
            near = kept.first[start : start + size] if start + size <= FIRST else self._newest(start, size, kept.gone)
            return near.to_dicts()
        return self._ordered(self._found(query), query).slice(start, size).collect().to_dicts()

    def everything(self, query: Query) -> Iterable[dict[str, Any]]:
        """All live rows that pass."""
        return self._ordered(self._found(query), query).collect().iter_rows(named=True)

    def following(self, row: int, size: int, passing: Sequence[pl.Expr] = ()) -> list[dict[str, Any]]:
        """The next live rows after a row number, in the order of their numbers: later rows never come before earlier ones."""
        rows = self._live(visible_facts(self.kind.name, cut=self.cut, scope=self.scope, columns=[*self.columns, "sign"]), self._kept.gone)
        return rows.filter(pl.col("row_id") > row, *passing).select(self.columns).sort("row_id").head(size).collect().to_dicts()

    def _whole(self, query: Query) -> bool:
        applied = [name for name in query.filters if query.declared[name].applies]
        return self.scope.everything and not query.search and not applied

    def _count(self, query: Query) -> int:
        if self._whole(query):
            return self._kept.count
        return int(self._found(query).select(pl.len()).collect().item())

    @cached_property
    def _kept(self) -> _Whole:
        """Read once, and again when the ledger has moved."""
        now = (self.cut, ledger.chain_hash(self.cut))
        kept = _kept.get(self.kind.name)
        if kept is None or kept[0] != now:
            rows = ledger.facts(self.kind.name, cut=self.cut, scope=EVERYTHING, columns=["sign", "reverses_row_id"])
            gone = rows.filter(pl.col("sign") < 0).select(row_id="reverses_row_id").collect()
            count = sum(part.rows for part in self._parts) - 2 * gone.height
            kept = _kept[self.kind.name] = (now, _Whole(count, self._newest(0, FIRST, gone), gone))
        return kept[1]

    @cached_property
    def _parts(self) -> list[Part]:
        return ledger.parts(self.kind.name, self.cut)

    def _live(self, rows: pl.LazyFrame, gone: pl.DataFrame) -> pl.LazyFrame:
        live = rows.filter(pl.col("sign") > 0)
        return live.join(gone.lazy(), on="row_id", how="anti") if gone.height else live

    def _newest(self, start: int, size: int, gone: pl.DataFrame) -> pl.DataFrame:
        """The last rows of the newest parts, newest first; each part is asked for its highest numbers before its columns."""
        found: list[pl.DataFrame] = []
        wanted = start + size
        for part in sorted(self._parts, key=lambda part: -part.last_seq):
            if wanted <= 0:
                break
            numbers = self._live(part.scan(["row_id", "sign"]), gone).select("row_id").collect()["row_id"].top_k(wanted)
            if numbers.is_empty():
                continue
            rows = part.scan([*self.columns, "sign"]).filter(pl.col("row_id") >= numbers.min())
            found.append(self._live(rows, gone).select(self.columns).sort("row_id", descending=True).collect())
            wanted -= numbers.len()
        return pl.concat(found)[start : start + size] if found else pl.DataFrame(schema=dict.fromkeys(self.columns, pl.Null))

    def _found(self, query: Query) -> pl.LazyFrame:
        rows = self._live(visible_facts(self.kind.name, cut=self.cut, scope=self.scope, columns=[*self.columns, "sign"]), self._kept.gone)
        for name, value in query.filters.items():
            declared = query.declared[name]
            if declared.applies:
                rows = rows.filter(self._passes(declared.column or name, declared.kind, value))
        for word in query.search.split():
            inside = [pl.col(name).str.to_lowercase().str.contains(word.casefold(), literal=True) for name in query.search_in]
            rows = rows.filter(pl.any_horizontal(inside).fill_null(False))
        return rows

    def _passes(self, name: str, how: str, value: Any) -> pl.Expr:
        column = pl.col(name)
        if how == "dates":
            first, last = value
            since = column >= first if first else pl.lit(True)
            return since & (column <= last if last else pl.lit(True))
        if how == "text":
            return column.str.to_lowercase().str.contains(str(value).casefold(), literal=True).fill_null(False)
        return (column.cast(pl.String) == str(value)).fill_null(False) if self.kind.schema.get(name) != pl.String else column == str(value)

    def _ordered(self, rows: pl.LazyFrame, query: Query) -> pl.LazyFrame:
        name = query.sort if query.sort in self.columns else "row_id"
        falling = query.descending or not query.sort
        return rows.select(self.columns).sort([name, "row_id"], descending=[falling, True], nulls_last=True)


def kinds() -> list[Kind]:
    """The kinds of facts, in the order of the catalogue."""
    return list(FACTS.values())
