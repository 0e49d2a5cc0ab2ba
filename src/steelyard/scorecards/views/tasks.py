"""What triggers opened: the list of tasks, and closing one at its scorecard."""

from __future__ import annotations

from django.contrib import messages
from django.db.models import Case, Value, When
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _

from steelyard.accounts.gate import Asked, needs
from steelyard.calc.errors import Missing, Refused
from steelyard.ui.listing import Column, Empty, Filter, Listing, Records

from .. import links, to_do
from ..directory import directory
from ..models import Task
from .card import asked_card


@needs("scores.read")
def tasks(request: Asked) -> HttpResponse:
    """Every task in sight, the soonest due first."""
    found = to_do.tasks(scope=request.scope).annotate(state=Case(When(closed_at=None, then=Value("open")), default=Value("closed")))
    names = dict(directory(scope=request.scope).select("code", "name").iter_rows())
    today = timezone.localdate()
    listing = Listing(
        request,
        name="tasks",
        title=_("Tasks"),
        columns=(
            Column("what", _("To do"), link=_card, phone=True),
            Column("subject", _("Subject"), value=lambda row: names.get(row.subject, row.subject)),
            Column("code", _("Code"), value=lambda row: row.subject, shown="format" in request.GET, sortable=False),
            Column("period", _("Period")),
            Column("due_on", _("Due"), kind="date", template="scorecards/parts/task_due.html", phone=True),
            Column("state", _("State"), value=lambda row: _("open") if row.state == "open" else _("closed")),
            Column("framework_code", _("Framework")),
            Column("trigger", _("Trigger"), shown=False),
            Column("closed_by", _("Closed by"), shown=False),
            Column("reason", _("Reason"), shown=False),
        ),
        source=Records(found),
        filters=(
            Filter("state", _("State"), choices=[("open", _("open")), ("closed", _("closed"))]),
            Filter("due_on", _("Due"), kind="dates"),
        ),
        search=("what", "subject", "title", "period"),
        sort="due_on",
        empty=Empty(_("No tasks"), _("A framework may open tasks when something becomes true: `triggers`.")),
    )
    waiting = to_do.open_now(scope=request.scope)
    return listing.respond("scorecards/tasks.html", {"waiting": waiting.count(), "late": waiting.filter(due_on__lt=today).count()})


def _card(row: Task) -> str | None:
    return links.page("scorecards:card", framework=row.framework_code, period=row.period, subject=row.subject)


@needs(post="tasks.close")
def close(request: Asked, framework: str, period: str, subject: str) -> HttpResponse:
    """Close a task of this scorecard's subject, with a reason."""
    card = asked_card(request, framework, period, subject)
    known = {str(task.pk): task.pk for task in to_do.tasks_of(framework, subject)}
    back = redirect(links.of_card("card", card) or "/")
    number = known.get(request.POST.get("task", ""))
    if number is None:
        messages.error(request, _("This task is not there."))
        return back
    try:
        to_do.close(task=number, reason=request.POST.get("reason", ""), scope=request.scope, acting_user=request.user)
    except Missing:
        raise
    except Refused as refused:
        messages.error(request, str(refused.problems[0]))
        return back
    messages.success(request, _("Closed."))
    return back
