"""Adding, changing and retiring a record; each keeps what was typed and says what is wrong beside the field."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from steelyard.accounts.forms import say
from steelyard.accounts.gate import Asked, needs
from steelyard.accounts.queries import name_of
from steelyard.calc.errors import Conflict, Refused

from .. import forms, reading, telling
from ..actions import Actions
from ..catalogue import Catalogue, One
from ..keys import key_path
from ..titles import column_title, master_title


@needs("masters.write", post="masters.write")
def add(request: Asked, catalogue: Catalogue, master: str) -> HttpResponse:
    """A new record."""
    declared = catalogue.master(master)
    form = forms.Record(catalogue, declared, adding=True, data=request.POST or None)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        more = {"beside": True} if said.get("beside") else {}
        try:
            done = Actions(catalogue.masters).add(
                master, acting_user=request.user, valid_from=said.get("valid_from"), last_day=said.get("last_day"), reason=said["reason"],
                **more, **form.values(),
            )  # fmt: skip
        except Refused as refused:
            say(form, refused)
        else:
            messages.success(request, _("Added at cut %(cut)s.") % {"cut": done.commit_seq})
            values = form.values()
            return redirect("masters:one", master, key_path(values[name] for name in declared.key))
    told = {"form": form, "master": declared, "title": master_title(master)}
    return render(request, "masters/add.html", told, status=422 if form.errors else 200)


@needs("masters.write", post="masters.write")
def change(request: Asked, catalogue: Catalogue, master: str, key: str) -> HttpResponse:
    """Other values from a day on; only what was changed is said."""
    found = catalogue.one(master, key, request.scope)
    if not found.master.values:
        return redirect("masters:one", master, key)
    initial = {**forms.initial_of(found.master, found.row), "version": catalogue.queries.version(master, **found.key)}
    form = forms.Record(catalogue, found.master, adding=False, data=request.POST or None, initial=initial)
    clash: dict[str, Any] = {}
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        changed = {name: value for name, value in form.values().items() if name in form.changed_data}
        try:
            done = Actions(catalogue.masters).change(
                master, acting_user=request.user, valid_from=said.get("valid_from"), last_day=said.get("last_day"),
                reason=said["reason"], version=said["version"], **found.key, **(changed or form.values()),
            )  # fmt: skip
        except Conflict:
            clash = _clash(found, said["version"], form)
            form = _again(catalogue, found, request, initial["version"])
        except Refused as refused:
            say(form, refused)
        else:
            _tell(request, done.commit_seq, _("Changed at cut %(cut)s."))
            return redirect("masters:one", master, key)
    told = {"form": form, "one": found, "key": key, "title": master_title(master), **clash}
    return render(request, "masters/change.html", told, status=409 if clash else 422 if form.errors else 200)


@needs("masters.write", post="masters.write")
def retire(request: Asked, catalogue: Catalogue, master: str, key: str) -> HttpResponse:
    """It is over from a day on, or never was."""
    found = catalogue.one(master, key, request.scope)
    version = catalogue.queries.version(master, **found.key)
    initial = {"version": version, "valid_from": timezone.localdate()}
    form = forms.Retirement(found.master, request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            done = Actions(catalogue.masters).retire(
                master, acting_user=request.user, valid_from=said.get("valid_from"), reason=said["reason"], version=said["version"],
                **found.key,
            )  # fmt: skip
        except Conflict:
            raise
        except Refused as refused:
            say(form, refused)
        else:
            _tell(request, done.commit_seq, _("Retired at cut %(cut)s."))
            still_there = catalogue.queries.exists(master, **found.key)
            return redirect("masters:one", master, key) if still_there else redirect("masters:list", master)
    told = {"form": form, "one": found, "key": key, "title": master_title(master), "by_status": bool(found.master.retired)}
    return render(request, "masters/retire.html", told, status=422 if form.errors else 200)


def _tell(request: Asked, cut: int | None, done: str) -> None:
    if cut is None:
        messages.info(request, _("This is known already; nothing was written."))
    else:
        messages.success(request, done % {"cut": cut})


def _again(catalogue: Catalogue, found: One, request: Asked, version: int) -> forms.Record:
    """The same form with what was typed, which now counts against what is known now."""
    data = request.POST.copy()
    data["version"] = str(version)
    return forms.Record(catalogue, found.master, adding=False, data=data, initial=forms.initial_of(found.master, found.row))


def _clash(found: One, version: int, form: forms.Record) -> dict[str, Any]:
    """What stood there when the form was opened, what somebody else made of it, and what was typed."""
    before = reading.known(found.master, version, **found.key)
    old = before.row(-1, named=True) if before.height else {}
    newest = telling.statements(found, (), 1)
    changes = []
    for name in found.master.values:
        theirs, was = getattr(found.row, name), old.get(name)
        yours = form.cleaned_data.get(name)
        told = {"old": telling.spoken(found.master, name, was), "theirs": telling.spoken(found.master, name, theirs)}
        if told["old"] != told["theirs"] or name in form.changed_data:
            changes.append({"title": column_title(name), **told, "yours": str(yours or "")})
    return {"changes": changes, "by": name_of(newest[0].actor) if newest else "", "at": newest[0].made_at if newest else None}
