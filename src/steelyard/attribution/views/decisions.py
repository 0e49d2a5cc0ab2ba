"""Every decision about a name: how it was made, how sure, by whom, whether it stands; several can be taken back at once."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from steelyard.accounts.gate import Asked, needs
from steelyard.accounts.permissions import may
from steelyard.ui.listing import Bulk, Column, Empty, Filter, Listing, Query, Records

from .. import actions, decisions
from ..decisions import Decision

METHODS = ("person", "model", "name", "code")


class Decisions:
    """History as a list: searched and paged in the database, who and when added to the rows of a page."""

    def __init__(self) -> None:
        self.records = Records(decisions.records().order_by("-pk"), {"number": "pk"})

    def count(self, query: Query) -> int:
        """How many decisions pass."""
        return self.records.count(query)

    def page(self, query: Query, start: int, size: int) -> Sequence[Decision]:
        """Some of them."""
        return decisions.told(self.records.page(query, start, size))

    def everything(self, query: Query) -> Iterable[Decision]:
        """All of them, a thousand at a time."""
        some: list[Any] = []
        for row in self.records.everything(query):
            some.append(row)
            if len(some) == 1_000:
                yield from decisions.told(some)
                some.clear()
        yield from decisions.told(some)


def methods() -> list[tuple[str, str]]:
    """How a name can be decided."""
    return [("person", _("a person")), ("model", _("the model")), ("name", _("exact name")), ("code", _("code")), ("", _("not said"))]


@needs("intake.read", post="intake.write")
def index(request: Asked) -> HttpResponse:
    """All of them, the newest first."""
    if request.method == "POST":
        return _take_back(request)
    words = dict(methods())
    here = reverse("attribution:queue")
    people = [(name, name) for name in decisions.people()]
    listing = Listing(
        request, name="decisions", title=_("Decisions"), dense=True, source=_source(request),
        columns=(
            Column("party", _("Found"), sub="title", phone=True),
            Column("title", _("Called"), sortable=False, shown=False),
            Column("source", _("Source"), value=lambda row: row.source or _("every source")),
            Column("partner", _("Matched to"), link=_link, value=_matched, phone=True),
            Column("method", _("How"), value=lambda row: _("taken back") if row.taken_back else words.get(row.method, row.method)),
            Column("probability", _("Probability"), "percent", digits=0),
            Column("margin", _("Margin"), "percent", digits=0),
            Column("rows", _("Rows"), "count", sortable=False),
            Column("by", _("By"), sortable=False),
            Column("at", _("When"), "moment", sortable=False),
            Column("stands", _("Stands"), "yes_no", sortable=False),
            Column("why", _("Note"), sortable=False, shown=False),
            Column("number", _("Number"), "text", shown=False),
        ),
        filters=(
            Filter("method", _("How"), [pair for pair in methods() if pair[0]]),
            Filter("by", _("By"), people, applies=False),
            Filter("source", _("Source"), kind="exact"),
            Filter("partner", _("Partner"), kind="exact"),
        ),
        search=("party", "partner", "source"), key="key",
        bulk=(Bulk(_("Take back"), reverse("attribution:decisions"), _dry_run),) if may(request.user, "intake.write") else (),
        empty=Empty(_("Nothing decided yet"), _("What is matched, by people or by itself, is listed here."), here, _("Matching")),
    )  # fmt: skip
    return listing.respond(
        "attribution/decisions.html", {"standing": [(words.get(method, method), count) for method, count in decisions.standing().items()]}
    )


def _source(request: Asked) -> Decisions:
    """The list; of one person where the address says so, which the rows themselves do not hold."""
    found, by = Decisions(), request.GET.get("by", "")
    if by and by in decisions.people():
        found.records.records = decisions.of_person(found.records.records, by)
    return found


def _link(row: Decision) -> str | None:
    return reverse("masters:one", args=("partners", row.partner)) if row.partner else None


def _matched(row: Decision) -> str:
    if not row.partner:
        return _("none of ours")
    return f"{row.name} ({row.partner})" if row.name != row.partner else row.partner


def _dry_run(selected: Sequence[str]) -> str:
    found = _selected(selected)
    rows = sum(one.rows for one in found)
    text = ngettext("%(count)s name waits again, with %(rows)s rows.", "%(count)s names wait again, with %(rows)s rows.", len(found))
    return text % {"count": len(found), "rows": rows}


def _selected(selected: Sequence[str]) -> list[Decision]:
    """Those of the chosen that still stand."""
    numbers = [int(key) for key in selected if key.isascii() and key.isdigit() and len(key) < 18]
    return [one for one in decisions.told(decisions.records().filter(pk__in=numbers[:10_000])) if one.stands]


def _take_back(request: Asked) -> HttpResponse:
    found = _selected(request.POST.getlist("selected"))
    done = actions.take_back_names(keys=[(one.source, one.party) for one in found], acting_user=request.user)
    text = ngettext("%(count)s name waits again.", "%(count)s names wait again.", done) if done else _("None of these stands any more.")
    (messages.success if done else messages.info)(request, text % {"count": done} if done else text)
    return redirect("attribution:decisions")
