"""Cycles: opening them by hand or by the calendar, giving them their reviews, closing them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from steelyard.accounts.queries import system_user
from steelyard.audit.actions import record as write_audit
from steelyard.calc.errors import Missing, Problem, Refused
from steelyard.company.queries import calendar as calendar_of
from steelyard.company.queries import settings as company_settings
from steelyard.frameworks.queries import framework as framework_of
from steelyard.frameworks.queries import version as version_of
from steelyard.jobs.actions import enqueue, report
from steelyard.scorecards import actions as scorecards

from .. import workflow
from ..evidence import newest_run, outcomes
from ..models import Cycle, CycleRule, Review
from ..queries import names
from ..rating import items_of

if TYPE_CHECKING:
    from steelyard.accounts.models import User
    from steelyard.calc.framework.model import Framework
    from steelyard.calc.periods import FiscalCalendar

DAYS_TO_REVIEW = 20


def open_cycle(
    *, framework: str, period: str, acting_user: User, opens_on: date | None = None, due_on: date | None = None, today: date | None = None
) -> Cycle:
    """Open the reviews of a period that is over. Opening it again is the same cycle.

    Its reviews come from the newest run of the period; where there is none yet, a job scores the period first.
    """
    day = today or timezone.localdate()
    known = Cycle.objects.filter(framework=framework, period=period).first()
    if known is not None:
        return known
    read = framework_of(version_of(framework))
    whole = _calendar(read).period(period)
    opens = opens_on or day
    due = due_on or opens + timedelta(days=_days_to_review(framework))
    problems = _objections(read, period, whole.end, opens, due, day)
    if problems:
        raise Refused(problems)
    rule = CycleRule.objects.filter(framework=framework).first()
    items = [item.as_dict() for item in items_of(read, rule.items if rule else None)]
    try:
        with transaction.atomic():
            cycle = Cycle.objects.create(
                framework=framework, period=period, as_of=whole.end - timedelta(days=1), opens_on=opens, due_on=due, items=items,
                opened_by=acting_user.username, opened_at=timezone.now(),
            )  # fmt: skip
            write_audit(
                action="cycle.open", subject=f"cycle:{cycle.pk}", acting_user=acting_user,
                after={"framework": framework, "period": period, "opens_on": opens, "due_on": due, "items": items},
            )  # fmt: skip
            if newest_run(framework, period) is None:
                from ..tasks import prepare

                enqueue(prepare, {"cycle": cycle.pk}, actor=acting_user.username, key=f"reviews-prepare-{cycle.pk}")
            else:
                _fill(cycle)
    except IntegrityError:
        return Cycle.objects.get(framework=framework, period=period)
    return cycle


def _objections(read: Framework, period: str, end: date, opens: date, due: date, day: date) -> list[Problem]:
    found = []
    if read.subject != ("partner",):
        scores = " x ".join(read.subject)
        hint = "choose a framework whose subject is the partner"
        found.append(Problem("not-of-partners", "a review is of one partner", "framework", f"{read.code} scores {scores}", hint))
    if end > day:
        hint = f"open it from {end:%Y-%m-%d} on"
        found.append(Problem("period-not-over", "the period is not over", "period", period, hint))
    if due < opens:
        found.append(Problem("due-before-open", "reviews are due before they open", "due_on", str(due), "choose a later day"))
    return found


def prepare_cycle(*, cycle: int, acting_user: User) -> Cycle:
    """Score the period and give the cycle its reviews; again, it brings those not yet approved up to the newest score.

    The installation scores, not the person: who rated one review may still approve another from the same run.
    """
    found = _cycle(cycle)
    report(0, 2)
    scorecards.run(framework=found.framework, period=found.period, acting_user=system_user())
    report(1, 2)
    with transaction.atomic():
        found = Cycle.objects.select_for_update().get(pk=cycle)
        added = _fill(found)
        write_audit(action="cycle.prepare", subject=f"cycle:{cycle}", after={"reviews added": added}, acting_user=acting_user)
    report(2, 2)
    return found


def _fill(cycle: Cycle) -> int:
    """One review for every subject of the newest run that has none; the others get that run's figures for lists."""
    run = newest_run(cycle.framework, cycle.period)
    if run is None:
        return 0
    scored = outcomes(run)
    there = {review.subject: review for review in cycle.reviews.all()}
    missing = [subject for subject in sorted(scored) if subject not in there]
    called = names(missing)
    Review.objects.bulk_create(
        Review(
            cycle=cycle, partner=subject, name=called.get(subject, subject), subject=subject, run=run.run_id,
            total=scored[subject][0], level=scored[subject][1],
        )
        for subject in missing
    )  # fmt: skip
    moved = []
    for subject, review in there.items():
        if subject in scored and review.state in (workflow.OPEN, workflow.SUBMITTED):
            figures = (run.run_id, *scored[subject])
            if figures != (review.run, review.total, review.level):
                review.run, review.total, review.level = figures
                moved.append(review)
    Review.objects.bulk_update(moved, ["run", "total", "level"], batch_size=500)
    if not cycle.prepared:
        cycle.prepared = True
        cycle.save(update_fields=["prepared"])
    return len(missing)


@transaction.atomic
def close_cycle(*, cycle: int, acting_user: User, reason: str = "") -> Cycle:
    """No more rating in this cycle. Reviews that nobody submitted stay open in it, and are counted as left."""
    found = Cycle.objects.select_for_update().filter(pk=cycle).first()
    if found is None:
        raise Missing
    if found.state == Cycle.State.CLOSED:
        return found
    waiting = found.reviews.filter(state__in=[workflow.SUBMITTED, workflow.APPROVED]).count()
    if waiting:
        hint = "decide them first"
        raise Refused(
            Problem("reviews-undecided", "some reviews are submitted and not yet published", found=f"{waiting} reviews", hint=hint)
        )
    left = found.reviews.filter(state=workflow.OPEN).count()
    found.state, found.closed_by, found.closed_at = Cycle.State.CLOSED, acting_user.username, timezone.now()
    found.save(update_fields=["state", "closed_by", "closed_at"])
    write_audit(action="cycle.close", subject=f"cycle:{cycle}", after={"left open": left}, acting_user=acting_user, reason=reason)
    return found


@transaction.atomic
def set_rule(
    *,
    framework: str,
    acting_user: User,
    days_after_end: int = 5,
    days_to_review: int = DAYS_TO_REVIEW,
    active: bool = True,
    items: Sequence[dict[str, Any]] | None = None,
    since: date | None = None,
    reason: str = "",
) -> CycleRule:
    """Cycles of a framework open by themselves so many days after the end of a period; those that ended before stay as they are."""
    version_of(framework)
    problems = []
    if not 0 <= days_after_end <= 365:
        problems.append(Problem("bad-rule", "a cycle opens 0 to 365 days after the period", "days_after_end", str(days_after_end)))
    if not 1 <= days_to_review <= 365:
        problems.append(Problem("bad-rule", "reviews take 1 to 365 days", "days_to_review", str(days_to_review)))
    if problems:
        raise Refused(problems)
    before = CycleRule.objects.select_for_update().filter(framework=framework).first()
    values = {"days_after_end": days_after_end, "days_to_review": days_to_review, "active": active}
    if items is not None:
        values["items"] = list(items)  # type: ignore[assignment]
    former = {name: getattr(before, name) for name in values} if before else None
    start = since or (before.since if before else timezone.localdate())
    rule, _ = CycleRule.objects.update_or_create(framework=framework, defaults={**values, "since": start})
    write_audit(
        action="cycle rule", subject=f"framework:{framework}", before=former, after={**values, "since": start}, acting_user=acting_user,
        reason=reason,
    )  # fmt: skip
    return rule


def open_due_cycles(*, acting_user: User, today: date | None = None) -> list[Cycle]:
    """Open what the rules say is due: for each, every period that ended at least so many days ago and has no cycle yet."""
    day = today or timezone.localdate()
    opened = []
    for rule in CycleRule.objects.filter(active=True):
        read = framework_of(version_of(rule.framework))
        latest_end = day - timedelta(days=rule.days_after_end)
        for period in _calendar(read).periods(read.grain, rule.since - timedelta(days=1), latest_end):
            known = Cycle.objects.filter(framework=rule.framework, period=period.label).exists()
            if rule.since <= period.end <= latest_end and not known:
                opened.append(open_cycle(framework=rule.framework, period=period.label, acting_user=acting_user, today=day))
    return opened


def _calendar(read: Framework) -> FiscalCalendar:
    return calendar_of(read.calendar or company_settings()["default_calendar"])


def _days_to_review(framework: str) -> int:
    rule = CycleRule.objects.filter(framework=framework).first()
    return rule.days_to_review if rule else DAYS_TO_REVIEW


def _cycle(number: int) -> Cycle:
    found = Cycle.objects.filter(pk=number).first()
    if found is None:
        raise Missing
    return found
