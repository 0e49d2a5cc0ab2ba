"""Addresses that scorecards lead to; None where this installation has no such page."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.urls import NoReverseMatch, reverse

from .cards import Card


def page(name: str, /, query: dict[str, Any] | None = None, **parts: Any) -> str | None:
    """The address of a page by its name, with a query."""
    try:
        address = reverse(name, kwargs=parts)
    except NoReverseMatch:
        return None
    asked = urlencode({key: value for key, value in (query or {}).items() if value not in (None, "")})
    return f"{address}?{asked}" if asked else address


def of_card(name: str, card: Card, query: dict[str, Any] | None = None, **parts: Any) -> str | None:
    """A page about this scorecard; one that is not in force is asked for by its run."""
    whose = {"framework": card.framework.code, "period": card.run.period, "subject": card.subject}
    asked = {**(query or {}), **({} if card.in_force else {"run": card.run.run_id[:12]})}
    return page(f"scorecards:{name}", asked, **whose, **parts)


def ask(card: Card, kpi: str | None = None, row: int | None = None) -> str | None:
    """The form in which somebody questions a number."""
    query = {"framework": card.framework.code, "period": card.run.period, "subject": card.subject, "kpi": kpi, "row": row}
    return page("records:ask", query) or page("reviews:ask", query)
