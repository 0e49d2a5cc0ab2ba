"""A scorecard as a PDF, and its receipt verified."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import render

from steelyard.accounts.gate import Asked, needs
from steelyard.accounts.permissions import may
from steelyard.company.queries import settings

from .. import bundles, documents, links, pages, receipts
from ..cards import Card
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
def bundle(request: Asked, framework: str, period: str, subject: str) -> HttpResponse:
    """Everything from which the score is computed again, as one file (`steelyard verify-receipt`); the rows are in it."""
    if not may(request.user, "orders.read"):
        raise PermissionDenied
    card = asked_card(request, framework, period, subject)
    return as_file(card, bundles.bundle(card.run, card.subject))


def as_file(card: Card, content: bytes) -> HttpResponse:
    """A bundle to keep; noted in the trail as an export."""
    name = bundles.file_name(card.run, card.subject)
    response = HttpResponse(content, content_type="application/zip")
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response.exported = (name, 1, "zip")  # type: ignore[attr-defined]
    return response


@needs("scores.read")
def receipt(request: Asked, framework: str, period: str, subject: str) -> HttpResponse:
    """Whether what the run says of itself still holds."""
    card = asked_card(request, framework, period, subject)
    whose = pages.whose(card, scope=request.scope)
    found = receipts.checks(card)
    address = {
        "card": links.of_card("card", card),
        "bundle": links.of_card("bundle", card) if may(request.user, "orders.read") else None,
        "partner": links.page("dashboards:partner", partner=whose.code) if whose.code else None,
        "partners": links.page("dashboards:partners"),
    }
    context = {"card": card, "whose": whose, "checks": found, "file": bundles.file_name(card.run, card.subject), "links": address}
    context["no_bundle"] = bundles.refusals(card.run, card.subject) if card.number else []
    context["holds"] = all(check.holds for check in found)
    return render(request, "scorecards/receipt.html", context)
