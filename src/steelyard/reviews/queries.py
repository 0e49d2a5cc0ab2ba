"""Reading cycles and reviews: always as far as the reader's scope sees."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import Case, Count, F, IntegerField, Q, QuerySet, When
from django.utils import timezone

from steelyard.accounts.permissions import may
from steelyard.approvals import queries as approvals
from steelyard.approvals.queries import Told
from steelyard.approvals.signing import version_hash
from steelyard.approvals.workflows import Rule
from steelyard.calc.errors import Missing
from steelyard.calc.units import to_text
from steelyard.ledger.scope import EVERYTHING, Scope
from steelyard.records import queries as records
from steelyard.scorecards.directory import directory

from . import workflow
from .evidence import Evidence, evidence, is_pending
from .models import Cycle, CycleRule, Review
from .rating import Item, item_of


def review_days() -> dict[str, tuple[date, ...]]:
    """The day of every cycle, by the code of its framework: on these standings may turn that name it."""
    found: dict[str, list[date]] = {}
    for framework, as_of in Cycle.objects.order_by("as_of").values_list("framework", "as_of"):
        found.setdefault(framework, []).append(as_of)
    return {framework: tuple(days) for framework, days in found.items()}


def seen_by(scope: Scope) -> Q:
    """The condition on the partner of a review."""
    return Q() if scope.everything else Q(partner__in=scope.partners)


def reviews(scope: Scope, *, cycle: int | None = None, states: Sequence[str] | None = None, partner: str | None = None) -> QuerySet[Review]:
    """Reviews with due_on, period and framework of their cycle, the soonest due first."""
    found = Review.objects.filter(seen_by(scope)).select_related("cycle").order_by("cycle__due_on", "name", "pk")
    found = found.annotate(due_on=F("cycle__due_on"), period=F("cycle__period"), framework=F("cycle__framework"))
    if cycle is not None:
        found = found.filter(cycle=cycle)
    if partner is not None:
        found = found.filter(partner=partner)
    if states is not None:
        found = found.filter(state__in=states)
    return found


def queue(scope: Scope, user: Any) -> QuerySet[Any]:
    """The same with ``mine``: 1 where it is this person's turn, else 0; those come first."""
    turn = Case(When(turn_of(user), then=1), default=0, output_field=IntegerField())
    return reviews(scope).annotate(mine=turn).order_by("-mine", "cycle__due_on", "name", "pk")


def next_for(scope: Scope, user: Any, besides: int = 0) -> Review | None:
    """The review that this person would best do next."""
    return reviews(scope).filter(turn_of(user)).exclude(pk=besides).first()


def turn_of(user: Any) -> Q:
    """The condition under which a review waits for this person."""
    turns = Q(pk__in=[])
    if may(user, "reviews.rate"):
        turns |= Q(state=workflow.OPEN)
    if may(user, "reviews.approve"):
        turns |= Q(state=workflow.SUBMITTED) & ~Q(hands__username=user.username)
    if may(user, "portal.acknowledge"):
        turns |= Q(state=workflow.PUBLISHED)
    return turns & Q(cycle__state=Cycle.State.OPEN)


def waiting(scope: Scope, user: Any) -> int:
    """How many reviews wait for this person."""
    return Review.objects.filter(seen_by(scope)).filter(turn_of(user)).count()


def overdue(scope: Scope, user: Any, today: date | None = None) -> int:
    """How many of them are past their day."""
    day = today or timezone.localdate()
    return Review.objects.filter(seen_by(scope)).filter(turn_of(user), cycle__due_on__lt=day).count()


def periods(scope: Scope) -> list[str]:
    """The periods of all reviews in sight, newest first."""
    rows = Review.objects.filter(seen_by(scope)).order_by("-cycle__as_of").values_list("cycle__period", "cycle__as_of").distinct()
    return list(dict.fromkeys(label for label, _ in rows))


def review(number: int, scope: Scope) -> Review:
    """One review; `Missing` if it is not there or not to be seen."""
    found = Review.objects.filter(seen_by(scope), pk=number).select_related("cycle").first()
    if found is None:
        raise Missing
    return found


def review_of(framework: str, period: str, subject: str, scope: Scope) -> Review | None:
    """The review of one subject in a period, if there is one that the scope may see."""
    rows = Review.objects.filter(seen_by(scope), cycle__framework=framework, cycle__period=period, subject=subject)
    return rows.select_related("cycle").first()


def names(codes: Sequence[str]) -> Mapping[str, str]:
    """Partner code -> name."""
    wanted = set(codes)
    return {code: name for code, name in directory(scope=EVERYTHING).select("code", "name").iter_rows() if code in wanted}


@dataclass(frozen=True)
class Opened:
    """A review as its page shows it. ``shown`` stands for exactly what the reader sees: whoever approves, approves that."""

    review: Review
    name: str
    items: list[Item]
    evidence: Evidence | None
    pending: bool
    rules: list[Rule]
    steps: list[Told]
    comments: list[Any] = field(default_factory=list)

    @property
    def shown(self) -> str:
        """The hash of this version with its evidence."""
        return shown(self.review, self.evidence)

    @property
    def verbs(self) -> frozenset[str]:
        """What this reader may do now."""
        return frozenset(rule.verb for rule in self.rules)


def open_review(number: int, scope: Scope, user: Any) -> Opened:
    """Everything the page of a review needs."""
    found = review(number, scope)
    about = evidence(found)
    rules = approvals.open_to(workflow.NAME, found.record, found.state, user, found.worked_on_by)
    return Opened(
        review=found,
        name=found.name or found.partner,
        items=items(found.cycle),
        evidence=about,
        pending=is_pending(found, about),
        rules=[rule for rule in rules if found.cycle.state == Cycle.State.OPEN or rule.state != workflow.OPEN],
        steps=approvals.steps(found.record),
        comments=records.comments(found.record, partner_only=not may(user, "reviews.read")),
    )


def items(cycle: Cycle) -> list[Item]:
    """What is rated in a cycle."""
    return [item_of(item) for item in cycle.items]


def content(review: Review, about: Evidence | None) -> dict[str, Any]:
    """What a step of a review is taken on, and what a signature signs."""
    return {
        "framework": review.cycle.framework, "period": review.cycle.period, "subject": review.subject,
        "ratings": dict(sorted(review.ratings.items())), "comment": review.comment,
        "run": about.run.run_id if about else "", "evidence": about.digest if about else "",
        "total": points_text(about), "level": about.level if about else "",
        **({"references": dict(sorted(review.references.items()))} if review.references else {}),
        **({"unanswered": dict(sorted(review.unanswered.items()))} if review.unanswered else {}),
    }  # fmt: skip


def points_text(about: Evidence | None) -> str | None:
    """The total as people read it, also in the trail."""
    return None if about is None or about.total is None else to_text(about.total, "points")


def shown(review: Review, about: Evidence | None) -> str:
    """The hash that a form carries: the version, and the score of the subject but not the run, which others may repeat."""
    told = content(review, about)
    return version_hash({**told, "run": "", "version": review.version, "state": review.state})


# --- cycles -----------------------------------------------------------------------------------------------------------


def cycles(scope: Scope) -> QuerySet[Any]:
    """Cycles with how many reviews are in each state, as far as the scope sees; newest first."""
    seen = Q() if scope.everything else Q(reviews__partner__in=scope.partners)
    counts = {f"{state}_count": Count("reviews", filter=seen & Q(reviews__state=state)) for state in workflow.STATES}
    found = Cycle.objects.annotate(review_count=Count("reviews", filter=seen), **counts)
    return found if scope.everything else found.filter(review_count__gt=0)


def cycle(number: int, scope: Scope) -> Any:
    """One cycle; `Missing` if it is not there, or holds nothing for this scope."""
    found = cycles(scope).filter(pk=number).first()
    if found is None:
        raise Missing
    return found


def open_cycles(scope: Scope) -> int:
    """How many cycles are open."""
    return cycles(scope).filter(state=Cycle.State.OPEN).count()


def rules() -> list[CycleRule]:
    """Which cycles open by themselves."""
    return list(CycleRule.objects.all())
