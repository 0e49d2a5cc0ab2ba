"""One colleague: what is said of them, what they may do, and whether they may sign in."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from steelyard.accounts import actions
from steelyard.accounts.gate import Asked, needs
from steelyard.accounts.queries import version_of
from steelyard.accounts.views.passwords import reset_link
from steelyard.calc.errors import Conflict, Missing, Refused

from ..colleagues import Colleague, colleague
from ..forms import ChangedPerson
from ..refusals import said, tell
from ..whose import whose


@needs("portal.people", post="portal.people")
def person(request: Asked, user: str) -> HttpResponse:
    """One colleague; saving what is said of them."""
    found = colleague(whose(request), user, request.user)
    if request.method == "GET":
        return _page(request, found)
    form = ChangedPerson(request.POST)
    if found.user.pk == request.user.pk:
        _keep_role(form, found)
    if not form.is_valid():
        return _page(request, found, form=form, status=422)
    values = dict(form.cleaned_data)
    role = values.pop("role")
    others = [name for name in found.user.roles if name not in ("partner_user", "partner_administrator")]
    try:
        actions.change_user(username=user, **values, roles=[*others, role], acting_user=request.user)
    except Missing:
        raise
    except Conflict as conflict:
        form = ChangedPerson({**request.POST.dict(), "seen": version_of(colleague(whose(request), user, request.user).user)})
        form.is_valid()
        tell(form, conflict)
        return _page(request, found, form=form, status=409)
    except Refused as refused:
        tell(form, refused, roles="role", grants="role")
        return _page(request, found, form=form, status=422)
    messages.success(request, _("Saved. It counts from their next click on."))
    return redirect("portal:person", user=user)


@needs(post="portal.people")
def activate(request: Asked, user: str) -> HttpResponse:
    """Deactivate a colleague, which signs them out everywhere, or let them in again."""
    found = colleague(whose(request), user, request.user)
    try:
        if request.POST.get("active") == "yes":
            actions.reactivate_user(username=user, acting_user=request.user)
            messages.success(request, _("%(name)s may sign in again.") % {"name": found.user.name})
        else:
            actions.deactivate_user(username=user, acting_user=request.user)
            messages.success(request, _("%(name)s is deactivated and signed out everywhere.") % {"name": found.user.name})
    except Missing:
        raise
    except Refused as refused:
        return _page(request, found, problems=[said(one) for one in refused.problems], status=422)
    return redirect("portal:person", user=user)


@needs(post="portal.people")
def send_link(request: Asked, user: str) -> HttpResponse:
    """Send a colleague the link to set their password."""
    found = colleague(whose(request), user, request.user)
    try:
        actions.send_reset_link(username=user, link=reset_link(request), acting_user=request.user)
    except Missing:
        raise
    except Refused as refused:
        return _page(request, found, problems=[said(one) for one in refused.problems], status=422)
    messages.success(request, _("A link is on its way to %(email)s.") % {"email": found.user.email})
    return redirect("portal:person", user=user)


def _keep_role(form: ChangedPerson, found: Colleague) -> None:
    """Nobody takes their own role away: whom would they ask for it?"""
    form.fields["role"].disabled = True
    form.initial = {**form.initial, "role": found.role}


def _page(request: Asked, found: Colleague, status: int = 200, form: ChangedPerson | None = None, **more: Any) -> HttpResponse:
    user = found.user
    told = {"name": user.name, "email": user.email, "language": user.language, "role": found.role, "seen": version_of(user)}
    context = {
        "own": whose(request), "found": found, "form": form or ChangedPerson(initial=told), "myself": user.pk == request.user.pk, **more,
    }  # fmt: skip
    return render(request, "portal/person.html", context, status=status)
