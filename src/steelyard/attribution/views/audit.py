"""Matches of the model, looked at one by one: right or wrong; and whether the model may still match by itself."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from steelyard.accounts.gate import Asked, needs
from steelyard.accounts.permissions import may
from steelyard.ui.listing.query import clean

from .. import actions, audits, comparing, names
from ..models_in_use import certificate

AHEAD = 40  # matches that can be skipped before the first comes again


@needs("intake.read", post="intake.write")
def audit(request: Asked) -> HttpResponse:
    """The next match in an order that nobody chooses, or the one after those skipped."""
    if request.method == "POST":
        return _said(request)
    waiting = audits.to_audit(AHEAD)
    text = request.GET.get("skip", "")
    skipped = int(text) % len(waiting) if waiting and text.isascii() and text.isdigit() and len(text) < 6 else 0
    one = waiting[skipped] if waiting else None
    name = names.find(one.source, one.party, also_decided=True) if one else None
    partner = [names.candidate(name, one.partner)] if one and name else []
    told = {
        "certificate": certificate(), "one": one, "name": name, "count": len(waiting), "ahead": AHEAD,
        "pieces": comparing.letters(one.name, one.called) if one else [], "lines": comparing.lines(name, partner) if name else [],
        "next": f"{reverse('attribution:audit')}?skip={skipped + 1}" if len(waiting) > 1 else "",
        "skipped": skipped, "writes": may(request.user, "intake.write"),
        "page_keys": [("Enter", _("It is right")), ("W", _("Wrong: it waits again")), ("S", _("Skip")), ("U", _("Undo my last decision"))],
    }  # fmt: skip
    return render(request, "attribution/audit.html", told)


def _said(request: Asked) -> HttpResponse:
    source, party = clean(request.POST.get("source", "")), request.POST.get("party", "")[:300]
    right = request.POST.get("step") == "right"
    changed = actions.audit_match(
        source=source, party=party, right=right, acting_user=request.user, reason=clean(request.POST.get("reason", ""))
    )
    if not changed:
        messages.info(request, _("That was said already."))
    elif right:
        messages.success(request, _("%(name)s: right.") % {"name": party})
    else:
        messages.success(request, _("%(name)s was wrong and waits again.") % {"name": party})
    skipped = request.POST.get("skip", "")
    return redirect(reverse("attribution:audit") + (f"?skip={skipped}" if skipped.isascii() and skipped.isdigit() else ""))
