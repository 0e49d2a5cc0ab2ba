"""Files that the company laid out for the partner."""

from __future__ import annotations

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from steelyard.accounts.gate import Asked, needs
from steelyard.records import queries
from steelyard.reviews.views.documents import as_download
from steelyard.ui.listing import Column, Empty, Listing, Records

from ..to_do import subject_of
from ..whose import sight, whose
from . import SHORT


@needs("portal.read")
def documents(request: Asked) -> HttpResponse:
    """All of them, the newest first."""
    own = whose(request)
    listing = Listing(
        request,
        name="documents",
        title=_("Documents"),
        columns=(
            Column("title", _("Title"), link=lambda row: reverse("portal:document", args=[row.pk])),
            Column("ending", _("Format"), value=lambda row: row.ending.upper()),
            Column("size", _("Size"), "count", template="portal/parts/size.html", phone=False),
            Column("added_at", _("Added"), "moment", template="portal/parts/day.html", phone=True),
        ),
        source=Records(queries.documents(own.scope, own.code)),
        search=("title",),
        sort="-added_at",
        empty=Empty(_("No documents yet"), _("Agreements, price lists and minutes appear here.")),
        per=25,
    )
    return listing.respond("portal/documents.html", {"own": own, **SHORT})


@needs("portal.read")
def download(request: Asked, document: int) -> HttpResponse:
    """The bytes of one, as a file to keep; that it was opened stands in the trail."""
    scope = sight(request)
    response = as_download(queries.download(document, scope))
    response.exported = (subject_of(document).removeprefix("list:"), 1, "file")  # type: ignore[attr-defined]
    return response  # type: ignore[return-value]  # a streaming answer
