"""Nothing to report: zero is said, so that it is not taken for unknown."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from steelyard.accounts.forms import say
from steelyard.accounts.gate import Asked, needs
from steelyard.calc.errors import Refused

from .. import actions, queries
from ..forms import NothingToReport


@needs("intake.write", post="intake.write")
def nil(request: Asked) -> HttpResponse:
    """Record that there was nothing to report."""
    asked = {name: request.GET.get(name, "")[:100] for name in ("kind", "source", "party")}
    form = NothingToReport(request.POST or None, initial={"kind": "sell_through"} | {name: value for name, value in asked.items() if value})
    if request.method == "POST" and form.is_valid():
        try:
            done = actions.report_nil(**form.cleaned_data, acting_user=request.user)
        except Refused as refused:
            say(form, refused)
        else:
            if done.batch:
                messages.success(request, _("Recorded: nothing to report."))
                return redirect("intake:batch", done.batch)
            messages.info(request, _("That was known already."))
            return redirect("intake:batches")
    told = {"form": form, "sources": queries.every_source()}
    return render(request, "intake/nil.html", told, status=422 if form.errors else 200)
