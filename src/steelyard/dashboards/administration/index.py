"""The way into administration, and what each role may do."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from steelyard.accounts.gate import Asked, needs
from steelyard.accounts.permissions import PERMISSIONS, ROLES, may

from .. import links


@dataclass(frozen=True)
class Door:
    """A page of administration: where, who may open it, what it is for."""

    title: Any
    text: Any
    name: str
    permission: str


GROUPS = (
    (lazy("People"), (
        Door(lazy("People"), lazy("who signs in, with which roles, and what they see"), "dashboards:people", "people.read"),
        Door(lazy("Roles"), lazy("what each role may do"), "dashboards:roles", "people.read"),
        Door(lazy("Your account"), lazy("name, language, password, API tokens"), "accounts:account", "account"),
    )),
    (lazy("Company"), (
        Door(lazy("Settings"), lazy("name, reporting currency, usual calendar"), "dashboards:company", "settings.read"),
        Door(lazy("Fiscal calendars"), lazy("how years, quarters and months begin"), "dashboards:calendars", "settings.read"),
        Door(lazy("Currencies"), lazy("rates, their sources, and how far they reach"), "dashboards:currencies", "settings.read"),
    )),
    (lazy("Evidence and operation"), (
        Door(lazy("Audit trail"), lazy("who did what, when, from where; old and new"), "dashboards:trail", "audit.read"),
        Door(lazy("Health"), lazy("database, ledger, disk, jobs and e-mail"), "operations:health", "settings.read"),
    )),
)  # fmt: skip


@needs("staff")
def administration(request: Asked) -> HttpResponse:
    """What this person may administer, in groups."""
    groups = []
    for title, doors in GROUPS:
        open_to = [(door, links.page(door.name)) for door in doors if may(request.user, door.permission)]
        if any(url for _door, url in open_to):
            groups.append((title, [(door, url) for door, url in open_to if url]))
    return render(request, "dashboards/administration/index.html", {"groups": groups})


@needs("people.read")
def roles(request: Asked) -> HttpResponse:
    """The table of permissions by role, as the gate reads it."""
    columns = [(name, role) for name, role in ROLES.items() if role.side != "program"]
    rows = [(name, _(meaning), [name in role.permissions for _name, role in columns]) for name, meaning in PERMISSIONS.items()]
    return render(request, "dashboards/administration/roles.html", {"columns": columns, "rows": rows})
