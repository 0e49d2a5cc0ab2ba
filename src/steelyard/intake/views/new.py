"""Hand a file in: its bytes are safe first, then it is looked at, and its own page says the rest."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from steelyard.accounts.forms import say
from steelyard.accounts.gate import Asked, needs
from steelyard.calc.errors import Problem, Refused

from .. import actions, dry_run, limits, mappings, queries
from ..actions.delivering import file_of
from ..delivered import reads_by_itself
from ..forms import BY_HEADERS, NewFile
from ..models import Delivery
from ..titles import kind_title
from .delivery import address
from .progress import follow


@needs("intake.write", post="intake.write")
def new(request: Asked) -> HttpResponse:
    """The form of a file; handed in, it leads to the file's own page."""
    if request.method == "POST":
        return _upload(request)
    return _form(request, _new_form(request))


def _new_form(request: Asked) -> NewFile:
    versions = queries.mapping_versions()
    readings = [(str(one.pk), f"{kind_title(one.kind)}, {one.source}, {_('version')} {one.number}") for one in versions[:500]]
    if request.method == "POST":
        return NewFile(request.POST, request.FILES, readings=readings)
    asked = {name: request.GET.get(name, "")[:100] for name in ("kind", "source")}
    return NewFile(initial={"kind": "orders"} | {name: value for name, value in asked.items() if value}, readings=readings)


def _form(request: Asked, form: NewFile) -> HttpResponse:
    told = {"form": form, "sources": queries.every_source(), "waiting": queries.deliveries()[:5]}
    return render(request, "intake/new.html", told, status=422 if form.errors else 200)


def _upload(request: Asked) -> HttpResponse:
    """Store the bytes, then look at them: small files at once, large ones by the worker."""
    form = _new_form(request)
    if not form.is_valid():
        return _form(request, form)
    said = form.cleaned_data
    kind, source, sent = said["kind"], said["source"].strip(), said["file"]
    try:
        upload = actions.receive_stream(sent.chunks(), name=sent.name, size=sent.size, acting_user=request.user)
        name = actions.shown(sent.name)
        form_of_file = dry_run.check_type(upload.sha256, name)
        lookups = queries.known_lookups(kind, source) | _lookups(request)
    except Refused as refused:
        say(form, Refused([replace(problem, where="file") for problem in refused.problems]))
        return _form(request, form)
    mapping = _reading(said["reading"], kind, source)
    one = actions.hand_in(upload, name=name, kind=kind, source=source, mapping=mapping, lookups=lookups, acting_user=request.user)
    if not dry_run.is_quick(upload.size, form_of_file):
        return redirect(address(one)) if one.looked_by else follow(actions.order_look(one.pk, acting_user=request.user))
    return _at_once(request, one) or redirect(address(one))


def _at_once(request: Asked, one: Delivery) -> HttpResponse | None:
    """Bring it in without asking, where the source's mapping says so and nothing is left to say or to look at."""
    if one.mapping or queries.mapping_for(one.kind, one.source).bring_in != "at once":
        return None
    told = dry_run.dry_run(file_of(one), acting_user=request.user)
    if not reads_by_itself(told):
        messages.info(request, _("It was not brought in at once: look at it first."))
        return None
    messages.info(request, _("Brought in at once, as the mapping of %(source)s says.") % {"source": one.source})
    return follow(actions.order_delivery(one.pk, mapping=told["reading"], seen=one.version, acting_user=request.user))


def _reading(chosen: str, kind: str, source: str) -> str:
    """The text of the mapping that was chosen; blank is the remembered one."""
    if chosen == BY_HEADERS:
        return mappings.to_yaml(mappings.Mapping(kind=kind, source=source))
    return queries.mapping_version(int(chosen)).text if chosen.isascii() and chosen.isdigit() and len(chosen) < 10 else ""


def _lookups(request: Any) -> dict[str, str]:
    """The look-up files sent along, stored: name -> hash."""
    found = {}
    for sent in request.FILES.getlist("lookups")[:20]:
        if sent.size > limits.LARGEST_LOOKUP:
            raise Refused(Problem("too_large", _("a look-up file is too large"), "file", sent.name[:100]))
        upload = actions.receive_stream(sent.chunks(), name=sent.name, size=sent.size, acting_user=request.user)
        found[actions.shown(sent.name)] = upload.sha256
    return found
