"""Addresses of things that several pages link to; None where no page shows such a thing."""

from __future__ import annotations

from functools import lru_cache
from typing import Any
from urllib.parse import urlencode

from django.urls import NoReverseMatch, reverse


def page(name: str, /, **parts: Any) -> str | None:
    """The address of a page by its name."""
    return _page(name, tuple(parts.items()))


@lru_cache(maxsize=10_000)
def _page(name: str, parts: tuple[tuple[str, Any], ...]) -> str | None:
    try:
        return reverse(name, kwargs=dict(parts))
    except NoReverseMatch:  # a part that no address can hold, or a page that this installation does not have
        return None


def with_query(address: str | None, **query: Any) -> str | None:
    """The address with a query; what is None or empty is left out."""
    asked = urlencode({name: value for name, value in query.items() if value not in (None, "")})
    return f"{address}?{asked}" if address and asked else address


def partner(code: str | None) -> str | None:
    """One partner's page."""
    return page("dashboards:partner", partner=code) if code else None


def scorecard(framework: str, period: str, subject: str) -> str | None:
    """One scorecard."""
    return page("scorecards:card", framework=framework, period=period, subject=subject)


def kpi(framework: str, period: str, subject: str, name: str) -> str | None:
    """One KPI of a scorecard, with the rows behind it."""
    return page("scorecards:kpi", framework=framework, period=period, subject=subject, kpi=name)


def ranking(**query: Any) -> str | None:
    """The ranking, filtered and sorted."""
    return with_query(page("dashboards:ranking"), **query)
