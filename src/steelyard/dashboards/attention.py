"""What waits for this person: work of their roles that is due, as far as their scope sees."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Count, Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from steelyard.accounts.permissions import may
from steelyard.attribution.unmatched import unmatched
from steelyard.intake.arrivals import feeds
from steelyard.intake.queries import quarantine
from steelyard.ledger.queries import tip
from steelyard.ledger.scope import Scope
from steelyard.records import queries as records
from steelyard.reviews import queries as reviews
from steelyard.scorecards import to_do
from steelyard.scorecards.choosing import unpublished
from steelyard.scorecards.kept import Kept

from . import links

if TYPE_CHECKING:
    from steelyard.accounts.models import User

_names: Kept[int] = Kept(2)


@dataclass(frozen=True, slots=True)
class Due:
    """One thing to do: its name, how many, what, why, where; late things stand first."""

    name: str
    count: int
    text: str
    detail: str
    url: str | None
    icon: str
    late: bool = False


def due(user: User, scope: Scope) -> list[Due]:
    """Everything that waits, late things first."""
    found = [one for one in _everything(user, scope) if one.count]
    return sorted(found, key=lambda one: not one.late)


def _everything(user: User, scope: Scope) -> Iterator[Due]:
    if may(user, "reviews.rate") or may(user, "reviews.approve"):
        count, late = reviews.waiting(scope, user), reviews.overdue(scope, user)
        detail = ngettext("%(late)s is overdue", "%(late)s are overdue", late) % {"late": late} if late else ""
        text = ngettext("review waits for you", "reviews wait for you", count)
        yield Due("reviews", count, text, detail, links.page("reviews:reviews"), "check", late > 0)
    if may(user, "questions.answer"):
        count, late = records.waiting(scope), records.overdue(scope)
        detail = (
            ngettext("%(late)s waits longer than promised", "%(late)s wait longer than promised", late) % {"late": late} if late else ""
        )
        text = ngettext("question waits for an answer", "questions wait for an answer", count)
        yield Due("questions", count, text, detail, links.page("records:questions"), "question", late > 0)
    if may(user, "tasks.close"):
        yield _tasks(scope)
    if may(user, "scores.publish"):
        yield _to_publish(user, scope)
    if may(user, "intake.write"):
        yield from _intake()


def _tasks(scope: Scope) -> Due:
    """What triggers opened and nobody has closed."""
    told = to_do.open_now(scope=scope).aggregate(count=Count("pk"), late=Count("pk", filter=Q(due_on__lt=timezone.localdate())))
    count, late = told["count"], told["late"]
    detail = ngettext("%(late)s is past its day", "%(late)s are past their day", late) % {"late": late} if late else ""
    text = ngettext("task is to be done", "tasks are to be done", count)
    return Due("tasks", count, text, detail, links.page("scorecards:tasks"), "clock", late > 0)


def _to_publish(user: User, scope: Scope) -> Due:
    """Runs that somebody else scored: whoever scored one cannot publish it."""
    runs = [run for run in unpublished(scope=scope) if not run.is_running and run.created_by != user.username]
    text = ngettext("scored period waits to be published", "scored periods wait to be published", len(runs))
    which = ", ".join(f"{run.framework.title or run.framework.code}, {run.period}" for run in runs[:4])
    return Due("runs", len(runs), text, which, links.page("scorecards:runs"), "scale")


def _intake() -> Iterator[Due]:
    rows = quarantine().order_by().aggregate(rows=Count("pk"), batches=Count("batch", distinct=True))
    count, batches = rows["rows"], rows["batches"]
    text = ngettext("refused row waits to be put right", "refused rows wait to be put right", count)
    detail = ngettext("in %(batches)s batch", "in %(batches)s batches", batches) % {"batches": batches}
    yield Due("refused rows", count, text, detail, links.page("intake:problems"), "intake")
    names = unmatched_names()
    text = ngettext("name means no partner yet", "names mean no partner yet", names)
    why = _("their lines count nowhere until you say who they are")
    yield Due("unmatched names", names, text, why, links.page("attribution:queue"), "link")
    late = [feed for feed in feeds() if feed.state == "late"]
    text = ngettext("feed is late", "feeds are late", len(late))
    which = ", ".join(f"{feed.source} {feed.kind}" for feed in late[:4])
    yield Due("late feeds", len(late), text, which, links.page("intake:batches"), "clock", True)


def unmatched_names() -> int:
    """How many keys of sources mean no partner yet; counted once for a head of the ledger."""
    return _names.get(tip(), lambda: unmatched().select("source", "party").n_unique())
