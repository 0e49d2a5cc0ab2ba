"""One comparison: how it came out, the part of one partner, its file; sharing it and taking it back."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.text import slugify
from django.utils.translation import gettext as _

from steelyard.accounts.gate import Asked, needs
from steelyard.accounts.permissions import may
from steelyard.calc.errors import Missing, Problem, Refused
from steelyard.frameworks.queries import framework as framework_of
from steelyard.scorecards.links import page
from steelyard.ui.spreadsheets import FORMS

from .. import actions, files, presenting, queries, words
from ..forms import PART_TITLES, Reason, Sharing
from ..models import Part

XLSX = FORMS["xlsx"]


@needs("comparisons.read")
def comparison(request: Asked, comparison: int) -> HttpResponse:
    """The headline, the reasons, the partners that differ, and what could not be compared."""
    seen = queries.seen(comparison, request.scope, request.user.username)
    title, unit = files.item_title(seen)
    summary, names = seen.summary, {part.subject: part.name for part in seen.parts}
    told = {
        "found": seen.comparison, "summary": summary, "headline": words.headline(summary, title, unit), "main": title,
        "reasons": presenting.reasons(summary, unit, names),
        "differing": presenting.differing(seen.parts, summary["main"], summary["currency"]),
        "equal": [part for part in seen.parts if part.equal], "problems": [Problem(**one) for one in summary["problems"]],
        "read": [(PART_TITLES.get(part, part), sheet, rows, hidden) for part, sheet, rows, hidden in summary["read"]],
        "shares": [(one, queries.cut_since(one)) for one in queries.shares(request.scope, of=seen.comparison)],
        "left_out": words.left_out(summary), "retired": queries.retirement(seen.comparison),
        "may_write": may(request.user, "comparisons.write"), "may_retire": _may_retire(request, seen.comparison),
        "unexplained": presenting.shown(summary["unexplained"], unit, summary["currency"]) if summary["unexplained"] else "",
    }  # fmt: skip
    return render(request, "comparisons/comparison.html", told)


def _may_retire(request: Asked, found: Any) -> bool:
    return may(request.user, "comparisons.write") and (request.scope.everything or found.created_by == request.user.username)


@needs("comparisons.read")
def part(request: Asked, comparison: int, subject: str) -> HttpResponse:
    """One partner: its figures, the ladder of each from theirs to ours, every reason with its lines."""
    return _part(request, queries.part(comparison, subject, request.scope))


def _part(request: Asked, found: Part, problems: list[Problem] | None = None, form: Sharing | None = None) -> HttpResponse:
    seen = queries.seen(found.comparison_id, request.scope, request.user.username)
    names = {one.subject: one.name for one in seen.parts}
    shared = queries.shares(request.scope, of=found.comparison).filter(part=found).first()
    told = presenting.part(queries.told(found, request.scope), seen.summary["currency"], names)
    where = {"framework": found.comparison.framework, "period": found.comparison.period, "subject": found.subject}
    context = {
        **told, "found": found, "comparison": found.comparison, "share": shared, "sharing": form or Sharing(),
        "unshareable": None if shared else actions.unshareable(found), "since": queries.published_since(found) if shared else None,
        "may_write": may(request.user, "comparisons.write"), "problems": problems or [],
        "card": page("scorecards:card", None, **where) if may(request.user, "scores.read") else None,
        "link": request.build_absolute_uri(reverse("portal:comparison", args=[shared.pk])) if shared else "",
        "rows": _kind(found) if may(request.user, "orders.read") else "",
    }  # fmt: skip
    return render(request, "comparisons/part.html", context, status=422 if problems or form else 200)


def _kind(found: Part) -> str:
    """Which facts its lines are, for the pages of rows; blank without lines."""
    measure = found.comparison.summary["measure"]
    return framework_of(found.comparison.run.framework).measures[measure].fact if measure else ""


@needs("comparisons.read")
def file(request: Asked, comparison: int) -> HttpResponse:
    """All that somebody sees of it as XLSX, or of one partner with `?subject=`."""
    seen = queries.seen(comparison, request.scope, request.user.username)
    subject = request.GET.get("subject", "")
    if subject:
        own = queries.part(comparison, subject, request.scope)
        data = files.book_of_part(own, queries.told(own, request.scope))
    else:
        data = files.book(seen, request.scope)
    return as_file(data, f"comparison-{comparison}-{seen.comparison.period}-{subject}", len(seen.parts), comparison)


def as_file(data: bytes, name: str, rows: int, number: int) -> HttpResponse:
    """A workbook to keep; that it was taken stands in the trail."""
    response = HttpResponse(data, content_type=XLSX)
    response["Content-Disposition"] = f'attachment; filename="{slugify(name)}.xlsx"'
    response["Cache-Control"] = "private, no-store"
    response.exported = (f"comparison-{number}", rows, "xlsx")  # type: ignore[attr-defined]
    return response


@needs(post="comparisons.write")
def retire(request: Asked, comparison: int) -> HttpResponse:
    """Take it out of the list; what was shared of it ends."""
    form = Reason(request.POST)
    if not form.is_valid():
        messages.error(request, str(form.errors["reason"][0]))
        return redirect("comparisons:comparison", comparison=comparison)
    reason = form.cleaned_data["reason"]
    try:
        actions.retire(comparison=comparison, reason=reason, acting_user=request.user, scope=request.scope)
    except Missing:
        raise
    except Refused as refused:
        messages.error(request, str(refused.problems[0]))
        return redirect("comparisons:comparison", comparison=comparison)
    messages.success(request, _("Retired. Partners no longer see it."))
    return redirect("comparisons:index")


@needs(post="comparisons.write")
def share(request: Asked, comparison: int, subject: str) -> HttpResponse:
    """Let the partner open its own part."""
    found = queries.part(comparison, subject, request.scope)
    form = Sharing(request.POST)
    if not form.is_valid():
        return _part(request, found, form=form)
    note = form.cleaned_data["note"]
    try:
        actions.share(comparison=comparison, subject=subject, note=note, acting_user=request.user, scope=request.scope)
    except Refused as refused:
        return _part(request, found, refused.problems, form)
    messages.success(request, _("Shared. The partner's people see it now; send them the link."))
    return HttpResponseRedirect(reverse("comparisons:part", args=[comparison, subject]) + "#share")


@needs(post="comparisons.write")
def revoke(request: Asked, share: int) -> HttpResponse:
    """Take a share back."""
    found = actions.revoke(share=share, acting_user=request.user, scope=request.scope)
    messages.success(request, _("Taken back. The link leads nowhere now."))
    return redirect("comparisons:part", comparison=found.part.comparison_id, subject=found.part.subject)
