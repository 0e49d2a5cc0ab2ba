"""The audit trail: who did what to what, when, from where; old and new."""

from __future__ import annotations

from django.http import HttpResponse
from django.utils.translation import gettext as _

from steelyard.accounts.gate import Asked, needs
from steelyard.audit import queries as audit
from steelyard.ui.escaping import escaped
from steelyard.ui.listing import Column, Empty, Filter, Listing, Records

from .. import links

PAGES = {
    "user": "dashboards:person", "batch": "intake:batch", "review": "reviews:review", "question": "records:question",
    "cycle": "reviews:cycle", "job": "operations:job",
}  # fmt: skip


@needs("audit.read")
def trail(request: Asked) -> HttpResponse:
    """Every entry; roles with this permission see everything, so nothing is left out."""
    listing = Listing(
        request, name="trail", title=_("Audit trail"), source=Records(audit.entries()), sort="-made_at",
        search=("actor", "subject", "action", "reason"),
        columns=(
            Column("made_at", _("When"), "moment", phone=True),
            Column("actor", _("Who")),
            Column("action", _("Did"), phone=True, drawn=lambda _entry, action: escaped(in_words(action))),
            Column("subject", _("What"), link=lambda entry: _page(entry.subject), drawn=lambda _entry, subject: escaped(in_words(subject))),
            Column("changes", _("Old → new"), value=audit.changes_text, sortable=False, sub="reason",
                template="dashboards/administration/changes.html"),
            Column("reason", _("Why")),
            Column("origin", _("From where")),
        ),
        filters=(
            Filter("made_at", _("When"), kind="dates"),
            Filter("actor", _("Who"), kind="text"),
            Filter("action", _("Did"), [(name, in_words(name)) for name in audit.actions()]),
            Filter("subject", _("What"), kind="text"),
        ),
        empty=Empty(_("Nothing was done yet")),
    )  # fmt: skip
    newest = audit.entries().last()
    told = {"newest": newest, "newest_action": in_words(newest.action) if newest else ""}
    return listing.respond("dashboards/administration/trail.html", told)


def _page(subject: str) -> str | None:
    """The page of what an entry is about, where it has one."""
    kind, _colon, key = subject.partition(":")
    name = PAGES.get(kind)
    return links.page(name, **{kind: int(key) if key.isdigit() else key}) if name else None


def in_words(name: str) -> str:
    """An action or a subject as people read it: `review.acknowledge` is `review: acknowledge`, `user:ada` is `user ada`."""
    room, dot, verb = name.partition(".")
    if dot and room.isidentifier() and verb.replace(" ", "_").isidentifier():
        return f"{room}: {verb}"
    kind, colon, key = name.partition(":")
    return f"{kind.replace('_', ' ')} {key}" if colon and kind.isidentifier() else name
