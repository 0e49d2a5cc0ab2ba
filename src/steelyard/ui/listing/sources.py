"""Where rows come from: a list in memory, records of the database, or anything else that answers the same three questions."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any, Protocol

from django.db.models import F, Q, QuerySet

from .columns import Column, field
from .query import Query


class Source(Protocol):
    """What a list asks; each answer is about the rows that the query leaves, in its order."""

    def count(self, query: Query) -> int:
        """How many rows."""

    def page(self, query: Query, start: int, size: int) -> Sequence[Any]:
        """Some of them: mappings or objects."""

    def everything(self, query: Query) -> Iterable[Any]:
        """All of them."""


class Rows:
    """Rows that are in memory already, mappings or objects: quick up to some ten thousands."""

    def __init__(self, rows: Iterable[Any]) -> None:
        self.rows = list(rows)
        self._answered: tuple[Query, list[Any]] | None = None

    def count(self, query: Query) -> int:
        """How many rows pass."""
        return len(self.everything(query))

    def page(self, query: Query, start: int, size: int) -> Sequence[Any]:
        """Some of the rows that pass."""
        return self.everything(query)[start : start + size]

    def everything(self, query: Query) -> list[Any]:
        """All rows that pass, sorted; a list is asked once for its page and its count."""
        if self._answered is None or self._answered[0] is not query:
            self._answered = (query, _sorted([row for row in self.rows if _passes(row, query)], query))
        return self._answered[1]


def _passes(row: Any, query: Query) -> bool:
    for name, value in query.filters.items():
        declared = query.declared[name]
        if declared.applies and not _matches(declared.matches, row, _read(row, declared.column or name, query), value, declared.kind):
            return False
    if not query.search:
        return True
    text = " ".join(str(value) for name in query.search_in if (value := _read(row, name, query)) is not None).casefold()
    return all(word in text for word in query.search.casefold().split())


def _matches(own: Any, row: Any, found: Any, value: Any, kind: str) -> bool:
    if own is not None:
        return bool(own(row, value))
    if kind == "dates":
        day = found.date() if isinstance(found, datetime) else found
        first, last = value
        return isinstance(day, date) and (first is None or day >= first) and (last is None or day <= last)
    if kind == "text":
        return str(value).casefold() in str(found or "").casefold()
    if isinstance(found, bool):
        return value in (("yes", "True") if found else ("no", "False"))
    return str(found if found is not None else "") == str(value)


def _read(row: Any, name: str, query: Query) -> Any:
    column = query.columns.get(name)
    return column.plain(row) if column else field(row, name)


def _sorted(rows: list[Any], query: Query) -> list[Any]:
    """By the column asked for, what has no value last in either direction."""
    column = query.columns.get(query.sort)
    if column is None:
        return rows
    keyed = [(column.plain(row), row) for row in rows]
    known = [pair for pair in keyed if pair[0] is not None]
    known.sort(key=lambda pair: _order(pair[0]), reverse=query.descending)
    return [row for _value, row in known] + [row for value, row in keyed if value is None]


def _order(value: Any) -> tuple[int, Any]:
    """Numbers before days before text, so that a column with both never fails."""
    if isinstance(value, bool | int):
        return (0, value)
    if isinstance(value, datetime):
        return (1, value.timestamp())
    if isinstance(value, date):
        return (2, value)
    return (3, str(value).casefold())


class Records:
    """Records of the database: searched, filtered, sorted and paged there. ``fields``: column name -> field, where they differ."""

    def __init__(self, records: QuerySet[Any], fields: Mapping[str, str] | None = None) -> None:
        self.records = records
        self.fields = dict(fields or {})

    def count(self, query: Query) -> int:
        """How many records pass."""
        return self._found(query).count()

    def page(self, query: Query, start: int, size: int) -> Sequence[Any]:
        """Some of the records that pass."""
        return list(self._ordered(query)[start : start + size])

    def everything(self, query: Query) -> Iterable[Any]:
        """All records that pass."""
        return self._ordered(query).iterator(chunk_size=2_000)

    def _field(self, name: str) -> str:
        return self.fields.get(name, name)

    def _found(self, query: Query) -> QuerySet[Any]:
        records = self.records
        for name, value in query.filters.items():
            declared = query.declared[name]
            if not declared.applies:
                continue
            found_in = self._field(declared.column or name)
            if declared.kind == "dates":
                first, last = value
                within = "__date" if _is_moment(query.columns.get(declared.column or name)) else ""
                records = records.filter(**{f"{found_in}{within}__gte": first}) if first else records
                records = records.filter(**{f"{found_in}{within}__lte": last}) if last else records
            elif declared.kind == "text":
                records = records.filter(**{f"{found_in}__icontains": value})
            else:
                records = records.filter(
                    **{found_in: {"yes": True, "no": False}.get(value, value) if _is_yes_no(query, declared) else value}
                )
        for word in query.search.split():
            anywhere = Q()
            for name in query.search_in:
                anywhere |= Q(**{f"{self._field(name)}__icontains": word})
            records = records.filter(anywhere)
        return records

    def _ordered(self, query: Query) -> QuerySet[Any]:
        found = self._found(query)
        column = query.columns.get(query.sort)
        if column is None or (column.value is not None and query.sort not in self.fields):
            return found if found.ordered else found.order_by("pk")
        by = F(self._field(query.sort))
        return found.order_by(by.desc(nulls_last=True) if query.descending else by.asc(nulls_last=True), "pk")


def _is_moment(column: Column | None) -> bool:
    return column is not None and column.kind == "moment"


def _is_yes_no(query: Query, declared: Any) -> bool:
    column = query.columns.get(declared.column or declared.name)
    return column is not None and column.kind == "yes_no"
