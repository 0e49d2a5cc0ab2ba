"""One review from rating to acknowledgement. Each step is told apart by what its reader saw, so that nobody decides on less."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import polars as pl
from django.db import transaction
from django.utils import timezone

from steelyard.accounts.permissions import may
from steelyard.accounts.queries import user as user_named
from steelyard.approvals import queries as approvals
from steelyard.approvals.actions import confirm_password, take
from steelyard.audit.actions import record as write_audit
from steelyard.calc.errors import Conflict, Missing, Problem, Refused
from steelyard.calc.units import Exact, to_grain, to_text
from steelyard.jobs.actions import enqueue
from steelyard.ledger.actions import Replaces, committing, prepare
from steelyard.ledger.queries import head
from steelyard.ledger.scope import EVERYTHING, Scope
from steelyard.records import actions as records
from steelyard.records.queries import documents
from steelyard.scorecards import actions as scorecards

from .. import notices, queries, workflow
from ..answers import Answers, answers_of, kept, problems_with
from ..evidence import Evidence, evidence, is_pending
from ..models import Cycle, Hand, Review
from ..objections import NOT_APPROVED

if TYPE_CHECKING:
    from steelyard.accounts.models import User
    from steelyard.approvals.models import Step

Ratings = Mapping[str, Exact | str]  # question -> answer, as a number or its decimal text
Texts = Mapping[str, str]
LONGEST = 2000
SPEAKS_TO_PARTNERS = "questions.answer"
SOURCE = "reviews"  # of the facts that ratings become; one for each framework


def save(
    *,
    review: int,
    ratings: Ratings,
    comment: str,
    version: int,
    acting_user: User,
    scope: Scope,
    references: Texts | None = None,
    unanswered: Texts | None = None,
) -> Review:
    """Keep what a manager has so far. ``version`` is the one the form was made of."""
    answers = answers_of(ratings, references, unanswered)
    with transaction.atomic():
        found = _locked(review, scope)
        _must_be_open(found)
        if (kept(found), found.comment) == (answers, comment.strip()):
            return found
        _same_version(found, version)
        _must_be_right(found, answers, comment, whole=False)
        before = {**kept(found).fields(), "comment": found.comment}
        _write(found, answers, comment, acting_user)
        found.save()
        write_audit(
            action="review.save", subject=found.record, before=before, after={**answers.fields(), "comment": found.comment},
            acting_user=acting_user,
        )  # fmt: skip
    return found


def submit(
    *,
    review: int,
    ratings: Ratings,
    comment: str,
    version: int,
    acting_user: User,
    scope: Scope,
    password: str = "",
    references: Texts | None = None,
    unanswered: Texts | None = None,
) -> Review:
    """Put the ratings into the ledger and the review up for approval; a job scores the period again.

    A question that is left out with a reason becomes no fact: what its KPI does without data, the framework says.
    The same person submitting the same again does nothing.
    """
    answers = answers_of(ratings, references, unanswered)
    found = queries.review(review, scope)
    if _submitted_before(found, answers, comment, acting_user):
        return found
    _must_be_right(found, answers, comment, whole=True)
    confirmed = confirm_password(acting_user=acting_user, password=password) if password else None
    facts = prepare(
        "ratings", _lines(found, answers, acting_user), source=f"{SOURCE}/{found.cycle.framework}", batch=0,
        replaces=Replaces(found.cycle.as_of, found.cycle.as_of, frozenset({found.partner})),
    )  # fmt: skip
    with committing(cause="new", acting_user=acting_user, note=f"review {review}") as commit:
        found = _locked(review, scope)
        if _submitted_before(found, answers, comment, acting_user):
            return found
        _must_be_open(found)
        _same_version(found, version)
        posted = facts.into(commit)
        _write(found, answers, comment, acting_user)
        step = _take(found, "submit", None, acting_user, confirmed=confirmed)
        found.submitted_by, found.submitted_at = step.made_by, step.made_at
        found.approved_by, found.approved_at, found.returned_reason = "", None, ""
        if posted.commit_seq is not None:
            found.rated_seq = posted.commit_seq
        found.save()
        _queue_scoring(found, acting_user)
    return found


def _submitted_before(found: Review, answers: Answers, comment: str, acting_user: User) -> bool:
    same = (kept(found), found.comment, found.submitted_by) == (answers, comment.strip(), acting_user.username)
    return same and found.state == workflow.SUBMITTED


def _lines(review: Review, answers: Answers, acting_user: User) -> pl.DataFrame:
    """The ratings as facts: dated on the period's last day, so that they count in it. Without a reference, the review is the evidence."""
    rows = [
        {
            "question": question, "date": review.cycle.as_of, "party": review.partner, "value": to_grain(Fraction(answer), "number"),
            "rated_by": acting_user.username, "evidence": answers.references.get(question, f"review {review.pk}"), "source_row": place,
        }
        for place, (question, answer) in enumerate(sorted(answers.ratings.items()), start=1)
    ]  # fmt: skip
    schema = {
        "question": pl.String(), "date": pl.Date(), "party": pl.String(), "value": pl.Int64(), "rated_by": pl.String(),
        "evidence": pl.String(), "source_row": pl.Int64(),
    }  # fmt: skip
    return pl.DataFrame(rows, schema=schema)


def _queue_scoring(review: Review, acting_user: User) -> None:
    """Reviews submitted one after the other are scored together: by one job at the head they left."""
    from ..tasks import prepare as prepare_again

    cycle = review.cycle_id
    key = f"reviews-score-{cycle}-{review.rated_seq}"
    enqueue(prepare_again, {"cycle": cycle}, actor=acting_user.username, key=key)


def score_again(*, cycle: int, acting_user: User) -> None:
    """Queue the scoring of a cycle's period at the newest cut."""
    from ..tasks import prepare as prepare_again

    found = Cycle.objects.filter(pk=cycle).first()
    if found is None:
        raise Missing
    with transaction.atomic():
        key = f"reviews-again-{cycle}-{head()}"
        job = enqueue(prepare_again, {"cycle": cycle}, actor=acting_user.username, key=key)
        write_audit(action="cycle.score", subject=f"cycle:{cycle}", after={"job": job.pk}, acting_user=acting_user)


def approve(*, review: int, shown: str, password: str, acting_user: User, scope: Scope, reason: str = "") -> Review:
    """A second person approves exactly what they were shown, with a signature; publishing is a job.

    ``shown`` is the hash that their page carried (`queries.shown`).
    """
    found = queries.review(review, scope)
    if _approved_before(found, acting_user):
        return found
    confirmed = confirm_password(acting_user=acting_user, password=password)
    with transaction.atomic():
        found = _locked(review, scope)
        if _approved_before(found, acting_user):
            return found
        about = evidence(found)
        _as_shown(found, about, shown)
        if found.state == workflow.SUBMITTED:
            _can_be_published(found, about, acting_user)
        step = _take(found, "approve", about, acting_user, confirmed=confirmed, reason=reason)
        found.approved_by, found.approved_at = step.made_by, step.made_at
        if about is not None:
            found.run, found.total, found.level = about.run.run_id, about.total, about.level
        found.save()
        from ..tasks import publish as publish_task

        key = f"reviews-publish-{review}-{step.number}"
        enqueue(publish_task, {"review": review, "by": acting_user.username}, actor=acting_user.username, key=key)
    return found


def _approved_before(found: Review, acting_user: User) -> bool:
    decided = (workflow.APPROVED, workflow.PUBLISHED, workflow.ACKNOWLEDGED)
    return found.state in decided and found.approved_by == acting_user.username


def hand_back(*, review: int, reason: str, acting_user: User, scope: Scope) -> Review:
    """Give a review back to its manager: one that was submitted, or (a correction) one that is published."""
    with transaction.atomic():
        found = _locked(review, scope)
        if found.state == workflow.OPEN and found.returned_reason == reason.strip() and _last_by(found, acting_user):
            return found
        if found.cycle.state == Cycle.State.CLOSED:
            raise Refused(Problem("cycle-closed", "the cycle is closed", found=str(found.cycle), hint="its reviews stay as they are"))
        verb = "return" if found.state in (workflow.SUBMITTED, workflow.APPROVED) else "reopen"
        _take(found, verb, None, acting_user, reason=reason.strip())
        found.returned_reason = reason.strip()
        found.approved_by, found.approved_at = "", None
        found.published_at, found.acknowledged_by, found.acknowledged_at = None, "", None
        found.save()
        notices.returned(found)
    return found


def publish(*, review: int, acting_user: User) -> Review:
    """Make public what this person approved: the score of one subject, from the run that they saw. Again, it does nothing."""
    found = queries.review(review, EVERYTHING)
    if found.state != workflow.APPROVED or found.approved_by != acting_user.username:
        return found
    run = next((run for run in _runs(found) if run.run_id == found.run), None)
    if run is None:
        raise Refused(Problem("run-gone", "the run that was approved is not there", found=found.run[:12], hint="give the review back"))
    scorecards.publish(
        framework=found.cycle.framework, period=found.cycle.period, cut=run.cut, version=run.framework.version, subject=found.subject,
        acting_user=acting_user, prepared_by=found.submitted_by, reason=f"review {review}",
    )  # fmt: skip
    with transaction.atomic():
        found = _locked(review, EVERYTHING)
        if found.state != workflow.APPROVED or found.approved_by != acting_user.username:
            return found
        step = _take(found, "publish", evidence(found, run), acting_user)
        found.published_at = step.made_at
        found.save()
    return found


def acknowledge(*, review: int, acting_user: User, scope: Scope, version: int | None = None) -> Review:
    """The partner has seen it."""
    with transaction.atomic():
        found = _locked(review, scope)
        if found.state == workflow.ACKNOWLEDGED and found.acknowledged_by == acting_user.username:
            return found
        if version is not None:
            _same_version(found, version)
        step = _take(found, "acknowledge", None, acting_user)
        found.acknowledged_by, found.acknowledged_at = step.made_by, step.made_at
        found.save()
    return found


def comment(*, review: int, text: str, acting_user: User, scope: Scope, partner_sees: bool = False, form_key: str = "") -> Any:
    """Remark on a review. What the partner reads of us is said by those who answer partners."""
    found = queries.review(review, scope)
    if partner_sees and not may(acting_user, SPEAKS_TO_PARTNERS):
        hint = "write it for colleagues, or have somebody say it who answers questions"
        raise Refused(Problem("not-allowed", "your role does not write to partners", "text", ", ".join(acting_user.roles), hint))
    return records.comment(
        record=found.record, partner=found.partner, text=text, partner_sees=partner_sees, acting_user=acting_user, form_key=form_key
    )


# --- what the steps have in common ------------------------------------------------------------------------------------


def _locked(number: int, scope: Scope) -> Review:
    found = Review.objects.select_for_update(of=("self",)).select_related("cycle").filter(queries.seen_by(scope), pk=number).first()
    if found is None:
        raise Missing
    return found


def _take(found: Review, verb: str, about: Evidence | None, acting_user: User, **given: Any) -> Step:
    """Take the step and count the version up; the caller sets what else changed and saves."""
    step = take(
        workflow=workflow.NAME, record=found.record, state=found.state, verb=verb, content=queries.content(found, about),
        acting_user=acting_user, worked_on_by=found.worked_on_by, **given,
    )  # fmt: skip
    found.state = step.to
    found.version += 1
    return step


def _write(found: Review, answers: Answers, comment: str, acting_user: User) -> None:
    found.ratings, found.references, found.unanswered = dict(answers.ratings), dict(answers.references), dict(answers.unanswered)
    found.comment = comment.strip()
    found.saved_by, found.saved_at = acting_user.username, timezone.now()
    found.version += 1
    Hand.objects.get_or_create(review=found, username=acting_user.username)


def _must_be_right(found: Review, answers: Answers, comment: str, *, whole: bool) -> None:
    named = answers.documents()
    there = documents(EVERYTHING, found.partner).filter(pk__in=named).values_list("pk", flat=True) if named else ()
    problems = problems_with(queries.items(found.cycle), answers, whole=whole, documents=there)
    if whole and not comment.strip():
        problems.append(Problem("no-comment", "write a comment; the partner reads it", "comment", hint="one sentence is enough"))
    if len(comment) > LONGEST:
        problems.append(Problem("too-long", f"at most {LONGEST} characters", "comment", f"{len(comment)}", "make it shorter"))
    if problems:
        raise Refused(problems)


def _must_be_open(found: Review) -> None:
    if found.cycle.state == Cycle.State.CLOSED:
        raise Refused(Problem("cycle-closed", "the cycle is closed", found=str(found.cycle), hint="its reviews stay as they are"))
    if found.state != workflow.OPEN:
        raise Conflict(Problem("review-moved-on", f"the review is {found.state} by now", found=_last(found), hint="look at it again"))


def _same_version(found: Review, version: int) -> None:
    if found.version != version:
        who = f"{_name(found.saved_by)}, {found.saved_at:%Y-%m-%d %H:%M} UTC" if found.saved_at else _last(found)
        now = ", ".join(f"{question} {answer}" for question, answer in sorted(found.ratings.items())) or "no rating"
        message = "somebody else changed this review while you had it open"
        raise Conflict(Problem("review-changed", message, found=f"{who}: {now}", hint="look at theirs beside yours, then save again"))


def _as_shown(found: Review, about: Evidence | None, shown: str) -> None:
    """Whoever approves, approves what they saw."""
    if queries.shown(found, about) == shown:
        return
    if found.state != workflow.SUBMITTED:
        raise Conflict(Problem("review-moved-on", f"the review is {found.state} by now", found=_last(found), hint="look at it again"))
    now = f"{to_text(about.total, 'points')} points" if about and about.total is not None else "no score"
    who = f"scored by {_name(about.run.created_by)}, {about.run.created_at:%Y-%m-%d %H:%M} UTC" if about else "not scored"
    told = f"{now}{', ' + about.level if about and about.level else ''}; {who}; {_last(found)}"
    message = "the score or the ratings changed since this page was shown to you"
    raise Conflict(Problem("review-changed", message, found=told, hint="look at it again, then decide"))


def _can_be_published(found: Review, about: Evidence | None, acting_user: User) -> None:
    """What publishing would refuse is said before somebody signs."""
    problems = []
    if about is None or is_pending(found, about):
        problems.append(Problem("not-scored", "the ratings are not in the score yet", hint="it is being scored: try again in a moment"))
    else:
        said = scorecards.objections(about.run, acting_user, found.subject, prepared_by=found.submitted_by)
        problems += [problem for problem in said if problem.code != NOT_APPROVED]  # which is what is being done here
    if problems:
        raise Refused(problems)


def _runs(found: Review) -> list[Any]:
    from steelyard.scorecards.queries import runs

    return [run for run in runs(found.cycle.framework) if run.period == found.cycle.period]


def _last(found: Review) -> str:
    """Who did what last."""
    steps = approvals.steps(found.record)
    return f"{steps[-1].name}: {steps[-1].verb}, {steps[-1].at:%Y-%m-%d %H:%M} UTC" if steps else "nobody did anything yet"


def _last_by(found: Review, acting_user: User) -> bool:
    steps = approvals.steps(found.record)
    return bool(steps) and steps[-1].by == acting_user.username


def _name(username: str) -> str:
    try:
        return user_named(username).name
    except Refused:
        return username
