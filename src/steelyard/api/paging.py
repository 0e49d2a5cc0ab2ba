"""Lists by pages that stay right while rows are added: a cursor names the last row seen, never a position."""

from __future__ import annotations

from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable, Iterable, Sequence
from typing import Annotated, Any, Generic, TypeVar

from django.core import signing
from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet
from ninja import Query, Schema
from pydantic import Field

from steelyard.calc.errors import Problem

from .problems import Refusal

Item = TypeVar("Item")
MOST = 500
SALT = "steelyard.api.cursor"


class Page(Schema, Generic[Item]):
    """Some rows of a list; `next` is the cursor of the rows after them, null at the end."""

    items: list[Item]
    next: str | None = None


class Paging(Schema):
    """Where a page begins and how long it is."""

    cursor: str = Field("", description="`next` of the page before; none for the first", examples=[""])
    limit: int = Field(100, ge=1, le=MOST, description="rows of a page")


Asking = Annotated[Paging, Query(...)]


def of_rows(rows: Sequence[Any], paging: Paging, key: Callable[[Any], Any], shown: Callable[[Any], Any]) -> dict[str, Any]:
    """A page of rows that are sorted ascending by ``key`` (unique, of text or whole numbers)."""
    after = _after(paging)
    try:
        left = rows if after is None else [row for row in rows if _ordered(key(row)) > _ordered(after)]
    except TypeError:
        raise _no_cursor(paging) from None
    return _page(left[: paging.limit + 1], paging, key, shown)


def of_records(records: QuerySet[Any], paging: Paging, shown: Callable[[Any], Any], *, newest_first: bool = False) -> dict[str, Any]:
    """A page of database rows in the order of their number."""
    after = _after(paging, int)
    if after is not None:
        records = records.filter(**{"pk__lt" if newest_first else "pk__gt": after})
    found = list(records.order_by("-pk" if newest_first else "pk")[: paging.limit + 1])
    return _page(found, paging, lambda row: row.pk, shown)


def of_keyed(records: QuerySet[Any], names: Sequence[str], paging: Paging, shown: Callable[[Any], Any]) -> dict[str, Any]:
    """A page of database rows in the order of columns that are unique together and never null."""
    after = _after(paging, list)
    if after is not None:
        if len(after) != len(names):
            raise _no_cursor(paging)
        later, same = Q(pk__in=[]), Q()
        for name, value in zip(names, after, strict=True):
            later |= same & Q(**{f"{name}__gt": value})
            same &= Q(**{name: value})
        records = records.filter(later)
    try:
        found = list(records.order_by(*names)[: paging.limit + 1])
    except (ValueError, TypeError, ValidationError):  # a cursor of a list with other keys
        raise _no_cursor(paging) from None
    return _page(found, paging, lambda row: [_plain(getattr(row, name)) for name in names], shown)


def of_numbered(
    fetch: Callable[[int, int], Sequence[dict[str, Any]]], paging: Paging, name: str, shown: Callable[[Any], Any]
) -> dict[str, Any]:
    """A page of rows that ``fetch(after, size)`` finds in the order of their numbers."""
    after = _after(paging, int)
    return _page(fetch(-1 if after is None else after, paging.limit + 1), paging, lambda row: row[name], shown)


def _plain(value: Any) -> Any:
    return value.isoformat() if hasattr(value, "isoformat") else value


def _page(found: Iterable[Any], paging: Paging, key: Callable[[Any], Any], shown: Callable[[Any], Any]) -> dict[str, Any]:
    rows, limit = list(found), paging.limit
    more = len(rows) > limit
    return {"items": [shown(row) for row in rows[:limit]], "next": _cursor(key(rows[limit - 1])) if more else None}


def _ordered(key: Any) -> Any:
    return key if isinstance(key, int) else tuple(map(str, key)) if isinstance(key, list | tuple) else str(key)


def _cursor(key: Any) -> str:
    return urlsafe_b64encode(signing.dumps(key, salt=SALT).encode()).decode().rstrip("=")


def _after(paging: Paging, kind: type | tuple[type, ...] = (int, str, list)) -> Any:
    """What the cursor names; a list's own cursor never fits another list of another kind of key."""
    if not paging.cursor:
        return None
    try:
        found = signing.loads(urlsafe_b64decode(paging.cursor + "=" * (-len(paging.cursor) % 4)).decode(), salt=SALT)
    except (signing.BadSignature, ValueError):
        raise _no_cursor(paging) from None
    if not isinstance(found, kind):
        raise _no_cursor(paging)
    return found


def _no_cursor(paging: Paging) -> Refusal:
    return Refusal(422, Problem("bad_cursor", "this is no cursor of ours", "cursor", paging.cursor[:60], "begin without one"))
