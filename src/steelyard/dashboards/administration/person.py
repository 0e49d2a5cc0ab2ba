"""One person: what is said of them, what they may do, what they see, and what was done with them."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from steelyard.accounts import actions
from steelyard.accounts import queries as accounts
from steelyard.accounts.forms import say
from steelyard.accounts.gate import Asked, needs
from steelyard.accounts.permissions import may
from steelyard.accounts.views.passwords import reset_link
from steelyard.audit import queries as audit
from steelyard.calc.errors import Conflict, Refused
from steelyard.partners import scopes

from .forms import Grant, Person
from .people import grantable
from .sight import grant_text, previewed, role_titles

LATEST = 12


@needs("people.read", post="people.write")
def person(request: Asked, user: str) -> HttpResponse:
    """One person; saving what is said of them."""
    found = accounts.person(user)
    if request.method == "GET":
        return _page(request, found)
    form = Person(request.POST)
    if not form.is_valid():
        return _page(request, found, form=form, status=422)
    try:
        actions.change_user(username=user, **form.cleaned_data, acting_user=request.user)
    except Conflict as conflict:
        form = Person({**request.POST.dict(), "roles": request.POST.getlist("roles"), "seen": accounts.version_of(accounts.person(user))})
        say(form, conflict)
        return _page(request, found, form=form, status=409)
    except Refused as refused:
        say(form, refused)
        return _page(request, found, form=form, status=422)
    messages.success(request, _("Saved. It counts from their next click on."))
    return redirect("dashboards:person", user=user)


@needs(post="people.write")
def grant(request: Asked, user: str) -> HttpResponse:
    """Let a person see more."""
    found = accounts.person(user)
    form = Grant(request.POST)
    if form.is_valid():
        try:
            wanted = form.granted()
            scopes.check_grant(wanted.kind, wanted.key)
            actions.grant(username=user, **wanted._asdict(), acting_user=request.user)
        except Refused as refused:
            say(form, refused)
        else:
            messages.success(request, _("Granted."))
            return redirect("dashboards:person", user=user)
    return _page(request, found, granting=form, status=422)


@needs(post="people.write")
def revoke(request: Asked, user: str, grant: int) -> HttpResponse:
    """Let a person see less, from their next click on."""
    accounts.person(user)
    actions.revoke(username=user, grant=grant, acting_user=request.user)
    messages.success(request, _("Revoked. It counts from their next click on."))
    return redirect("dashboards:person", user=user)


@needs(post="people.write")
def activate(request: Asked, user: str) -> HttpResponse:
    """Deactivate a person, which ends their sessions, or let them in again."""
    found = accounts.person(user)
    reason = request.POST.get("reason", "")[:500]
    try:
        if request.POST.get("active") == "yes":
            actions.reactivate_user(username=user, acting_user=request.user, reason=reason)
            messages.success(request, _("%(name)s may sign in again.") % {"name": found.name})
        else:
            actions.deactivate_user(username=user, acting_user=request.user, reason=reason)
            messages.success(request, _("%(name)s is deactivated and signed out everywhere.") % {"name": found.name})
    except Refused as refused:
        return _page(request, found, problems=refused.problems, status=422)
    return redirect("dashboards:person", user=user)


@needs(post="people.write")
def send_link(request: Asked, user: str) -> HttpResponse:
    """Send a person the link to set their password."""
    found = accounts.person(user)
    try:
        actions.send_reset_link(username=user, link=reset_link(request), acting_user=request.user)
    except Refused as refused:
        return _page(request, found, problems=refused.problems, status=422)
    messages.success(request, _("A link is on its way to %(email)s.") % {"email": found.email})
    return redirect("dashboards:person", user=user)


@needs(post="people.write")
def revoke_tokens(request: Asked, user: str) -> HttpResponse:
    """Take all API tokens of a person out of use."""
    accounts.person(user)
    number = actions.revoke_all_tokens(username=user, acting_user=request.user)
    messages.success(request, ngettext("%(number)s token revoked.", "%(number)s tokens revoked.", number) % {"number": number})
    return redirect("dashboards:person", user=user)


def _page(request: Asked, found: Any, status: int = 200, form: Person | None = None, **more: Any) -> HttpResponse:
    told = {name: getattr(found, name) for name in ("name", "email", "language", "roles")}
    now, today = timezone.now(), timezone.localdate()
    may_write = may(request.user, "people.write")
    entries = []
    if may(request.user, "audit.read"):
        entries = [
            {
                "title": entry.action,
                "text": " · ".join(filter(None, [entry.actor, audit.changes_text(entry), entry.reason])),
                "at": entry.made_at,
            }
            for entry in audit.entries(subject=f"user:{found.username}").order_by("-id")[:LATEST]
        ]
    return render(
        request,
        "dashboards/administration/person.html",
        {
            "person": found, "form": form or Person(initial={**told, "seen": accounts.version_of(found)}),
            "granting": Grant(), "grantable": grantable() if may_write else [], "sight": previewed(found),
            "role_titles": role_titles(found),
            "grants": [_grant(one, today) for one in accounts.grants(found)],
            "tokens": [token for token in accounts.tokens(found) if token.works_at(now)], "entries": entries, "may_write": may_write,
            "own": found.pk == request.user.pk, **more,
        },
        status=status,
    )  # fmt: skip


def _grant(one: Any, today: Any) -> dict[str, Any]:
    coming = one.revoked_at is None and one.valid_from is not None and one.valid_from > today
    state = "now" if one.in_force(today) else "coming" if coming else "over"
    return {
        "number": one.pk,
        "text": grant_text(one.kind, one.key),
        "from": one.valid_from,
        "until": one.valid_to and one.valid_to - timedelta(days=1),
        "state": state,
    }
