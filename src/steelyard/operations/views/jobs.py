"""Jobs and messages: for administrators all of them, for everybody else the one they asked for."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext_lazy as _

from steelyard.accounts.gate import Asked, needs
from steelyard.accounts.permissions import may
from steelyard.calc.errors import Missing
from steelyard.jobs import queries
from steelyard.outbox import queries as outbox
from steelyard.ui.listing import Column, Empty, Filter, Listing, Records

from .. import actions

JOB_STATES = (
    ("waiting", _("waiting")), ("running", _("running")), ("done", _("done")), ("failed", _("failed")), ("cancelled", _("cancelled")),
)  # fmt: skip
MESSAGE_STATES = (("waiting", _("not sent yet")), ("sent", _("sent")), ("failed", _("given up")))


@needs("settings.read")
def jobs(request: Asked) -> HttpResponse:
    """All jobs, newest first."""
    columns = (
        Column("task", _("Work"), value=lambda job: told(job.task), link=lambda job: reverse("operations:job", kwargs={"job": job.pk})),
        Column("state", _("State"), template="operations/job_state.html"),
        Column("actor", _("For")),
        Column("enqueued_at", _("Queued"), kind="moment"),
        Column("finished_at", _("Ended"), kind="moment"),
        Column("attempts", _("Attempts"), kind="count", shown=False),
        Column("error", _("Reason")),
    )
    listing = Listing(
        request,
        name="jobs",
        title=_("Jobs"),
        columns=columns,
        source=Records(queries.jobs()),
        filters=(Filter("state", _("State"), JOB_STATES),),
        search=("task", "actor", "error"),
        sort="-enqueued_at",
        empty=Empty(_("No jobs yet"), _("Imports, scoring, publishing and e-mail are done as jobs.")),
    )
    return listing.respond("operations/jobs.html", {"queue": queries.waiting()})


@needs("settings.read")
def job(request: Asked, job: int) -> HttpResponse:
    """One job: how far it is, what every attempt came to."""
    found = queries.job(job)
    return _page(request, found, may_decide=may(request.user, "settings.write"))


@needs("account")
def own_job(request: Asked, job: int) -> HttpResponse:
    """A job that this person asked for; anybody else's is not there."""
    found = queries.job(job)
    if found.actor != request.user.username:
        raise Missing
    return _page(request, found, may_decide=False)


def _page(request: HttpRequest, found: Any, *, may_decide: bool) -> HttpResponse:
    onward = request.GET.get("next", "")
    onward = onward if url_has_allowed_host_and_scheme(onward, allowed_hosts=None) else ""
    context = {
        "job": found,
        "title": told(found.task),
        "percent": queries.percent(found),
        "open": found.state in queries.OPEN,
        "may_decide": may_decide,
        "onward": onward,
    }
    if not request.headers.get("HX-Request"):
        return render(request, "operations/job.html", context)
    answer = render(request, "operations/status.html", context)
    if not context["open"]:
        answer["HX-Refresh"] = "true"  # the whole page tells another story now: its heading, its times, its buttons
    return answer


@needs(post="settings.write")
def cancel(request: Asked, job: int) -> HttpResponse:
    """Stop a job."""
    return _decide(request, actions.cancel_job, job)


@needs(post="settings.write")
def retry(request: Asked, job: int) -> HttpResponse:
    """Try a job again."""
    return _decide(request, actions.retry_job, job)


def _decide(request: Asked, action: Callable[..., None], job: int) -> HttpResponse:
    action(job=job, acting_user=request.user)
    return redirect("operations:job", job=job)


@needs("settings.read")
def messages(request: Asked) -> HttpResponse:
    """All messages, newest first: what left, what waits, what was given up."""
    columns = (
        Column("subject", _("Subject")),
        Column("to", _("To")),
        Column("state", _("State"), template="operations/message_state.html"),
        Column("written_at", _("Written"), kind="moment"),
        Column("sent_at", _("Sent"), kind="moment"),
        Column("attempts", _("Attempts"), kind="count"),
        Column("error", _("Reason")),
    )
    listing = Listing(
        request,
        name="messages",
        title=_("E-mail"),
        columns=columns,
        source=Records(outbox.messages()),
        filters=(Filter("state", _("State"), MESSAGE_STATES),),
        search=("subject", "to"),
        sort="-written_at",
        empty=Empty(_("No e-mail yet"), _("What people are told by e-mail appears here, sent or not.")),
    )
    return listing.respond("operations/messages.html", {"counts": outbox.counts(), "may_decide": may(request.user, "settings.write")})


@needs(post="settings.write")
def retry_message(request: Asked, message: int) -> HttpResponse:
    """Deliver a message again."""
    actions.retry_message(message=message, acting_user=request.user)
    return redirect("operations:messages")


def told(task: str) -> str:
    """A task's path as words: `steelyard.scorecards.tasks.publish_run` is `scorecards: publish run`."""
    parts = task.split(".")
    words = parts[-1].replace("_", " ")
    return f"{parts[1]}: {words}" if len(parts) > 2 else words
