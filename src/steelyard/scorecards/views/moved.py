"""The rows behind a step of a change."""

from __future__ import annotations

from django.http import HttpResponse

from steelyard.accounts.gate import Asked, needs
from steelyard.accounts.permissions import may
from steelyard.calc import causes
from steelyard.calc.errors import Missing

from .. import drilling, links, moved, pages, row_lists, words
from .card import asked_card


@needs("scores.read")
def moved_rows(request: Asked, framework: str, period: str, subject: str, kpi: str) -> HttpResponse:
    """What a cause brought, took away or made count otherwise, in one reading of a KPI."""
    card, cause = asked_card(request, framework, period, subject), request.GET.get("cause") or causes.DATA
    line = card.line(kpi)

    def to(name: str) -> str | None:
        return links.of_card("moved", card, {"cause": cause, "reading": name}, kpi=kpi)

    found, chosen = drilling.readings(card, kpi, request.GET.get("reading"))
    if chosen is None:
        raise Missing
    frame = moved.of_card(card, cause, chosen.reading, scope=request.scope)
    opens = may(request.user, "orders.read")
    listing = row_lists.moved_listing(
        request, card, chosen, frame, link=lambda kind, row: links.page("dashboards:order", kind=kind, row=row) if opens else None
    )
    context = {
        "card": card,
        "line": line,
        "whose": pages.whose(card, scope=request.scope),
        "cause": words.cause(cause),
        "readings": [{"reading": reading, "url": to(reading.name)} for reading in found],
        "chosen": chosen,
        "count": frame.height,
        "links": {
            "card": links.of_card("card", card),
            "why": links.of_card("why", card),
            "kpi": links.of_card("kpi", card, kpi=kpi),
            "receipt": links.of_card("receipt", card),
            "partners": links.page("dashboards:partners"),
        },
    }
    return listing.respond("scorecards/moved.html", context)
