"""Names that mean no partner yet: a queue, one name beside the partners called alike, one button for each decision."""

from __future__ import annotations

from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from steelyard.accounts.gate import Asked, needs
from steelyard.accounts.permissions import may
from steelyard.calc.facts import FACTS
from steelyard.partners import queries as partners
from steelyard.ui.listing.query import clean

from .. import actions, names

QUEUE = 40  # names shown beside the one
ROWS = ("city", "country", "type", "territory", "status")


@needs("intake.read")
def moved(request: Asked) -> HttpResponse:
    """The queue was under intake before: to its address now."""
    asked = request.GET.urlencode()
    return redirect(reverse("attribution:queue") + (f"?{asked}" if asked else ""), permanent=True)


@needs("intake.read", post="intake.write")
def queue(request: Asked) -> HttpResponse:
    """The queue, and the name that is looked at: the one the address names, else the one with most rows."""
    if request.method == "POST":
        return _decide(request)
    waiting = names.queue()
    words = clean(request.GET.get("q", ""))
    chosen = names.find(waiting, request.GET.get("source", ""), request.GET.get("party", "")) or (waiting[0] if waiting else None)
    known = names.candidates(chosen, words) if chosen else []
    sure = names.sure()
    told = {
        "queue": waiting[:QUEUE],
        "count": len(waiting),
        "rows": sum(name.rows for name in waiting),
        "chosen": chosen,
        "kinds": [FACTS[kind].title for kind in chosen.kinds] if chosen else [],
        "candidates": known,
        "clear": len(known) == 1 or (len(known) > 1 and known[0].alike != known[1].alike),
        "lines": _comparison(known),
        "words": words,
        "sure": [(name, sure[name.source, name.party]) for name in waiting if (name.source, name.party) in sure],
        "sure_rows": sum(name.rows for name in waiting if (name.source, name.party) in sure),
        "sure_name": _sure_name(chosen, sure),
        "decided": names.decided(),
        "writes": may(request.user, "intake.write"),
    }
    return render(request, "attribution/queue.html", told)


def _sure_name(chosen: names.Name | None, sure: dict[tuple[str, str], str]) -> str:
    code = sure.get((chosen.source, chosen.party)) if chosen else None
    return str(getattr(partners.get("partners", code), "name", code)) if code else ""


def _comparison(known: list[names.Candidate]) -> list[tuple[str, list[str]]]:
    """What is known of each candidate, line by line; a line that says nothing of anybody is left out."""
    titles = {"city": _("Town"), "country": _("Country"), "type": _("Type"), "territory": _("Territory"), "status": _("Status")}
    lines = [(titles[key], [one.values[key] for one in known]) for key in ROWS]
    return [(title, values) for title, values in lines if any(values)]


def _decide(request: Asked) -> HttpResponse:
    said = {name: request.POST.get(name, "")[:500] for name in ("source", "party", "partner", "step")}
    here = reverse("attribution:queue")
    key = {name: said[name] for name in ("source", "party")}
    if said["step"] == "sure":
        done = actions.match_waiting(acting_user=request.user)
        count = sum(len(matched) for matched in done.values())
        if count:
            text = ngettext("%(count)s name matched and remembered.", "%(count)s names matched and remembered.", count)
            messages.success(request, text % {"count": count})
        else:
            messages.info(request, _("No name is sure any more."))
    elif said["step"] == "back":
        if actions.take_back_name(**key, acting_user=request.user):
            messages.success(request, _("%(name)s waits again.") % {"name": said["party"]})
            return redirect(f"{here}?{urlencode(key)}")
        messages.info(request, _("It waits already."))
    elif said["step"] in ("match", "none") and said["party"] and (said["partner"] or said["step"] == "none"):
        partner = said["partner"] if said["step"] == "match" else ""
        if actions.decide_name(**key, partner=partner, acting_user=request.user):
            text = _("%(name)s is remembered as %(partner)s.") if partner else _("%(name)s is remembered as none of ours.")
            messages.success(request, text % {"name": said["party"], "partner": partner})
        else:
            messages.info(request, _("That was decided already."))
    else:
        messages.warning(request, _("Choose one of the partners."))
        return redirect(f"{here}?{urlencode(key)}")
    return redirect(here)
