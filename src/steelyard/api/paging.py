"""Lists by pages that stay right while rows are added: a cursor names the last row seen, never a position."""

from __future__ import annotations

from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable, Iterable, Sequence
from typing import Annotated, Any, Generic, TypeVar

from django.core import signing
from django.db.models import QuerySet
from ninja import Query, Schema

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

    cursor: str = ""
    limit: int = 100


Asking = Annotated[Paging, Query(...)]


def of_rows(rows: Sequence[Any], paging: Paging, key: Callable[[Any], Any], shown: Callable[[Any], Any]) -> dict[str, Any]:
    """A page of rows that are sorted ascending by ``key`` (unique, of text or whole numbers)."""
    after = _after(paging)
    left = rows if after is None else [row for row in rows if _ordered(key(row)) > _ordered(after)]
    return _page(left[: _limit(paging) + 1], paging, key, shown)


def of_records(records: QuerySet[Any], paging: Paging, shown: Callable[[Any], Any], *, newest_first: bool = False) -> dict[str, Any]:
    """A page of database rows in the order of their number."""
    after = _after(paging)
    if after is not None:
        records = records.filter(**{"pk__lt" if newest_first else "pk__gt": after})
    found = list(records.order_by("-pk" if newest_first else "pk")[: _limit(paging) + 1])
    return _page(found, paging, lambda row: row.pk, shown)


def _page(found: Iterable[Any], paging: Paging, key: Callable[[Any], Any], shown: Callable[[Any], Any]) -> dict[str, Any]:
    rows, limit = list(found), _limit(paging)
    more = len(rows) > limit
    return {"items": [shown(row) for row in rows[:limit]], "next": _cursor(key(rows[limit - 1])) if more else None}


def _limit(paging: Paging) -> int:
    if not 1 <= paging.limit <= MOST:
        raise Refusal(422, Problem("bad_limit", f"a page has 1 to {MOST} rows", "limit", str(paging.limit)))
    return paging.limit


def _ordered(key: Any) -> Any:
    return key if isinstance(key, int) else tuple(map(str, key)) if isinstance(key, list | tuple) else str(key)


def _cursor(key: Any) -> str:
    return urlsafe_b64encode(signing.dumps(key, salt=SALT).encode()).decode().rstrip("=")


def _after(paging: Paging) -> Any:
    if not paging.cursor:
        return None
    try:
        return signing.loads(urlsafe_b64decode(paging.cursor + "=" * (-len(paging.cursor) % 4)).decode(), salt=SALT)
    except (signing.BadSignature, ValueError):
        raise Refusal(422, Problem("bad_cursor", "this is no cursor of ours", "cursor", paging.cursor[:60], "begin without one")) from None
