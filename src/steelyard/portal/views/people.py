"""The partner's people, for its administrator: the list, and a new one."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from steelyard.accounts import actions
from steelyard.accounts.actions.rules import username_prefix
from steelyard.accounts.gate import Asked, needs
from steelyard.accounts.views.passwords import reset_link
from steelyard.calc.errors import Refused
from steelyard.ui.listing import Column, Empty, Filter, Listing, Rows

from ..colleagues import Colleague, colleagues
from ..forms import NewPerson
from ..refusals import tell
from ..whose import Whose, whose
from . import SHORT


@needs("portal.people")
def people(request: Asked) -> HttpResponse:
    """Everybody who sees the partner's pages."""
    own = whose(request)
    found = colleagues(own, request.user)
    listing = Listing(
        request,
        name="people",
        title=_("People"),
        columns=(
            Column("name", _("Name"), link=lambda row: row["url"], sub="username"),
            Column("username", _("Username"), shown=False),
            Column("role", _("Role"), phone=True),
            Column("email", _("E-mail")),
            Column("last_login", _("Last signed in"), "moment", phone=False),
            Column("active", _("Active"), "yes_no", phone=False),
        ),
        source=Rows([_row(one) for one in found]),
        filters=(Filter("active", _("Active"), [("yes", _("yes")), ("no", _("no"))]),),
        search=("name", "username", "email"),
        empty=Empty(_("Nobody yet")),
        per=25,
    )
    return listing.respond("portal/people.html", {"own": own, "active": sum(one.user.is_active for one in found), **SHORT})


def _row(one: Colleague) -> dict[str, Any]:
    user = one.user
    return {
        "name": user.name, "username": user.username, "role": one.role_title, "email": user.email, "last_login": user.last_login,
        "active": user.is_active, "url": reverse("portal:person", args=[user.username]) if one.managed else None,
    }  # fmt: skip


@needs("portal.people", post="portal.people")
def add(request: Asked) -> HttpResponse:
    """Add a colleague for this partner and send them a link to set their password."""
    own = whose(request, request.POST.get("partner") if request.method == "POST" else None)
    prefix = username_prefix(request.user)
    form = NewPerson(request.POST or None, initial={"role": "partner_user", "username": prefix})
    if request.method == "POST" and form.is_valid():
        try:
            made = _add(request, own, prefix, form.cleaned_data)
        except Refused as refused:
            tell(form, refused, roles="role", grants="role")
        else:
            messages.success(request, _("%(name)s is added; a link to set a password is on its way.") % {"name": made.name})
            return redirect("portal:people")
    return render(request, "portal/add_person.html", {"own": own, "form": form, "prefix": prefix}, status=422 if form.errors else 200)


@transaction.atomic
def _add(request: Asked, own: Whose, prefix: str, values: dict[str, Any]) -> Any:
    username = values["username"].strip()
    made = actions.add_user(
        username=username if username.startswith(prefix) else f"{prefix}{username}",
        name=values["name"],
        email=values["email"],
        language=values["language"],
        roles=[values["role"]],
        grants=[("partner", own.code)],
        acting_user=request.user,
    )
    actions.send_reset_link(username=made.username, link=reset_link(request), acting_user=request.user)
    return made
