"""One KPI opened: its formula with the numbers in it, and every row behind them."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.utils.translation import gettext as _

from steelyard.accounts.gate import Asked, needs
from steelyard.accounts.permissions import may
from steelyard.calc.framework.sentences import sentences
from steelyard.ui.listing import Listing, Rows

from .. import charting, links, opening, pages, row_lists, spelling, words
from ..cards import Card, Line
from ..spelling import Shown
from .card import asked_card


@needs("scores.read")
def kpi(request: Asked, framework: str, period: str, subject: str, kpi: str) -> HttpResponse:
    """The value, how it came about, and the rows of one of its readings."""
    card = asked_card(request, framework, period, subject)
    line = card.line(kpi)
    readings, chosen = _readings(request, card, kpi)
    context = _told(request, card, line) | {"readings": _linked(card, kpi, readings), "chosen": chosen}
    context |= {
        "terms": _terms(card, line, readings),
        "definition": _definition(card, line),
        "formula": card.framework.kpis[kpi].formula.text,
        "left_out": _left_out(card, kpi, chosen),
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
    readings, chosen = _readings(request, card, kpi)
    context = _told(request, card, line) | {"readings": _linked(card, kpi, readings, "rows"), "chosen": chosen}
    if chosen is None:
        return Listing(request, name=kpi, title=line.title, columns=(), source=Rows([])).respond("scorecards/rows.html", context)
    return _listing(request, card, chosen, per=100).respond("scorecards/rows.html", context)


def _readings(request: Asked, card: Card, kpi: str) -> tuple[list[Shown], Shown | None]:
    """Every reading of the KPI, and the one that the address asks for: else the first."""
    found = [spelling.shown(card.framework, evidence) for evidence in opening.evidence_of(card.run, card.subject, kpi)]
    asked = request.GET.get("reading")
    return found, next((reading for reading in found if reading.name == asked), found[0] if found else None)


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
        "said": words.spoken(line.value, line.unit, card.framework.currency) if line.value is not None else _("no data"),
        "exact": words.limit(line.value, line.unit, card.framework.currency) if line.value is not None else "",
        "no_data": words.no_data(line.no_data),
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


def _linked(card: Card, kpi: str, readings: list[Shown], page: str = "kpi") -> list[dict[str, Any]]:
    return [{"reading": reading, "url": links.of_card(page, card, {"reading": reading.name}, kpi=kpi)} for reading in readings]


def _terms(card: Card, line: Line, readings: list[Shown]) -> list[dict[str, Any]]:
    """The formula with an address for every number that opens."""
    by_reading = {reading.reading: reading for reading in readings}
    terms = spelling.spelled(card, line, by_reading)
    return [{"term": term, "url": _opens(card, line, term)} for term in terms]


def _opens(card: Card, line: Line, term: spelling.Term) -> str | None:
    if term.kpi:
        return links.of_card("kpi", card, kpi=term.kpi)
    return links.of_card("kpi", card, {"reading": term.reading}, kpi=line.kpi) if term.reading else None


def _definition(card: Card, line: Line) -> list[str]:
    """What the framework says of the KPI, its points and its measures, in sentences."""
    measures = {evidence.selector.measure for evidence in opening.evidence_of(card.run, card.subject, line.kpi)}
    wanted = {f"kpis.{line.kpi}", *(f"measures.{name}" for name in measures)}
    leaf = f".of.{line.node.rpartition('/')[2]}"
    return [found.text for found in sentences(card.framework) if found.path in wanted or found.path.endswith(leaf)]


def _left_out(card: Card, kpi: str, chosen: Shown | None) -> list[dict[str, Any]]:
    """The rules that excluded rows of the reading, with how many and where they are listed."""
    if chosen is None:
        return []
    asked = {"reading": chosen.name, "counted": "no"}
    return [
        {"reason": reason, "rows": rows, "url": links.of_card("rows", card, {**asked, "reason": reason}, kpi=kpi)}
        for reason, rows in chosen.evidence.excluded.items()
    ]
