"""Compare a workbook: store it, show how it is understood, compare it as somebody says."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from steelyard.accounts.forms import say
from steelyard.accounts.gate import Asked, needs
from steelyard.calc.errors import Missing, Problem, Refused
from steelyard.frameworks.queries import framework as framework_of
from steelyard.intake import store
from steelyard.intake.actions import receive_stream, shown
from steelyard.intake.dry_run import is_quick
from steelyard.intake.reading.signature import what_is
from steelyard.jobs import queries as jobs
from steelyard.scorecards.links import page

from .. import actions, queries, runs
from ..forms import PART_TITLES, Columns, NewComparison, Stored, initial_of
from ..workbook import understanding
from ..workbook.understanding import RoleSeen


@needs("comparisons.write", post="comparisons.write")
def new(request: Asked) -> HttpResponse:
    """The form of a workbook; its columns as understood; the comparison."""
    step = request.POST.get("step", "")
    if request.method == "POST" and step in ("again", "compare", "text"):
        stored = Stored(request.POST)
        if not stored.is_valid():
            return _form(request, _new_form(request), [Problem("stale", _("this page is out of date"), hint=_("send the workbook again"))])
        return _step(request, step, stored.cleaned_data)
    if request.method == "POST":
        return _upload(request)
    return _form(request, _new_form(request))


def _new_form(request: Asked) -> NewComparison:
    found = runs.choices(request.scope)
    mappings = queries.mappings_used(request.scope)
    if request.method == "POST" and request.POST.get("step") == "look":
        return NewComparison(request.POST, request.FILES, runs=found, mappings=mappings)
    return NewComparison(runs=found, mappings=mappings)


def _form(request: Asked, form: NewComparison, problems: list[Problem] | None = None) -> HttpResponse:
    context = {"form": form, "problems": problems or [], "runs": form.fields["run"].choices}  # type: ignore[attr-defined]
    return render(request, "comparisons/new.html", context, status=422 if problems or form.errors else 200)


def _upload(request: Asked) -> HttpResponse:
    form = _new_form(request)
    if not form.is_valid():
        return _form(request, form)
    said = form.cleaned_data
    try:
        sent = said["file"]
        upload = receive_stream(sent.chunks(), name=sent.name, size=sent.size, acting_user=request.user)
        stored = {"sha256": upload.sha256, "name": shown(sent.name), "run": said["run"]}
        if said["mapping"]:
            return _compare(request, stored, queries.mapping_used(said["mapping"], request.scope))
        return _understood(request, stored)
    except Missing:
        raise
    except Refused as refused:
        say(form, Refused([Problem(one.code, one.message, "file", one.found, one.hint) for one in refused.problems]))
        return _form(request, form)


def _step(request: Asked, step: str, stored: dict[str, str]) -> HttpResponse:
    runs.in_sight(stored["run"], request.scope)
    if not store.path_of(stored["sha256"]).exists():
        raise Missing
    if step == "text":
        return _compare(request, stored, request.POST.get("mapping", "")[:100_000])
    sheets, kinds = _sheets(stored)
    form = Columns(sheets, kinds, request.POST)
    if not form.is_valid():
        return _columns(request, stored, form, understanding.guess(sheets, _framework(stored)))
    roles = form.roles()
    if step == "compare" and roles:
        return _compare(request, stored, understanding.to_yaml(roles, form.cleaned_data | _nothing(form)), roles)
    return _columns(request, stored, _shown(form, roles), roles)


def _nothing(form: Columns) -> dict[str, str]:
    """Of the form only what a mapping knows."""
    return {name: "" for name in form.cleaned_data if name not in ("decimal", "date_order", "source")}


def _shown(form: Columns, roles: dict[str, RoleSeen]) -> Columns:
    """The form with the headers of the sheets that are chosen now."""
    common = {name: form.cleaned_data[name] for name in ("decimal", "date_order", "source")}
    return Columns(list(form.sheets.values()), form.kinds, initial=initial_of(roles) | common)


def _framework(stored: dict[str, str]) -> Any:
    return framework_of(runs.run_named(stored["run"]).framework)


def _sheets(stored: dict[str, str]) -> tuple[list[understanding.SheetSeen], dict[str, Any]]:
    return understanding.look(store.load(stored["sha256"]), stored["name"]), understanding.kinds_of(_framework(stored))


def _understood(request: Asked, stored: dict[str, str]) -> HttpResponse:
    runs.in_sight(stored["run"], request.scope)
    sheets, kinds = _sheets(stored)
    roles = understanding.guess(sheets, _framework(stored))
    return _columns(request, stored, Columns(sheets, kinds, initial=initial_of(roles)), roles)


def _columns(
    request: Asked, stored: dict[str, str], form: Columns, roles: dict[str, RoleSeen], problems: list[Problem] | None = None, text: str = ""
) -> HttpResponse:
    """The page on which somebody looks at what was understood."""
    form.offer(roles)
    run = runs.run_named(stored["run"])
    parts = [_part(form, role, roles.get(role)) for role in understanding.ROLES]
    context = {
        "stored": Stored(initial=stored), "file": stored, "run": run, "form": form, "parts": parts, "problems": problems or [],
        "found": [part for part in parts if part["seen"]], "text": text or understanding.to_yaml(roles, {}), "typed": bool(text),
    }  # fmt: skip
    return render(request, "comparisons/columns.html", context, status=422 if problems else 200)


def _part(form: Columns, role: str, seen: RoleSeen | None) -> dict[str, Any]:
    kind = form.kinds[role]
    sheet = form.sheets.get(seen.sheet) if seen is not None else None
    rows = []
    for name in understanding.offered(kind) if seen is not None and sheet is not None else ():
        column, text = kind.by_name[name], seen.columns.get(name, "")  # type: ignore[union-attr]
        label = column.synonyms[0] if name == "subject" or (role == "totals" and name in _kpis(form)) else name.replace("_", " ")
        rows.append({"field": form[f"{role}__{name}"], "label": label, "meaning": column.meaning, "required": column.required,
                     "examples": understanding.examples(sheet, seen.header, text) if text and seen and sheet else []})  # fmt: skip
    return {
        "role": role,
        "title": PART_TITLES[role],
        "seen": seen,
        "sheet": form[f"{role}_sheet"],
        "header": form[f"{role}_header"],
        "rows": rows,
    }


def _kpis(form: Columns) -> set[str]:
    known = {"subject", "total", "level"}
    return {column.name for column in form.kinds["totals"].columns if column.name not in known and column.synonyms}


def _compare(request: Asked, stored: dict[str, str], mapping: str, roles: dict[str, RoleSeen] | None = None) -> HttpResponse:
    """Small workbooks at once, large ones by the worker."""
    run = runs.in_sight(stored["run"], request.scope)
    data = store.load(stored["sha256"])
    try:
        if not (is_quick(len(data), what_is(data, stored["name"])) and runs.is_small()):
            job = actions.order(sha256=stored["sha256"], name=stored["name"], mapping=mapping, run=run, acting_user=request.user)
            return redirect(
                page("operations:own-job", {"next": f"{reverse('comparisons:ordered')}?job={job.pk}"}, job=job.pk)
                or reverse("comparisons:index")
            )
        made = actions.compare(data=data, name=stored["name"], mapping=mapping, run=run, acting_user=request.user, scope=request.scope)
    except Refused as refused:
        sheets, kinds = _sheets(stored)
        seen = roles if roles is not None else understanding.guess(sheets, _framework(stored))
        return _columns(request, stored, Columns(sheets, kinds, initial=initial_of(seen)), seen, refused.problems, mapping)
    return redirect("comparisons:comparison", comparison=made.pk)


@needs("comparisons.read")
def ordered(request: Asked) -> HttpResponse:
    """What came of the order `?job=`."""
    text = request.GET.get("job", "")
    if not (text.isascii() and text.isdigit() and len(text) < 18):
        return redirect("comparisons:index")
    found = jobs.job(int(text))
    if found.task != "steelyard.comparisons.tasks.compare_workbook" or found.actor != request.user.username:
        raise Missing
    if found.state == jobs.State.DONE and found.result:
        return redirect("comparisons:comparison", comparison=queries.comparison(int(found.result), request.scope).pk)
    if found.error:
        messages.error(request, _("The workbook could not be compared: %(error)s") % {"error": found.error[:500]})
        return redirect("comparisons:new")
    messages.info(request, _("It is still being compared."))
    return redirect("comparisons:index")
