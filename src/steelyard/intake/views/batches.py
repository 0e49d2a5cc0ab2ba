"""What came in: every batch, and how fresh each source is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from steelyard.accounts.gate import Asked, needs
from steelyard.accounts.permissions import may
from steelyard.ui.listing import Column, Empty, Filter, Listing, Records
from steelyard.ui.unchanged import unchanged

from .. import queries
from ..arrivals import Feed, feeds
from ..titles import STATES, kind_choices, kind_title

STORED = 6  # files shown that are not brought in yet


@dataclass(frozen=True)
class Fresh:
    """One source: what it sends, when it last did, whether anything of it is late."""

    source: str
    kinds: tuple[str, ...]
    last: datetime
    age: int
    late: tuple[str, ...]


@needs("intake.read")
def batches(request: Asked) -> HttpResponse:
    """Every batch, newest first."""
    writes = may(request.user, "intake.write")
    new = reverse("intake:new") if writes else ""
    listing = Listing(
        request,
        name="batches",
        title=_("Batches"),
        columns=(
            Column("name", _("File"), link=lambda batch: reverse("intake:batch", args=(batch.pk,)), sub="kind", phone=True),
            Column("kind", _("Kind"), value=lambda batch: kind_title(batch.kind)),
            Column("source", _("Source")),
            Column("created_at", _("Received"), "moment"),
            Column("actor", _("By")),
            Column("rows_in", _("Rows"), "count", phone=True),
            Column("accepted", _("Accepted"), "count"),
            Column("restated", _("Restated"), "count", shown=False, hint=_("Part of the accepted: lines that were known otherwise")),
            Column("quarantined", _("Refused"), "count"),
            Column("waiting", _("Need you"), "count", hint=_("Refused rows that nobody corrected yet"), phone=True),
            Column("duplicates", _("Known already"), "count"),
            Column("blank", _("Blank"), "count", shown=False),
            Column("filtered", _("Left out"), "count", shown=False),
            Column("unmatched", _("Without partner"), "count", shown=False, hint=_("When the file came; part of the accepted")),
            Column("status", _("State"), template="intake/parts/state.html"),
            Column("cut", _("Cut"), "count", shown=False),
            Column("number", _("Batch"), "count", shown=False, value=lambda batch: batch.pk, sortable=False),
        ),
        source=Records(queries.batches(), {"number": "pk"}),
        filters=(
            Filter("kind", _("Kind"), kind_choices(unchanged("kinds received", queries.kinds_received))),
            Filter("source", _("Source"), [(source, source) for source in unchanged("every source", queries.every_source)]),
            Filter("status", _("State"), STATES),
            Filter("created_at", _("Received"), kind="dates"),
        ),
        search=("name", "source", "actor"),
        sort="-created_at",
        alike="batches",
        empty=Empty(
            _("No file came in yet"), _("Bring in a file: it is checked first, and nothing is written before you say so."), new,
            _("Bring in a file"),
        ),
    )  # fmt: skip
    waiting = unchanged("waiting rows", queries.waiting_counts)
    stored = list(queries.deliveries()[:STORED]) if writes else []
    told = {"fresh": fresh(unchanged("feeds", feeds)), "new": new, "waiting": waiting, "stored": stored}
    return listing.respond("intake/batches.html", told)


def fresh(known: list[Feed]) -> list[Fresh]:
    """The feeds, one line for each source; those that are late first."""
    by_source: dict[str, list[Feed]] = {}
    for feed in known:
        by_source.setdefault(feed.source, []).append(feed)
    lines = []
    for source, mine in by_source.items():
        newest = max(mine, key=lambda feed: feed.last)
        late = tuple(str(kind_title(feed.kind)) for feed in mine if feed.state == "late")
        lines.append(Fresh(source, tuple(str(kind_title(feed.kind)) for feed in mine), newest.last, newest.age, late))
    return sorted(lines, key=lambda line: (not line.late, -line.age, line.source))
