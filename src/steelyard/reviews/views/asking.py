"""The form that questions a number, reachable from every score, KPI and row."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from steelyard.accounts.gate import Asked, needs
from steelyard.calc.errors import Missing, Refused
from steelyard.records.forms import TextForm
from steelyard.scorecards.cards import card as card_of
from steelyard.ui import formats

from .. import actions
from ..actions.asking import about

NAMES = ("framework", "period", "subject", "kpi", "kind")


def asked_about(data: Mapping[str, Any]) -> dict[str, Any]:
    """The number that an address or a form names; a row without its kind is an order line."""
    found: dict[str, Any] = {name: str(data.get(name, ""))[:300] for name in NAMES}
    row = str(data.get("row", ""))
    if row:
        if not (row.isascii() and row.isdigit() and len(row) < 19):
            raise Missing
        found["row"] = int(row)
        found["kind"] = found["kind"] or "orders"
    return found


@needs("questions.ask", post="questions.ask")
def ask(request: Asked) -> HttpResponse:
    """Question a number."""
    data = request.POST if request.method == "POST" else request.GET
    number = asked_about(data)
    what = about(**number, scope=request.scope, published=False)
    form = TextForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data
        try:
            asked = actions.ask(**number, text=values["text"], form_key=values["form_key"], acting_user=request.user, scope=request.scope)
        except Missing:
            raise
        except Refused as refused:
            form.tell(refused)
        else:
            messages.success(request, _("Asked. An answer is due by %(day)s.") % {"day": formats.day(asked.due_on)})
            return HttpResponseRedirect(f"{reverse('records:question', args=[asked.pk])}?sent=1")
    line, currency = _line(request, number)
    context = {"about": what, "number": number, "form": form, "line": line, "currency": currency}
    return render(request, "reviews/ask.html", context, status=422 if form.errors else 200)


def _line(request: Asked, number: Mapping[str, Any]) -> tuple[Any, str]:
    """The KPI with its value, so that the asker sees what is questioned, and the currency of money."""
    if not number["kpi"]:
        return None, ""
    try:
        card = card_of(number["framework"], number["period"], number["subject"], scope=request.scope)
        return card.line(number["kpi"]), card.framework.currency
    except Refused:
        return None, ""
