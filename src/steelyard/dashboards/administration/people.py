"""The list of people, and a new person."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from steelyard.accounts import actions
from steelyard.accounts import queries as accounts
from steelyard.accounts.forms import say
from steelyard.accounts.gate import Asked, needs
from steelyard.accounts.permissions import ROLES, may
from steelyard.accounts.views.passwords import reset_link
from steelyard.calc.errors import Refused
from steelyard.partners import scopes
from steelyard.ui.listing import Column, Empty, Filter, Listing, Rows

from .forms import NewPerson
from .sight import role_titles, sight_of

MOST_CHOICES = 1_500  # beyond that a list in the page weighs more than it helps: the code is typed, and checked


@needs("people.read")
def people(request: Asked) -> HttpResponse:
    """Everybody who signs in, with their roles and what they see."""
    in_force = accounts.everybody_in_force(timezone.localdate())
    rows = [_row(person, in_force.get(person.pk, [])) for person in accounts.people()]
    listing = Listing(
        request, name="people", title=_("People"), source=Rows(rows), search=("name", "username", "email"), sort="name",
        columns=(
            Column("name", _("Name"), link=lambda row: reverse("dashboards:person", args=[row["username"]]), sub="username", phone=True),
            Column("username", _("Username")),
            Column("roles", _("Roles"), phone=True, template="dashboards/administration/role_names.html"),
            Column("sees", _("Sees"), template="dashboards/administration/unbroken.html"),
            Column("email", _("E-mail")),
            Column("last_login", _("Last signed in"), "moment"),
            Column("active", _("Active"), "yes_no"),
        ),
        filters=(
            Filter("role", _("Role"), [(name, _(role.title)) for name, role in ROLES.items() if role.side != "program"],
                matches=lambda row, value: value in row["role_names"]),
            Filter("active", _("Active"), [("yes", _("yes")), ("no", _("no"))], default="yes"),
        ),
        empty=Empty(_("Nobody yet"), _("Add the first person."), reverse("dashboards:add-person"), _("Add a person")),
    )  # fmt: skip
    told = {"active": sum(row["active"] for row in rows), "may_add": may(request.user, "people.write")}
    return listing.respond("dashboards/administration/people.html", told)


def _row(person: Any, grants: list[Any]) -> dict[str, Any]:
    return {
        "name": person.name, "username": person.username, "roles": role_titles(person), "role_names": person.roles,
        "role_titles": [_(ROLES[role].title) for role in person.roles if role in ROLES],
        "email": person.email, "last_login": person.last_login, "active": person.is_active, "sees": sight_of(person, grants).text,
    }  # fmt: skip


@needs("people.write", post="people.write")
def add(request: Asked) -> HttpResponse:
    """Add a person, with roles and what they see first, and send them a link to set their password."""
    form = NewPerson(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            made = _add(request, form.cleaned_data)
        except Refused as refused:
            say(form, refused)
        else:
            messages.success(request, _("%(name)s is added.") % {"name": made.name})
            return redirect("dashboards:person", user=made.username)
    told = {"form": form, "grantable": grantable()}
    return render(request, "dashboards/administration/add_person.html", told, status=422 if form.errors else 200)


@transaction.atomic
def _add(request: Asked, values: dict[str, Any]) -> Any:
    grants = []
    if values["kind"] or values["key"]:
        scopes.check_grant(values["kind"], values["key"].strip())
        grants = [(values["kind"], values["key"].strip())]
    known = {name: values[name] for name in ("username", "name", "email", "language", "roles")}
    made = actions.add_user(**known, grants=grants, acting_user=request.user)
    if values["invite"] and made.email:
        actions.send_reset_link(username=made.username, link=reset_link(request), acting_user=request.user)
    return made


def grantable() -> list[tuple[str, str]]:
    """(code, name) of what can be granted, for the field to choose from."""
    found = [*scopes.choices("territory"), *scopes.choices("representative")]
    partners = scopes.choices("partner")
    return found + partners if len(partners) <= MOST_CHOICES else found
