"""Many names at once: whatever the queue holds under some words, with what it would do said first."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from steelyard.accounts.gate import Asked, needs
from steelyard.partners import queries as partners
from steelyard.ui.listing.query import clean

from .. import actions, names, waiting
from .queue import NONE

MOST = 2_000  # names decided at once
SHOWN = 20  # of them listed by name
_FOUND = 8


@needs("intake.write", post="intake.write")
def bulk(request: Asked) -> HttpResponse:
    """Words, the names they find, and the partner they shall mean: counted first, then done."""
    said = request.POST if request.method == "POST" else request.GET
    words, searched, picked = clean(said.get("f", "")), clean(said.get("q", "")), clean(said.get("partner", ""))[:200]
    found = waiting.ordered("value", words) if words else waiting.keys().clear()
    if request.method == "POST":
        answer = _decide(request, found, words, picked)
        if answer is not None:
            return answer
    meant = partners.called([picked]).get(picked, "") if picked and picked != NONE else ""
    rows, amounts = names.total(names.some(found.head(MOST)))
    told: dict[str, Any] = {
        "words": words, "searched": searched, "count": found.height, "most": MOST, "too_many": found.height > MOST,
        "some": names.some(found.head(SHOWN)), "more": max(found.height - SHOWN, 0), "rows": rows, "amounts": amounts,
        "picked": picked if meant or picked == NONE else "", "meant": meant, "none": NONE,
        "candidates": names.searched(searched, _FOUND) if searched else names.nearest_of(found.head(1), _FOUND),
    }  # fmt: skip
    return render(request, "attribution/bulk.html", told, status=409 if request.method == "POST" else 200)


def _decide(request: Asked, found: Any, words: str, picked: str) -> HttpResponse | None:
    """Done as it was counted; if the queue holds another number of such names by now, counted again."""
    if not picked or not words or found.height > MOST:
        messages.warning(request, _("Choose one of the partners."))
        return redirect(f"{reverse('attribution:bulk')}?{urlencode({'f': words})}")
    if request.POST.get("count") != str(found.height):
        messages.warning(request, _("The queue has changed meanwhile; this is what it holds now. Nothing was done."))
        return None
    keys = list(found.select("source", "party").iter_rows())
    reason = clean(request.POST.get("reason", "")) or _("all names with “%(words)s”") % {"words": words}
    done = actions.decide_names(keys=keys, partner="" if picked == NONE else picked, acting_user=request.user, reason=reason)
    messages.success(request, ngettext("%(count)s name decided.", "%(count)s names decided.", done) % {"count": done})
    return redirect("attribution:queue")
