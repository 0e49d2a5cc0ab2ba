"""Pages of frameworks: the list, one version in plain sentences, its file, two versions compared, a new version."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from steelyard.accounts.gate import Asked, needs, public
from steelyard.accounts.permissions import may
from steelyard.calc.errors import Missing, Refused
from steelyard.calc.framework import schema as described
from steelyard.calc.framework.document import fingerprint
from steelyard.calc.framework.opened import range_of
from steelyard.ui.listing import Column, Empty, Filter, Listing, Rows

from . import actions, published, queries, reading
from .checking import check, grouped
from .forms import NewVersion
from .models import FrameworkVersion
from .regions import regions as regions_told
from .vectors import unvectored


@needs("frameworks.read")
def index(request: Asked) -> HttpResponse:
    """All versions of all frameworks, the newest first."""
    every = queries.versions()
    newest = {version.code: version.version for version in every}
    writes = may(request.user, "frameworks.write")
    new = reverse("frameworks:new") if writes else ""
    columns = (
        Column("title", _("Framework"), link=_url_of, sub="code", value=lambda row: row.title or row.code),
        Column("code", _("Code"), shown=False),
        Column("version", _("Version"), "count"),
        Column("newest", _("Newest"), "yes_no", value=lambda row: newest[row.code] == row.version),
        Column("effective", _("In force from"), "date"),
        Column("applied_at", _("Applied"), "moment"),
        Column("applied_by", _("By")),
    )
    listing = Listing(
        request, name="frameworks", title=_("Frameworks"), columns=columns, source=Rows(reversed(every)),
        filters=(Filter("newest", _("Newest"), [("yes", _("Only the newest")), ("no", _("Only former"))]),),
        search=("code", "title", "applied_by"),
        empty=Empty(_("No framework yet"), _("A framework is the published standard by which partners are scored."), new, _("Add one")),
    )  # fmt: skip
    return listing.respond("frameworks/list.html", {"frameworks": len(newest), "versions": len(every), "writes": writes})


@needs("frameworks.read")
def version(request: Asked, framework: str, version: int) -> HttpResponse:
    """One version, in plain sentences."""
    shown = reading.version_or_missing(framework, version)
    head, parts = reading.parts_of(queries.framework(shown))
    others = list(reversed(queries.versions(framework)))
    told = {
        "shown": shown, "head": head, "parts": parts, "others": others, "newest": others[0], "definition": queries.framework(shown),
        "before": next((other for other in others if other.version < shown.version), None),
        "writes": may(request.user, "frameworks.write"), **reading.proof_of(shown),
    }  # fmt: skip
    return render(request, "frameworks/version.html", told)


@needs("frameworks.read")
def file(request: Asked, framework: str, version: int) -> HttpResponse:
    """The text as it was written."""
    shown = reading.version_or_missing(framework, version)
    return _download(shown, shown.text, "yaml")


@needs("frameworks.read")
def vectors(request: Asked, framework: str, version: int) -> HttpResponse:
    """The vectors of a version as they were written."""
    shown = reading.version_or_missing(framework, version)
    if not shown.vectors:
        raise Missing
    return _download(shown, shown.vectors, "vectors.yaml")


def _download(shown: FrameworkVersion, text: str, ending: str) -> HttpResponse:
    response = HttpResponse(text, content_type="text/yaml; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{shown.code}-v{shown.version}.{ending}"'
    response.exported = (str(shown), 1, "yaml")  # type: ignore[attr-defined]
    return response


@public("editors read it without signing in; it tells nothing of the company")
def schema(request: HttpRequest) -> HttpResponse:
    """The JSON Schema of the framework language, for editors."""
    response = HttpResponse(described.as_text(), content_type="application/schema+json")
    response["Cache-Control"] = "public, max-age=3600"
    return response


@needs("frameworks.read")
def compare(request: Asked, framework: str) -> HttpResponse:
    """What a version changes of another (`?before=`, `?after=`; default: the two newest)."""
    every = queries.versions(framework)
    if not every:
        raise Missing
    after = _chosen(every, request.GET.get("after", ""), every[-1])
    usual = next((one for one in reversed(every) if one.version < after.version), every[0])
    before = _chosen(every, request.GET.get("before", ""), usual)
    changed = reading.changes(before, after) if before.version != after.version else []
    heading = ngettext("%(count)s thing changes.", "%(count)s things change.", len(changed)) % {"count": len(changed)}
    told = {"before": before, "after": after, "others": every, "changed": changed, "heading": heading if changed else _("Nothing changes.")}
    return render(request, "frameworks/compare.html", told)


@needs("frameworks.read")
def regions(request: Asked, framework: str) -> HttpResponse:
    """What each region sets, and the proof that the rest is equal everywhere."""
    base = reading.version_or_missing(framework)
    if base.base is not None:
        return redirect("frameworks:regions", base.base.code)
    found = regions_told(framework, reading.readers_language())
    faults = sum(len(one.proof.unexplained) for one in found)
    settings = sum(len(one.settings) for one in found)
    told = {
        "base": base, "regions": found, "faults": faults, "settings": settings, "definition": queries.framework(base),
        "openings": [(one.path, range_of(one)) for one in queries.framework(base).open],
        "replay": reverse("scorecards:replay", args=(framework,)), "writes": may(request.user, "frameworks.write"),
    }  # fmt: skip
    return render(request, "frameworks/regions.html", told)


@needs("frameworks.write", post="frameworks.write")
def new(request: Asked) -> HttpResponse:
    """Check a framework, and keep it as the next version."""
    initial = _started_from(request.GET.get("from", ""), request.GET.get("programme", ""))
    form = NewVersion(request.POST or None, request.FILES or None, initial=initial)
    told: dict[str, Any] = {"form": form, "programmes": () if initial or request.method == "POST" else published.programmes()}
    if request.method == "POST" and form.is_valid():
        text, vectors = form.cleaned_data["text"], form.cleaned_data["vectors"]
        if request.POST.get("step") == "apply":
            try:
                kept, _warnings, fresh = actions.apply(text=text, vectors=vectors or None, acting_user=request.user)
            except Refused as refused:
                told |= {"problems": refused.problems}
            else:
                said = _("%(version)s is applied.") if fresh else _("%(version)s has this text already; nothing was written.")
                messages.success(request, said % {"version": kept})
                return redirect("frameworks:version", kept.code, kept.version)
        told |= _checked(text, vectors)
        told["form"] = NewVersion(initial={"text": text, "vectors": vectors})
    return render(request, "frameworks/new.html", told, status=422 if form.errors or told.get("refused") else 200)


def _started_from(code: str, programme: str) -> dict[str, str]:
    """What the form begins with: the newest version of a framework, a published programme, or nothing."""
    if programme:
        found = next((one for one in published.programmes() if one.name == programme), None)
        if found is None:
            raise Missing
        return {"text": found.text, "vectors": found.vectors}
    if not code:
        return {}
    newest = reading.version_or_missing(code)
    return {"text": newest.text, "vectors": newest.vectors}


def _checked(text: str, vectors: str) -> dict[str, Any]:
    """What applying these texts would do."""
    found = check(text, vectors)
    framework, problems = found.framework, found.problems
    if framework is None or found.failed:
        return {"refused": True, "problems": found.failed or problems}
    former = queries.versions(framework.code)
    there = next((one for one in former if one.digest == fingerprint(text, framework.base)), None)
    kept = vectors or (there.vectors if there else "")
    problems += [replace(problem, severity="warning") for problem in unvectored(text, kept)]
    changed = reading.differing(queries.framework(former[-1]), framework) if former else []
    return {
        "checked": framework, "problems": problems, "former": former[-1] if former else None, "changed": changed,
        "findings": grouped(found.findings), "same": there if there and there.vectors == kept else None, "proves": there,
    }  # fmt: skip


def _url_of(row: FrameworkVersion) -> str:
    return reverse("frameworks:version", args=(row.code, row.version))


def _chosen(every: list[FrameworkVersion], text: str, usual: FrameworkVersion) -> FrameworkVersion:
    return next((one for one in every if str(one.version) == text), usual)
