"""My queue: which reviews wait for me, and all others."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from steelyard.accounts.gate import Asked, needs
from steelyard.accounts.permissions import may
from steelyard.ledger.scope import Scope
from steelyard.partners.scopes import sight
from steelyard.ui.listing import Column, Empty, Filter, Listing, Records
from steelyard.ui.unchanged import unchanged

from .. import queries, workflow
from ..evidence import level_names
from ..models import Review


def state_name(state: str) -> str:
    """A state in words."""
    known = {
        workflow.OPEN: _("to be rated"), workflow.SUBMITTED: _("to be approved"), workflow.APPROVED: _("being published"),
        workflow.PUBLISHED: _("published"), workflow.ACKNOWLEDGED: _("acknowledged"),
    }  # fmt: skip
    return known.get(state, state)


def who_next(review: Review) -> str:
    """Who has to do something."""
    known = {
        workflow.OPEN: _("partner manager"), workflow.SUBMITTED: _("a second person"), workflow.APPROVED: _("the installation"),
        workflow.PUBLISHED: _("partner"), workflow.ACKNOWLEDGED: _("nobody"),
    }  # fmt: skip
    return known.get(review.state, "")


@needs("reviews.read")
def reviews(request: Asked) -> HttpResponse:
    """All reviews in sight; those that wait for this person first, the soonest due first."""
    scope, user = request.scope, request.user
    seen = scope.everything or scope.partners
    listing = Listing(
        request,
        name="reviews",
        title=_("Reviews"),
        columns=(
            Column("name", _("Partner"), link=lambda row: reverse("reviews:review", args=[row.pk])),
            Column("period", _("Period"), template="reviews/nowrap_cell.html"),
            Column("due_on", _("Due"), kind="date"),
            Column("state", _("State"), template="reviews/state_cell.html", value=lambda row: row.state),
            Column("total", _("Score"), kind="points", digits=1),
            Column("level", _("Level"), kind="grade", levels=lambda row: level_names(row.framework)),
            Column("next", _("Who next"), value=who_next, sortable=False, template="reviews/nowrap_cell.html"),
            Column("submitted_by", _("Submitted by"), shown=False),
            Column("approved_by", _("Approved by"), shown=False),
            Column("partner", _("Partner code"), shown=False),
            Column("framework", _("Standard"), shown=False),
        ),
        source=Records(queries.queue(scope, user), fields={"state": "state"}),
        filters=(
            Filter("mine", _("Waits for"), choices=[("1", _("me"))]),
            Filter("state", _("State"), choices=[(state, state_name(state)) for state in workflow.STATES]),
            Filter(
                "period",
                _("Period"),
                choices=[(name, name) for name in unchanged(("reviews' periods", seen), lambda: queries.periods(scope))],
            ),
            Filter("due_on", _("Due"), kind="dates"),
        ),
        search=("name", "partner"),
        alike=(user.pk, sight(user, scope)),
        empty=_empty(user),
    )
    mine = unchanged(("my reviews", user.pk, seen), lambda: _mine(scope, user))
    return listing.respond("reviews/reviews.html", {**mine, "may_open": may(user, "reviews.open")})


def _mine(scope: Scope, user: Any) -> dict[str, Any]:
    """What waits for this person."""
    waiting = queries.waiting(scope, user)
    overdue = queries.overdue(scope, user) if waiting else 0
    return {"waiting": waiting, "overdue": overdue, "first": queries.next_for(scope, user) if waiting else None}


def _empty(user: Any) -> Empty:
    title, text = _("No reviews"), _("Reviews come with a cycle, which opens when a period is over.")
    if may(user, "reviews.open"):
        return Empty(title, text, reverse("reviews:cycles"), _("Open a cycle"))
    return Empty(title, text)
