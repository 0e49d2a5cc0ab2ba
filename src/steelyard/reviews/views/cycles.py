"""Cycles: open one, see how far each is, close it; and the rule by which the calendar opens them."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from steelyard.accounts.gate import Asked, needs
from steelyard.accounts.permissions import may
from steelyard.calc.errors import Refused
from steelyard.frameworks.queries import framework as framework_of
from steelyard.frameworks.queries import versions
from steelyard.ui.listing import Column, Empty, Filter, Listing, Records

from .. import actions, queries, workflow
from ..actions.cycles import DAYS_TO_REVIEW
from ..forms import CycleForm, RuleForm
from ..models import Cycle
from .queue import state_name


@needs("reviews.read")
def cycles(request: Asked) -> HttpResponse:
    """All cycles with their progress."""
    return _cycles(request, CycleForm(frameworks=_frameworks()))


def _cycles(request: Asked, form: CycleForm, status: int = 200) -> HttpResponse:
    found = queries.cycles(request.scope)
    titles = dict(form.frameworks)
    counts = [
        Column(f"{state}_count", title, kind="count")
        for state, title in (
            (workflow.OPEN, _("To rate")), (workflow.SUBMITTED, _("To approve")), (workflow.PUBLISHED, _("Published")),
            (workflow.ACKNOWLEDGED, _("Acknowledged")),
        )
    ]  # fmt: skip
    listing = Listing(
        request,
        name="cycles",
        title=_("Review cycles"),
        columns=(
            Column("period", _("Period"), link=lambda row: reverse("reviews:cycle", args=[row.pk])),
            Column("framework", _("Standard"), value=lambda row: titles.get(row.framework, row.framework)),
            Column("state", _("State"), template="reviews/cycle_state_cell.html"),
            Column("due_on", _("Due"), kind="date"),
            Column("review_count", _("Reviews"), kind="count"),
            *counts,
            Column("opens_on", _("Opened"), kind="date", shown=False),
            Column("opened_by", _("Opened by"), shown=False),
        ),
        source=Records(found),
        filters=(Filter("state", _("State"), choices=[("open", _("open")), ("closed", _("closed"))]),),
        search=("period", "framework"),
        sort="-due_on",
        empty=Empty(_("No cycles yet"), _("A cycle opens when a period is over: by hand below, or by the calendar.")),
    )
    may_open = may(request.user, "reviews.open")
    return listing.respond(
        "reviews/cycles.html", {"form": form if may_open else None, "open_now": queries.open_cycles(request.scope)}, status=status
    )


def _frameworks() -> list[tuple[str, str]]:
    """Frameworks whose subject is the partner, by code and title."""
    newest = {version.code: version for version in versions()}
    return [(code, version.title or code) for code, version in newest.items() if framework_of(version).subject == ("partner",)]


@needs(post="reviews.open")
def open_cycle(request: Asked) -> HttpResponse:
    """Open the reviews of a period."""
    form = CycleForm(request.POST, frameworks=_frameworks())
    if form.is_valid():
        values = form.cleaned_data
        try:
            made = actions.open_cycle(
                framework=values["framework"], period=values["period"].strip(), due_on=values["due_on"], acting_user=request.user
            )
        except Refused as refused:
            form.tell(refused)
        else:
            messages.success(request, _("Opened.") if made.prepared else _("Opened. The period is being scored; the reviews follow."))
            return HttpResponseRedirect(reverse("reviews:cycle", args=[made.pk]))
    return _cycles(request, form, status=422)


@needs("reviews.read")
def cycle(request: Asked, cycle: int) -> HttpResponse:
    """How far one cycle is."""
    found = queries.cycle(cycle, request.scope)
    parts = [{"state": state_name(state), "name": state, "count": getattr(found, f"{state}_count")} for state in workflow.STATES]
    left = found.open_count + found.submitted_count + found.approved_count
    context: dict[str, Any] = {
        "found": found, "parts": parts, "left": left, "decided": found.review_count - left, "items": queries.items(found),
        "may_open": may(request.user, "reviews.open") and found.state == Cycle.State.OPEN,
        "queue": f"{reverse('reviews:reviews')}?period={found.period}",
    }  # fmt: skip
    return render(request, "reviews/cycle.html", context)


@needs(post="reviews.open")
def score(request: Asked, cycle: int) -> HttpResponse:
    """Score the period again at the newest cut."""
    queries.cycle(cycle, request.scope)
    actions.score_again(cycle=cycle, acting_user=request.user)
    messages.success(request, _("The period is being scored again."))
    return HttpResponseRedirect(reverse("reviews:cycle", args=[cycle]))


@needs(post="reviews.open")
def close(request: Asked, cycle: int) -> HttpResponse:
    """No more rating in this cycle."""
    queries.cycle(cycle, request.scope)
    actions.close_cycle(cycle=cycle, acting_user=request.user)
    messages.success(request, _("The cycle is closed."))
    return HttpResponseRedirect(reverse("reviews:cycle", args=[cycle]))


@needs("reviews.read", post="reviews.open")
def rules(request: Asked) -> HttpResponse:
    """By which rule the calendar opens cycles."""
    initial = {"days_after_end": 5, "days_to_review": DAYS_TO_REVIEW, "active": True}
    posted = request.POST if request.method == "POST" else None
    form = RuleForm(posted, initial=initial, frameworks=_frameworks())
    if posted is not None and form.is_valid():
        values = {name: value for name, value in form.cleaned_data.items() if name != "form_key"}
        try:
            actions.set_rule(**values, acting_user=request.user)
        except Refused as refused:
            form.tell(refused)
        else:
            messages.success(request, _("Saved."))
            return HttpResponseRedirect(reverse("reviews:rules"))
    context = {"form": form if may(request.user, "reviews.open") else None, "rules": queries.rules()}
    return render(request, "reviews/rules.html", context, status=422 if posted is not None else 200)
