"""The partner's home: where it stands, what is to be done, why it moved, what brings it up."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from steelyard.accounts.gate import Asked, needs
from steelyard.accounts.permissions import may
from steelyard.calc.errors import Missing
from steelyard.scorecards import pages

from .. import published, words
from ..to_do import to_do
from ..whose import choose, whose

BARS = 6  # as many as one sees without scrolling far; all of them stand on the scorecard
WAYS = 3


@needs("portal.read")
def home(request: Asked) -> HttpResponse:
    """The newest published scorecard in short, with what waits for the partner."""
    try:
        own = whose(request)
    except Missing:
        return render(request, "portal/without.html")
    card = published.newest(own)
    context: dict[str, Any] = {"own": own, "due": to_do(own, request.user), "card": card}
    if card is not None:
        told = pages.told(card, open_kpi=lambda kpi: published.address("kpi", card, kpi=kpi))
        largest = sorted(told["moved"], key=lambda item: -abs(item.amount))[:BARS]
        urls = {line.node: published.address("kpi", card, kpi=line.kpi) for line in card.lines}
        context |= told | {
            "headline": words.headline(card, told["missing"]),
            "bars": [(item, urls.get(item.node)) for item in told["moved"] if item in largest],
            "lacking": words.lacking(told["missing"]),
            "few_ways": told["ways"][:WAYS],
            "links": links(card),
        }
    return render(request, "portal/home.html", context)


def links(card: Any) -> dict[str, str]:
    """Where a scorecard leads to."""
    about = f"framework={card.framework.code}&period={card.run.period}"
    return {name: published.address(name, card) for name in ("card", "why", "pdf", "bundle")} | {"about": about}


@needs(post="portal.read")
def switch(request: Asked) -> HttpResponse:
    """Look at another of one's partners."""
    code = request.POST.get("partner", "")
    if code:
        choose(request, code)
        messages.success(request, _("You now see %(name)s.") % {"name": whose(request).name})
    return redirect("portal:home")


def may_acknowledge(request: Asked) -> bool:
    """Whether this person speaks for the partner."""
    return may(request.user, "portal.acknowledge")
