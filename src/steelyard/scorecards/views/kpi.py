"""One KPI opened: its formula with the numbers in it, and every row behind them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import HttpResponse

from steelyard.accounts.gate import Asked, needs
from steelyard.accounts.permissions import may
from steelyard.ui.listing import Listing, Rows

from .. import charting, drilling, links, pages, row_lists
from ..cards import Card, Line
from ..drilling import Address
from ..spelling import Shown
from .card import asked_card


@needs("scores.read")
def kpi(request: Asked, framework: str, period: str, subject: str, kpi: str) -> HttpResponse:
    """The value, how it came about, and the rows of one of its readings."""
    card = asked_card(request, framework, period, subject)
    line = card.line(kpi)
    found, chosen = drilling.readings(card, kpi, request.GET.get("reading"))
    to_kpi, to_rows = _address("kpi", card), _address("rows", card)
    context = _told(request, card, line) | {"readings": drilling.linked(kpi, found, to_kpi), "chosen": chosen}
    context |= {
        "terms": drilling.terms(card, line, found, to_kpi),
        "definition": drilling.definition(card, line),
        "formula": card.framework.kpis[kpi].formula.text,
        "left_out": drilling.left_out(kpi, chosen, to_rows),
        "chart": charting.of_kpi(card, kpi),
        "periods": [(past, past.at(line.node, line.kpi, line.unit)) for past in reversed(pages.history(card))],
    }
    if chosen is None:
        return Listing(request, name=kpi, title=line.title, columns=(), source=Rows([])).respond("scorecards/kpi.html", context)
    return _listing(request, card, chosen).respond("scorecards/kpi.html", context)


@needs("scores.read")
def rows(request: Asked, framework: str, period: str, subject: str, kpi: str) -> HttpResponse:
    """All rows of one reading of a KPI, counted or not."""
    card = asked_card(request, framework, period, subject)
    line = card.line(kpi)
    found, chosen = drilling.readings(card, kpi, request.GET.get("reading"))
    context = _told(request, card, line) | {"readings": drilling.linked(kpi, found, _address("rows", card)), "chosen": chosen}
    if chosen is None:
        return Listing(request, name=kpi, title=line.title, columns=(), source=Rows([])).respond("scorecards/rows.html", context)
    return _listing(request, card, chosen, per=100).respond("scorecards/rows.html", context)


def _address(page: str, card: Card) -> Address:
    def to(kpi: str, query: Mapping[str, Any]) -> str | None:
        return links.of_card(page, card, dict(query), kpi=kpi)

    return to


def _listing(request: Asked, card: Card, chosen: Shown, per: int = 25) -> Listing:
    opens = may(request.user, "orders.read")
    return row_lists.listing(
        request, card, chosen, per=per, link=lambda kind, row: links.page("dashboards:order", kind=kind, row=row) if opens else None
    )


def _told(request: Asked, card: Card, line: Line) -> dict[str, Any]:
    whose = pages.whose(card, scope=request.scope)
    return {
        "card": card,
        "line": line,
        "whose": whose,
        **drilling.said(card, line),
        "rates": card.framework.convert.rates or "",
        "links": {
            "card": links.of_card("card", card),
            "kpi": links.of_card("kpi", card, kpi=line.kpi),
            "receipt": links.of_card("receipt", card),
            "ask": links.ask(card, line.kpi) if may(request.user, "questions.ask") else None,
            "partner": links.page("dashboards:partner", partner=whose.code) if whose.code else None,
            "partners": links.page("dashboards:partners"),
            "framework": links.page("frameworks:version", framework=card.framework.code, version=card.run.framework.version),
        },
    }
