"""Bring in a file: stored first, checked without writing, brought in by a job when somebody says so."""

from __future__ import annotations

import json
import secrets
from dataclasses import dataclass, fields, replace
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from steelyard.accounts.forms import say
from steelyard.accounts.gate import Asked, needs
from steelyard.calc.errors import Missing, Problem, Refused

from .. import actions, dry_run, limits, mappings, one_batch, queries
from ..forms import BY_HEADERS, Columns, NewFile, Stored, columns_initial
from ..outcome import grains_of
from ..tasks import check_file
from ..titles import BUCKETS, column_name, kind_title
from .progress import follow, job_of

SHOWN = 12  # problems of a dry run
ABSENT = frozenset({"required_column_absent", "currency_missing"})


@needs("intake.write", post="intake.write")
def new(request: Asked) -> HttpResponse:
    """The form of a file; what would become of it; the order to bring it in."""
    step = request.POST.get("step", "")
    if request.method == "POST" and step in ("bring", "columns", "again"):
        stored = Stored(request.POST)
        if not stored.is_valid():
            return _form(request, _new_form(request), [Problem("stale", _("this page is out of date"), hint=_("send the file again"))])
        return _step(request, step, stored.cleaned_data)
    if request.method == "POST":
        return _upload(request)
    if "job" in request.GET:
        job = job_of(request)
        if job.task != check_file.module_path or not job.result:
            raise Missing
        return _told(request, job.result)
    return _form(request, _new_form(request))


def _new_form(request: Asked) -> NewFile:
    versions = queries.mapping_versions()
    readings = [(str(one.pk), f"{kind_title(one.kind)}, {one.source}, {_('version')} {one.number}") for one in versions[:500]]
    if request.method == "POST" and "step" in request.POST and request.POST["step"] == "check":
        return NewFile(request.POST, request.FILES, readings=readings)
    asked = {name: request.GET.get(name, "")[:100] for name in ("kind", "source")}
    return NewFile(initial={"kind": "orders"} | {name: value for name, value in asked.items() if value}, readings=readings)


def _form(request: Asked, form: NewFile, problems: list[Problem] | None = None) -> HttpResponse:
    told = {"form": form, "sources": queries.every_source(), "problems": problems or []}
    return render(request, "intake/new.html", told, status=422 if problems or form.errors else 200)


def _upload(request: Asked) -> HttpResponse:
    """Store the bytes, then look at them."""
    form = _new_form(request)
    if not form.is_valid():
        return _form(request, form)
    said = form.cleaned_data
    try:
        sent = said["file"]
        upload = actions.receive_stream(sent.chunks(), name=sent.name, size=sent.size, acting_user=request.user)
        name = actions.shown(sent.name)
        kind_of_file = dry_run.check_type(upload.sha256, name)
        file = {
            "sha256": upload.sha256, "name": name, "kind": said["kind"], "source": said["source"].strip(),
            "mapping": _reading(said["reading"], said["kind"], said["source"].strip()),
            "lookups": queries.known_lookups(said["kind"], said["source"].strip()) | _lookups(request),
        }  # fmt: skip
    except Refused as refused:
        say(form, _beside_the_file(refused))
        return _form(request, form)
    return _checked(request, file, upload.size, kind_of_file)


def _beside_the_file(refused: Refused) -> Refused:
    return Refused([replace(problem, where="file") for problem in refused.problems])


def _reading(chosen: str, kind: str, source: str) -> str:
    """The text of the mapping that was chosen; blank is the remembered one."""
    if chosen == BY_HEADERS:
        return mappings.to_yaml(mappings.Mapping(kind=kind, source=source))
    return queries.mapping_version(int(chosen)).text if chosen.isdigit() else ""


def _lookups(request: Any) -> dict[str, str]:
    """The look-up files sent along, stored: name -> hash."""
    found = {}
    for sent in request.FILES.getlist("lookups")[:20]:
        if sent.size > limits.LARGEST_LOOKUP:
            raise Refused(Problem("too_large", _("a look-up file is too large"), "file", sent.name[:100]))
        upload = actions.receive_stream(sent.chunks(), name=sent.name, size=sent.size, acting_user=request.user)
        found[actions.shown(sent.name)] = upload.sha256
    return found


def _step(request: Asked, step: str, said: dict[str, Any]) -> HttpResponse:
    """What comes after the check: other columns, or bringing it in."""
    file = {name: said[name] for name in dry_run.ASKED}
    if queries.upload(file["sha256"]) is None:
        raise Missing
    if step == "bring":
        return follow(actions.order_import(file=file, once=said["once"], acting_user=request.user))
    if step == "columns":
        form = Columns(mappings.kind_named(file["kind"]), request.POST.getlist("known")[: limits.MOST_COLUMNS], request.POST)
        if not form.is_valid():
            return _told(request, dry_run.dry_run(file, acting_user=request.user), form)
        file["mapping"] = mappings.to_yaml(form.changed(dry_run.in_force(file)))
    size = queries.upload(file["sha256"]).size  # type: ignore[union-attr]
    return _checked(request, file, size, dry_run.check_type(file["sha256"], file["name"]))


def _checked(request: Asked, file: dict[str, Any], size: int, kind_of_file: str) -> HttpResponse:
    """Small files at once, large ones by the worker."""
    if dry_run.is_quick(size, kind_of_file):
        return _told(request, dry_run.dry_run(file, acting_user=request.user))
    return follow(actions.order_check(file=file, once=secrets.token_hex(8), acting_user=request.user))


@dataclass(frozen=True)
class _Counts:
    """The counts of a dry run under the names that a batch has."""

    rows_in: int
    accepted: int
    unmatched: int
    quarantined: int
    duplicates: int
    blank: int
    filtered: int


def _told(request: Asked, told: dict[str, Any], columns: Columns | None = None) -> HttpResponse:
    """The page of a dry run."""
    kind = mappings.kind_named(told["kind"])
    outcome, look = told["outcome"], told["look"]
    file = {name: told[name] for name in dry_run.ASKED}
    state = Stored(initial={**file, "lookups": json.dumps(file["lookups"]), "once": secrets.token_hex(16)})
    page: dict[str, Any] = {
        "file": file,
        "kind": kind_title(told["kind"]),
        "state": state,
        "look": look,
        "problems": [Problem(**one) for one in told["problems"]],
        "columns": columns,
        "outcome": None,
    }
    if look and not look["ours"]:
        form = columns or Columns(kind, look["headers"], initial=columns_initial(look, dry_run.in_force(file)))
        page["columns"] = form
        page["choices"] = [_choice(form, one, look, outcome) for one in kind.columns]
        page["rest"] = [form[name] for name in ("currency", "decimal", "date_order", "header", "sheet", "totals")]
        page["lacking"] = [one for one in page["choices"] if one["needed"]]
        if page["lacking"]:  # the form below asks for each of them: one sentence instead of a list of what it says
            page["problems"] = [problem for problem in page["problems"] if problem.code not in ABSENT]
    if outcome:
        counts = _Counts(**{field.name: outcome[field.name] for field in fields(_Counts)})
        amounts = grains_of(outcome["amounts"])
        page |= {
            "outcome": outcome,
            "shares": [(BUCKETS[share.bucket], share) for share in one_batch.shares(counts, amounts)],
            "money": one_batch.money(amounts),
            "notes": [Problem(**one) for one in outcome["notes"]],
            "examples": [Problem(**one) for one in outcome["examples"][:SHOWN]],
            "before": queries.find(outcome["already"]) if outcome["already"] else None,
            "filters": sorted(outcome["filters"].items()),
        }
    return render(request, "intake/checked.html", page, status=422 if columns is not None and columns.errors else 200)


def _choice(form: Columns, column: Any, look: dict[str, Any], outcome: dict[str, Any] | None) -> dict[str, Any]:
    """One of our columns: its control, and the first values of the file as they stand and as they are read."""
    bound = form[f"column_{column.name}"]
    rule = look["rules"].get(column.name, {})
    header = rule.get("header")
    return {
        "name": column.name, "title": column_name(column.name), "meaning": column.meaning, "required": column.required, "field": bound,
        "constant": rule.get("constant"), "raw": [text for text in look["samples"].get(header, []) if text][:2],
        "read": (outcome or {}).get("preview", {}).get(column.name, [])[:2],
        "needed": column.required and not rule,
    }  # fmt: skip
