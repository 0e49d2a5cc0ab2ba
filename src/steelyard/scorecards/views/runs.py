"""What was scored, scoring a period, and publishing what somebody else scored."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as later

from steelyard.accounts.gate import Asked, needs
from steelyard.accounts.permissions import may
from steelyard.calc.errors import Problem, Refused
from steelyard.frameworks.queries import versions
from steelyard.ui.listing import Column, Empty, Filter, Listing, Rows

from .. import actions, links, queries
from ..forms import PublishForm, ScoreForm

STATES = (
    ("in force", later("In force")),
    ("open", later("Not published")),
    ("running", later("Still running")),
    ("partly", later("Published in part")),
    ("replaced", later("Replaced")),
)


@needs("scores.read")
def runs(request: Asked) -> HttpResponse:
    """Every run with what became of it."""
    return _list(request, _score_form(None) if may(request.user, "scores.score") else None)


@needs("scores.score", post="scores.score")
def score(request: Asked) -> HttpResponse:
    """Have a period scored by the worker."""
    form = _score_form(request.POST if request.method == "POST" else None)
    if request.method != "POST" or not form.is_valid():
        return _list(request, form, status=200 if request.method != "POST" else 422)
    asked = {name: form.cleaned_data[name] for name in ("framework", "period")}
    try:
        job = actions.order_score(**asked, acting_user=request.user)
    except Refused as refused:
        form.add_error("period", str(refused.problems[0]))
        return _list(request, form, refused.problems, status=422)
    messages.success(request, _("%(period)s is being scored.") % {"period": asked["period"]})
    return _watch(job.pk, asked["framework"], asked["period"])


@needs("scores.publish", post="scores.publish")
def publish(request: Asked, framework: str, period: str) -> HttpResponse:
    """Make a run public, with a reason; whoever scored it cannot."""
    run = queries.run_to_publish(framework, period, str(request.POST.get("run") or request.GET.get("run", ""))[:64])
    form = PublishForm(request.POST if request.method == "POST" else None)
    problems = actions.objections(run, request.user)
    if request.method == "POST" and form.is_valid():
        try:
            job = actions.order_publication(run=run, reason=form.cleaned_data["reason"], acting_user=request.user)
        except Refused as refused:
            problems = refused.problems
        else:
            messages.success(request, _("%(period)s is computed once more and then published.") % {"period": period})
            return _watch(job.pk, framework, period)
    status = 422 if request.method == "POST" else 200
    return render(
        request, "scorecards/publish.html", {"run": run, "form": form, "problems": problems, "receipt": run.run_id[:12]}, status=status
    )


def _watch(job: int, framework: str, period: str) -> HttpResponse:
    """To the page of the job, and from there to what it made."""
    made = links.page("dashboards:ranking", {"framework": framework, "period": period}) or reverse("scorecards:runs")
    page = links.page("operations:own-job", {"next": made}, job=job)
    return redirect(page or reverse("scorecards:runs"))


def _score_form(data: Any) -> ScoreForm:
    titles = {version.code: version.title or version.code for version in versions()}
    return ScoreForm(data, frameworks=sorted(titles.items()))


def _list(request: Asked, form: ScoreForm | None, problems: list[Problem] | None = None, status: int = 200) -> HttpResponse:
    lines = queries.run_lines()
    words = {name: str(title) for name, title in STATES}
    columns = (
        Column("period", _("Period"), link=_cards, sub="title"),
        Column("title", _("Framework"), shown=False),
        Column("version", _("Version"), "count"),
        Column("state", _("State"), value=lambda line: words[line.state], template="scorecards/parts/state.html"),
        *([Column("subjects", _("Scored"), "count")] if request.scope.everything else []),  # tells how many there are besides one's own
        Column("cut", _("Cut"), "count"),
        Column("receipt", _("Run")),
        Column("scored_by", _("Scored by")),
        Column("scored_at", _("Scored"), "moment", shown=False),
        Column("published_by", _("Published by")),
        Column("published_at", _("Published"), "moment", shown=False),
    )
    listing = Listing(
        request,
        name="runs",
        title=_("Scorecard runs"),
        columns=columns,
        source=Rows(lines),
        filters=(
            Filter("framework", _("Framework"), sorted({(line.framework, line.title) for line in lines})),
            Filter("state", _("State"), STATES, matches=lambda line, value: line.state == value),
        ),
        search=("period", "title", "receipt"),
        empty=Empty(_("Nothing has been scored yet"), _("Score a period: choose a framework and name the period.")),
    )
    ready = [line for line in lines if line.state == "open"] if may(request.user, "scores.publish") else []
    context = {"form": form, "problems": problems or [], "ready": _newest(ready, lines), "waiting": queries.waiting()}
    return listing.respond("scorecards/runs.html", context, status=status)


def _newest(ready: list[queries.RunLine], lines: list[queries.RunLine]) -> list[queries.RunLine]:
    """Of each period not public yet the newest run."""
    public = {(line.framework, line.period) for line in lines if line.state == "in force"}
    found = {(line.framework, line.period): line for line in reversed(ready)}
    return [line for key, line in found.items() if key not in public]


def _cards(line: queries.RunLine) -> str | None:
    return links.page("dashboards:ranking", {"framework": line.framework, "period": line.period})
