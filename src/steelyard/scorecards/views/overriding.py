"""Overrides: the list of them, proposing one at a scorecard, and deciding about one, each with a reason."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as later

from steelyard.accounts.gate import Asked, needs
from steelyard.accounts.permissions import may
from steelyard.approvals.queries import steps
from steelyard.calc.errors import Missing, Problem, Refused
from steelyard.calc.units import to_grain
from steelyard.ui import formats
from steelyard.ui.listing import Column, Empty, Filter, Listing, Rows
from steelyard.ui.templatetags.ui import figure, grade

from .. import limits, links, pages
from ..directory import directory
from ..forms import OverrideForm
from ..overrides import actions, queries, workflow
from ..overrides.queries import Beside
from .card import asked_card

if TYPE_CHECKING:
    from ..models import Override

LONGEST_NUMBER = 12  # digits
STATES = (
    (workflow.PROPOSED, later("Proposed")),
    (workflow.APPROVED, later("Approved")),
    (workflow.REFUSED, later("Refused")),
    (workflow.WITHDRAWN, later("Withdrawn")),
)


@needs("scores.read")
def overrides(request: Asked) -> HttpResponse:
    """Every override in sight, the newest first; `override` opens one of them, with what can be done about it."""
    rows = queries.with_calculated(queries.listed(scope=request.scope))
    words = {name: str(title) for name, title in STATES}
    frameworks = sorted({row.override.framework_code for row in rows})
    names = dict(directory(scope=request.scope).select("code", "name").iter_rows())
    levels = {row.override.framework_code: row.levels for row in rows}
    listing = Listing(
        request,
        name="overrides",
        title=_("Overrides"),
        columns=(
            Column("name", _("Partner"), link=_opened, value=lambda row: names.get(row.override.subject, row.override.subject), phone=True),
            Column("subject", _("Code"), value=lambda row: row.override.subject, shown="format" in request.GET),
            Column("framework", _("Framework"), value=lambda row: row.override.framework_code, phone=False),
            Column("period", _("Period"), value=lambda row: row.override.period),
            Column("says", _("Instead"), value=lambda row: _says(row.override), drawn=partial(_instead, levels), phone=True),
            Column("total", _("Calculated"), "points", value=lambda row: row.total),
            Column("level", _("Calculated level"), value=lambda row: row.level, drawn=partial(_level, levels)),
            Column("state", _("State"), value=lambda row: words[row.override.state], phone=True),
            Column("reason", _("Reason"), value=lambda row: row.override.reason),
            Column("proposed_by", _("Proposed by"), value=lambda row: row.override.proposed_by, phone=False),
            Column("decided_by", _("Decided by"), value=lambda row: row.override.decided_by, phone=False),
            Column("expires", _("Last day"), "date", value=lambda row: row.override.expires, phone=False),
            Column("withdrawn_by", _("Withdrawn by"), value=lambda row: row.override.withdrawn_by, shown=False),
        ),
        source=Rows(rows),
        filters=(
            Filter("framework", _("Framework"), [(code, code) for code in frameworks]),
            Filter("state", _("State"), STATES, matches=lambda row, value: row.override.state == value),
            Filter("expires", _("Last day"), kind="dates"),
        ),
        search=("name", "subject", "framework", "period", "reason", "proposed_by", "decided_by"),
        empty=Empty(_("No overrides"), _("An override is proposed at a scorecard and counts once somebody else approved it.")),
    )
    waiting = sum(row.override.state == workflow.PROPOSED for row in rows)
    return listing.respond("scorecards/overrides.html", {"waiting": waiting, "opened": _asked(request, rows, names)})


def _asked(request: Asked, rows: list[Beside], names: Mapping[str, str]) -> dict[str, Any] | None:
    """The override that the address asks for, and what its reader may do about it."""
    if not (number := request.GET.get("override", "")):
        return None
    row = next((row for row in rows if str(row.override.pk) == number), None)
    if row is None:
        raise Missing
    one, user = row.override, request.user
    waits = one.state == workflow.PROPOSED
    return {
        "row": row,
        "name": names.get(one.subject, one.subject),
        "state": dict(STATES)[one.state],
        "levels": row.levels,
        "steps": steps(one.record),
        "own": waits and one.proposed_by == user.username,
        "may_decide": waits and one.proposed_by != user.username and may(user, "overrides.approve"),
        "may_withdraw": one.state in (workflow.PROPOSED, workflow.APPROVED) and may(user, "overrides.propose"),
        "card": links.page("scorecards:card", framework=one.framework_code, period=one.period, subject=one.subject),
    }


@needs("overrides.propose", post="overrides.propose")
def propose(request: Asked, framework: str, period: str, subject: str) -> HttpResponse:
    """Propose a level or points beside a scorecard's; somebody else decides."""
    card = asked_card(request, framework, period, subject)
    form = OverrideForm(
        request.POST if request.method == "POST" else None, levels=[(one.name, one.title or one.name) for one in card.framework.levels]
    )
    problems: list[Problem] = []
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        points = None if said["points"] is None else to_grain(said["points"], "points")
        try:
            made = actions.propose(
                framework=framework, subject=card.subject, period=card.run.period, level=said["level"], points=points,
                expires=said["expires"], reason=said["reason"], acting_user=request.user, scope=request.scope,
            )  # fmt: skip
        except Refused as refused:
            problems = refused.problems
        else:
            messages.success(request, _("Proposed. It counts once somebody else approved it."))
            return redirect(f"{reverse('scorecards:overrides')}?override={made.pk}")
    whose = pages.whose(card, scope=request.scope)
    context = {
        "card": card, "whose": whose, "level_names": limits.names(card.framework), "form": form, "problems": problems,
        "back": links.of_card("card", card),
    }  # fmt: skip
    return render(request, "scorecards/propose_override.html", context, status=422 if request.method == "POST" else 200)


@needs(post="overrides.approve")
def approve(request: Asked) -> HttpResponse:
    """Let one count, as a second person."""
    about = {"acting_user": request.user, "scope": request.scope, "seen": request.POST.get("seen")}
    return _decide(request, lambda number, reason: actions.approve(override=number, note=reason, **about))


@needs(post="overrides.approve")
def refuse(request: Asked) -> HttpResponse:
    """Say no to one, with a reason."""
    return _decide(
        request, lambda number, reason: actions.refuse(override=number, reason=reason, acting_user=request.user, scope=request.scope)
    )


@needs(post="overrides.propose")
def withdraw(request: Asked) -> HttpResponse:
    """End one, with a reason."""
    return _decide(
        request, lambda number, reason: actions.withdraw(override=number, reason=reason, acting_user=request.user, scope=request.scope)
    )


def _decide(request: Asked, act: Callable[[int, str], Override]) -> HttpResponse:
    number = request.POST.get("override", "")
    if not (number.isascii() and number.isdigit() and len(number) <= LONGEST_NUMBER):
        messages.error(request, _("This override is not there."))
        return redirect("scorecards:overrides")
    try:
        done = act(int(number), request.POST.get("reason", "").strip()[: actions.LONGEST])
    except Missing:
        raise
    except Refused as refused:
        messages.error(request, str(refused.problems[0]))
    else:
        messages.success(request, _("Done: %(state)s.") % {"state": dict(STATES)[done.state]})
    return redirect(f"{reverse('scorecards:overrides')}?override={number}")


def _instead(levels: Mapping[str, Sequence[str]], row: Beside, says: str) -> SafeString:
    return grade(says, levels[row.override.framework_code]) if row.override.level else format_html('<span class="num">{}</span>', says)


def _level(levels: Mapping[str, Sequence[str]], row: Beside, level: str) -> SafeString:
    return grade(level, levels[row.override.framework_code]) if level else figure(None)


def _opened(row: Beside) -> str:
    return f"{reverse('scorecards:overrides')}?override={row.override.pk}"


def _says(one: Override) -> str:
    return one.level or formats.amount(one.points or 0, "points")
