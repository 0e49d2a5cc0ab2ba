"""A job of intake on its way: how many rows are done, and the button that stops it. It may be left; it goes on without."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from steelyard.accounts.gate import Asked, needs
from steelyard.calc.errors import Conflict, Missing
from steelyard.jobs import queries as jobs

from .. import actions, tasks
from ..actions.pacing import STEPS

if TYPE_CHECKING:
    from steelyard.jobs.models import Job

OURS = {task.module_path: task for task in (tasks.check_file, tasks.bring_in, tasks.read_again)}


def follow(job: Job) -> HttpResponse:
    """The page of this job."""
    return redirect(f"{reverse('intake:progress')}?{urlencode({'job': job.pk})}")


def job_of(request: Asked) -> Job:
    """The job that the address names, or `Missing`; only jobs of intake are shown here."""
    text = request.GET.get("job", "")
    if not (text.isascii() and text.isdigit() and len(text) < 18):
        raise Missing
    found = jobs.job(int(text))
    if found.task not in OURS:
        raise Missing
    return found


@needs("intake.write", post="intake.write")
def progress(request: Asked) -> HttpResponse:
    """How far it is; when it is done, the page of what came of it."""
    if "job" not in request.GET:
        return redirect("intake:batches")
    job = job_of(request)
    if request.method == "POST":
        try:
            actions.cancel_order(job=job.pk, acting_user=request.user)
        except Conflict:
            messages.info(request, _("It was done already."))
        return follow(job)
    written = bool((job.result or {}).get("batch"))
    if job.state == jobs.State.DONE or (job.state == jobs.State.CANCELLED and written):  # cancelled too late: nothing to stop
        return _onward(request, job)
    rows = job.total // STEPS
    told = {
        "job": job,
        "open": job.state in jobs.OPEN,
        "file": job.kwargs.get("file", {}),
        "batch": job.kwargs.get("batch"),
        "checks": job.task == tasks.check_file.module_path,
        "percent": jobs.percent(job) or 0,
        "rows": rows,
        "steps": [(title, _state(job, number, rows)) for number, title in enumerate((_("Checked"), _("Prepared"), _("Written")), start=1)],
    }  # fmt: skip
    return render(request, "intake/parts/status.html" if request.headers.get("HX-Request") else "intake/progress.html", told)


def _state(job: Job, number: int, rows: int) -> str:
    done = job.done // rows if rows else 0
    return "done" if number <= done else "now" if number == done + 1 else ""


def _onward(request: Asked, job: Job) -> HttpResponse:
    """Where a job that is done leads; htmx is told to go there with the whole page."""
    result: dict[str, Any] = job.result or {}
    if job.task == tasks.check_file.module_path:
        delivery = job.kwargs.get("file", {}).get("delivery")
        url = reverse("intake:delivery", args=(delivery,)) if delivery else reverse("intake:batches")
    elif result.get("batch"):
        if result.get("already"):
            messages.info(request, _("These bytes were brought in before; nothing is new."))
        else:
            messages.success(request, _("Brought in as batch %(batch)s.") % {"batch": result["batch"]})
        url = reverse("intake:batch", args=(result["batch"],))
    else:
        url = reverse("intake:batches")
    if request.headers.get("HX-Request"):
        answer = HttpResponse(status=200)
        answer["HX-Redirect"] = url
        return answer
    return HttpResponseRedirect(url)
