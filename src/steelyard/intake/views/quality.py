"""Reconciliation and the quality of feeds: what sources said beside what the ledger holds; how quickly and rightly they tell."""

from __future__ import annotations

from urllib.parse import urlencode

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from steelyard.accounts.gate import Asked, needs
from steelyard.ui.listing import Column, Empty, Filter, Listing, Rows

from .. import quality, queries, reconciling
from ..titles import kind_choices, kind_title


@needs("intake.read")
def reconciliation(request: Asked) -> HttpResponse:
    """Where the money of each source went; and month by month what is late, corrected or missing."""
    listing = Listing(
        request,
        name="reconciliation",
        title=_("Month by month"),
        columns=(
            Column("source", _("Source"), sub="kind", phone=True, link=_batches),
            Column("kind", _("Kind"), value=lambda month: kind_title(month.kind)),
            Column("month", _("Month from"), "date", phone=True),
            Column("rows", _("Rows"), "count", phone=True),
            Column("late", _("Late"), "count", hint=_("Known later than 15 days after the end of their month")),
            Column("corrected", _("Corrected or taken out"), "count"),
            Column(
                "missing",
                _("Days missing"),
                "count",
                hint=_("Working days without a row that no report covers"),
            ),
            Column("gaps", _("Numbers missing"), "count", hint=_("Document numbers that a series of the month lacks")),
        ),
        source=Rows(reconciling.months()),
        filters=(
            Filter("kind", _("Kind"), kind_choices(reconciling.KINDS), matches=lambda month, value: month.kind == value),
            Filter("source", _("Source"), [(source, source) for source in queries.every_source()]),
        ),
        sort="-month",
        empty=Empty(_("Nothing to reconcile yet"), _("Once a source has told of orders or other facts, its months are listed here.")),
    )
    accounts = reconciling.accounts()
    told = {
        "accounts": [(one, kind_title(one.kind)) for one in accounts],
        "unexplained": sum(one.unexplained != 0 for one in accounts),
        "waiting": sum(one.waiting != 0 for one in accounts),
    }
    return listing.respond("intake/reconciliation.html", told)


def _batches(month: reconciling.Month) -> str:
    return reverse("intake:batches") + "?" + urlencode({"source": month.source, "kind": month.kind})


@needs("intake.read")
def feeds(request: Asked) -> HttpResponse:
    """How quickly, completely and rightly each source tells of each partner, and how often it says otherwise."""
    found = quality.feeds()
    listing = Listing(
        request,
        name="feed-quality",
        title=_("Feed quality"),
        columns=(
            Column("name", _("Partner"), sub="source", phone=True),
            Column("partner", _("Code"), shown=False),
            Column("source", _("Source")),
            Column("kind", _("Kind"), value=lambda feed: kind_title(feed.kind)),
            Column("rows", _("Rows"), "count"),
            Column("last", _("Last day"), "date"),
            Column("days", _("Days until known"), "count", phone=True, hint=_("The median from a row's own day")),
            Column("completeness", _("Months told"), "percent", phone=True, hint=_("Of those since the source's first")),
            Column("accuracy", _("Right at once"), "percent", hint=_("Rows of the source that were not refused")),
            Column("restatement", _("Said otherwise"), "percent", hint=_("Rows corrected or taken out later")),
        ),
        source=Rows(found),
        filters=(
            Filter("kind", _("Kind"), kind_choices(reconciling.KINDS), matches=lambda feed, value: feed.kind == value),
            Filter("source", _("Source"), [(source, source) for source in queries.every_source()]),
        ),
        search=("name", "partner", "source"),
        sort="completeness",
        empty=Empty(_("No feed yet"), _("Once a source has told of a partner, it is listed here.")),
    )
    return listing.respond("intake/feed_quality.html", {"count": len({feed.source for feed in found})})
