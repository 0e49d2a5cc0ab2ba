"""One scorecard, and why it changed."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render

from steelyard.accounts.gate import Asked, needs
from steelyard.accounts.permissions import may

from .. import charting, links, pages, to_do, words
from ..cards import Card
from ..cards import card as read


def asked_card(request: Asked, framework: str, period: str, subject: str) -> Card:
    """The card of an address, as far as the reader sees it; `run` asks for one that is not in force."""
    return read(framework, period, subject, scope=request.scope, run=request.GET.get("run", "")[:64])


@needs("scores.read")
def card(request: Asked, framework: str, period: str, subject: str) -> HttpResponse:
    """The grade, the KPIs with what they add, what is missing for the next level, why it changed, how it was."""
    return render(request, "scorecards/card.html", _told(request, asked_card(request, framework, period, subject)))


@needs("scores.read")
def change(request: Asked, framework: str, period: str, subject: str) -> HttpResponse:
    """Why the total moved, cause by cause and item by item, adding up to the last digit."""
    return render(request, "scorecards/change.html", _told(request, asked_card(request, framework, period, subject), by_cause=True))


def _told(request: Asked, card: Card, *, by_cause: bool = False) -> dict[str, Any]:
    whose = pages.whose(card, scope=request.scope)
    told = pages.told(
        card,
        open_kpi=lambda kpi: links.of_card("kpi", card, kpi=kpi),
        open_step=lambda kpi, cause: links.of_card("moved", card, {"cause": cause}, kpi=kpi),
        by_cause=by_cause,
    )
    return told | {
        "whose": whose,
        "likely_place": words.place(whose.likely),
        "why_chart": charting.why_chart(card, told["waterfall"], told["moved"]),
        "time_chart": charting.over_time(card, whose.name.split(" ")[0]),
        "tasks": to_do.tasks_of(card.framework.code, card.subject) if card.framework.triggers else [],
        "may_close": may(request.user, "tasks.close"),
        "links": {
            "pdf": links.of_card("pdf", card),
            "why": links.of_card("why", card),
            "card": links.of_card("card", card),
            "receipt": links.of_card("receipt", card),
            "bundle": links.of_card("bundle", card),
            "ask": links.ask(card),
            "override": links.of_card("propose_override", card) if may(request.user, "overrides.propose") else None,
            "close": links.of_card("close_task", card),
            "partner": links.page("dashboards:partner", partner=whose.code) if whose.code else None,
            "partners": links.page("dashboards:partners"),
            "ranking": links.page("dashboards:ranking", {"framework": card.framework.code, "period": card.run.period}),
            "framework": links.page("frameworks:version", framework=card.framework.code, version=card.run.framework.version),
        },
    }
