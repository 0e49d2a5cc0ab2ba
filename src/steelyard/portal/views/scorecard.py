"""The partner's scorecard: every figure opens to its rows, the whole comes as a PDF, and it is acknowledged once."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from steelyard.accounts.gate import Asked, needs
from steelyard.calc.errors import Missing
from steelyard.company.queries import settings
from steelyard.records import queries as records
from steelyard.reviews import actions as reviewing
from steelyard.reviews import queries as reviews
from steelyard.reviews import workflow
from steelyard.scorecards import charting, documents, drilling, pages, row_lists
from steelyard.scorecards.cards import Card, Line
from steelyard.scorecards.spelling import Shown
from steelyard.scorecards.views.document import as_file
from steelyard.ui.listing import Listing, Rows

from .. import own_rows, published, words
from ..titles import titled
from ..whose import Whose, whose
from .home import links, may_acknowledge


@needs("portal.read")
def newest(request: Asked) -> HttpResponse:
    """The newest scorecard; before there is one, the home page says so."""
    card = published.newest(whose(request))
    return redirect(published.address("card", card) if card else reverse("portal:home"))


@needs("portal.read")
def card(request: Asked, framework: str, period: str) -> HttpResponse:
    """The grade, the KPIs with what they add, what brings the next level, why it moved, how it was; and the acknowledgement."""
    own = whose(request)
    return render(request, "portal/scorecard.html", _told(request, own, published.card(own, framework, period)))


@needs("portal.read")
def change(request: Asked, framework: str, period: str) -> HttpResponse:
    """Why the total moved, step by step."""
    own = whose(request)
    return render(request, "portal/change.html", _told(request, own, published.card(own, framework, period), by_cause=True))


def _told(request: Asked, own: Whose, card: Card, *, by_cause: bool = False) -> dict[str, Any]:
    told = pages.told(card, open_kpi=lambda kpi: published.address("kpi", card, kpi=kpi), by_cause=by_cause)
    review = published.review_of(own, card)
    return told | {
        "own": own,
        "headline": words.headline(card, told["missing"]),
        "why_chart": charting.why_chart(card, told["waterfall"], told["moved"]),
        "time_chart": charting.over_time(card, _("you")),
        "lines": published.scores(own),
        "review": review,
        "waits": review is not None and review.state == workflow.PUBLISHED,
        "comments": records.comments(review.record, partner_only=True) if review is not None else [],
        "may_acknowledge": may_acknowledge(request),
        "links": links(card),
    }


@needs("portal.read")
def pdf(request: Asked, framework: str, period: str) -> HttpResponse:
    """The scorecard as a document, in the reader's language."""
    own = whose(request)
    card = published.card(own, framework, period)
    content = documents.scorecard(card, pages.Whose(own.name, own.city or None, code=own.code), company=str(settings()["name"] or ""))
    response = HttpResponse(content, content_type="application/pdf")
    response["Content-Disposition"] = f'attachment; filename="{documents.file_name(card)}"'
    response.exported = (documents.file_name(card), 1, "pdf")  # type: ignore[attr-defined]
    return response


@needs("portal.read")
def bundle(request: Asked, framework: str, period: str) -> HttpResponse:
    """Everything from which the score is computed again, as one file (`steelyard verify-receipt`)."""
    own = whose(request)
    card = published.card(own, framework, period)
    return as_file(card, own_rows.bundle(card))


@needs("portal.read")
def kpi(request: Asked, framework: str, period: str, kpi: str) -> HttpResponse:
    """One figure opened: its formula with numbers, its rows counted and not counted, its definition, its past."""
    own = whose(request)
    card = published.card(own, framework, period)
    line = card.line(kpi)

    def to_kpi(name: str, query: Mapping[str, Any]) -> str:
        return published.address("kpi", card, urlencode(query), kpi=name)

    found, chosen = drilling.readings(card, kpi, request.GET.get("reading"))
    context = _kpi(own, card, line) | {
        "readings": drilling.linked(kpi, found, to_kpi),
        "chosen": chosen,
        "terms": drilling.terms(card, line, found, to_kpi),
        "left_out": drilling.left_out(kpi, chosen, to_kpi),
    }
    if chosen is None:
        return Listing(request, name=kpi, title=line.title, columns=(), source=Rows([])).respond("portal/kpi.html", context)
    return _rows(request, card, chosen).respond("portal/kpi.html", context)


def _kpi(own: Whose, card: Card, line: Line) -> dict[str, Any]:
    return {
        "own": own,
        "card": card,
        "line": line,
        **drilling.said(card, line),
        "definition": drilling.definition(card, line),
        "formula": card.framework.kpis[line.kpi].formula.text,
        "chart": charting.of_kpi(card, line.kpi),
        "periods": [(past, past.at(line.node, line.kpi, line.unit)) for past in reversed(pages.history(card))],
        "links": links(card),
    }


def _rows(request: Asked, card: Card, chosen: Shown) -> Listing:
    measure = card.framework.measures[chosen.evidence.selector.measure]

    def link(kind: str, row: int) -> str:
        return reverse("portal:row", kwargs={"kind": kind, "row": row})

    return titled(row_lists.listing(request, card, chosen, link=link, without=own_rows.hidden_behind(card.framework, measure)))


@needs(post="portal.acknowledge")
def acknowledge(request: Asked, review: int) -> HttpResponse:
    """The partner has read its scorecard."""
    own = whose(request)
    found = reviews.review(review, own.scope)
    if found.state not in (workflow.PUBLISHED, workflow.ACKNOWLEDGED):
        raise Missing  # what is not published is not there
    version = request.POST.get("version", "")
    reviewing.acknowledge(
        review=review,
        version=int(version) if version.isascii() and version.isdigit() and len(version) < 10 else None,
        acting_user=request.user,
        scope=own.scope,
    )
    messages.success(request, _("Thank you. The scorecard of %(period)s is acknowledged.") % {"period": found.cycle.period})
    return redirect("portal:card", framework=found.cycle.framework, period=found.cycle.period)
