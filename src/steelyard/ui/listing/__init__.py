"""The one way to make a list page: search, filters, sort, columns, pages, saved views, selection, export of all rows.

A page declares what it shows and answers with `respond`; the address holds the whole state, so a list can be bookmarked,
sent and saved as a view. See docs/decisions for why it is our own.

    listing = Listing(
        request, name="partners", title=_("Partners"), columns=(Column("code", _("Code"), link=link_of), ...),
        source=Rows(rows), filters=(Filter("status", _("Status"), choices),), search=("code", "name"), sort="name",
        empty=Empty(_("No partners yet"), _("Import a list of them."), url, _("Import partners")),
    )
    return listing.respond("dashboards/partners.html", {...})
"""

from .columns import Bulk, Column, Empty, Filter
from .listing import Listing
from .query import Query
from .sources import Records, Rows, Source

__all__ = ["Bulk", "Column", "Empty", "Filter", "Listing", "Query", "Records", "Rows", "Source"]
