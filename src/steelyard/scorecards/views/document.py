"""A scorecard as a PDF, and its receipt verified."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render

from steelyard.accounts.gate import Asked, needs
from steelyard.company.queries import settings

from .. import documents, links, pages, receipts
from .card import asked_card


@needs("scores.read")
def pdf(request: Asked, framework: str, period: str, subject: str) -> HttpResponse:
    """The scorecard as a document, in the reader's language."""
    card = asked_card(request, framework, period, subject)
    whose = pages.whose(card, scope=request.scope)
    content = documents.scorecard(card, whose, company=str(settings()["name"] or ""))
    response = HttpResponse(content, content_type="application/pdf")
    response["Content-Disposition"] = f'attachment; filename="{documents.file_name(card)}"'
    response.exported = (documents.file_name(card), 1, "pdf")  # type: ignore[attr-defined]
    return response


@needs("scores.read")
def receipt(request: Asked, framework: str, period: str, subject: str) -> HttpResponse:
    """Whether what the run says of itself still holds."""
    card = asked_card(request, framework, period, subject)
    whose = pages.whose(card, scope=request.scope)
    found = receipts.checks(card)
    address = {
        "card": links.of_card("card", card),
        "partner": links.page("dashboards:partner", partner=whose.code) if whose.code else None,
        "partners": links.page("dashboards:partners"),
    }
    context = {"card": card, "whose": whose, "checks": found, "holds": all(check.holds for check in found), "links": address}
    return render(request, "scorecards/receipt.html", context)
