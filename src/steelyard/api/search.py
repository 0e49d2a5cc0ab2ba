"""One search over REST, as the pages have it: what has the text in its name or code, as far as the reader may open it."""

from __future__ import annotations

from typing import Annotated, Any

from ninja import Query, Router, Schema
from pydantic import Field

from steelyard.dashboards import search as found

from .gate import Asked, needs
from .problems import answers

router = Router(tags=["search"])


class HitShown(Schema):
    """Something found."""

    key: str = Field(description="its code, blank for a page", examples=["GB-0001"])
    title: str = Field(examples=["Northern Diagnostics"])
    detail: str = Field(examples=["GB-0001 · Leeds, United Kingdom"])
    address: str = Field(description="the page that shows it", examples=["/partners/GB-0001"])


class HitsShown(Schema):
    """What was found of one kind."""

    kind: str = Field(description="partners, territories, pages, frameworks, orders", examples=["partners"])
    hits: list[HitShown]


@router.get("", response=answers(ok=list[HitsShown]), summary="Search everything")
@needs("staff")
def search(request: Asked, q: Annotated[str, Query(max_length=found.LONGEST, examples=["northern"])] = "") -> list[dict[str, Any]]:
    """At most eight of a kind; an order's number leads to the list of orders, which looks for it among all of them."""
    groups = found.search(q, user=request.user, scope=request.scope)
    return [{"kind": group.name, "hits": [_shown(hit) for hit in group.hits]} for group in groups]


def _shown(hit: found.Hit) -> dict[str, str]:
    return {"key": hit.key, "title": hit.title, "detail": hit.detail, "address": hit.url}
