"""The audit trail: who did what to what, when, from where; old and new."""

from __future__ import annotations

from django.http import HttpResponse
from django.utils.translation import gettext as _

from steelyard.accounts.gate import Asked, needs
from steelyard.audit import queries as audit
from steelyard.ui.listing import Column, Empty, Filter, Listing, Records


@needs("audit.read")
def trail(request: Asked) -> HttpResponse:
    """Every entry; roles with this permission see everything, so nothing is left out."""
    listing = Listing(
        request, name="trail", title=_("Audit trail"), source=Records(audit.entries()), sort="-made_at",
        search=("actor", "subject", "action", "reason"),
        columns=(
            Column("made_at", _("When"), "moment", phone=True),
            Column("actor", _("Who")),
            Column("action", _("Did"), phone=True),
            Column("subject", _("What")),
            Column("changes", _("Old → new"), value=audit.changes_text, sortable=False, sub="reason",
                template="dashboards/administration/changes.html"),
            Column("reason", _("Why")),
            Column("origin", _("From where")),
        ),
        filters=(
            Filter("made_at", _("When"), kind="dates"),
            Filter("actor", _("Who"), kind="text"),
            Filter("action", _("Did"), [(name, name) for name in audit.actions()]),
            Filter("subject", _("What"), kind="text"),
        ),
        empty=Empty(_("Nothing was done yet")),
    )  # fmt: skip
    return listing.respond("dashboards/administration/trail.html", {"newest": audit.entries().last()})
