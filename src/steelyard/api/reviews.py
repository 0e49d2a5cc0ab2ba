"""Reviews over REST: the queue, one review with its evidence, rating, approving, handing back; and the cycles they belong to."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from django.http import HttpResponse
from ninja import Router, Schema, Status
from pydantic import Field

from steelyard.reviews import actions, queries
from steelyard.reviews.answers import kept
from steelyard.reviews.queries import Opened

from .addresses import Number
from .figures import POINTS, points
from .gate import Asked, needs
from .paging import Asking, Page, of_records
from .problems import answers
from .versions import must_match, tagged

if TYPE_CHECKING:
    from steelyard.reviews.models import Cycle, Review

router = Router(tags=["reviews"])
ANSWER = Field(description="decimal text", examples=["0.5"])
REFERENCES: Any = Field(
    default_factory=dict, description="what an answer rests on: `document 12` or another reference, one line", max_length=100,
    examples=[{"joint_planning": "document 12"}],
)  # fmt: skip
UNANSWERED: Any = Field(
    default_factory=dict, description="why a question has no rating", max_length=100, examples=[{"reporting": "no report was due"}]
)
PASSWORD = Field("", max_length=200, description="a signature: the signing person's own password", examples=["weigh-what-counts"])


class CycleShown(Schema):
    """One round of reviews, and how many are in each state."""

    cycle: int
    framework: str
    period: str
    state: str
    as_of: date
    opens_on: date
    due_on: date
    reviews: int
    states: dict[str, int] = Field(examples=[{"open": 12, "submitted": 3}])


class ItemShown(Schema):
    """What is rated, and on which scale."""

    question: str
    title: str
    note: str
    low: str = ANSWER
    high: str = ANSWER
    step: str = ANSWER
    counts: bool = Field(description="whether the score reads the answer")
    evidence: bool = Field(description="whether an answer needs a reference to its evidence")
    meanings: dict[str, str] = Field(description="what answers mean, as far as it is said", examples=[{"1": "never", "5": "always"}])


class ReviewShown(Schema):
    """One partner's review."""

    review: int
    cycle: int
    framework: str
    period: str
    partner: str
    name: str
    state: str
    due_on: date
    total: str | None = POINTS
    level: str
    submitted_by: str
    approved_by: str
    acknowledged_by: str


class ReviewStep(Schema):
    """A step that somebody took, with their signature if it has one."""

    verb: str
    by: str
    at: datetime
    reason: str
    meaning: str
    seal: str


class CommentShown(Schema):
    """A remark."""

    author: str
    side: str
    text: str
    partner_sees: bool
    written_at: datetime


class WholeReview(ReviewShown):
    """A review with everything that whoever decides has to see."""

    version: int
    ratings: dict[str, str] = Field(examples=[{"joint_planning": "3.5"}])
    references: dict[str, str] = REFERENCES
    unanswered: dict[str, str] = UNANSWERED
    comment: str
    returned_reason: str
    items: list[ItemShown]
    verbs: list[str] = Field(description="what this person may do now")
    shown: str = Field(description="stands for exactly this version with this score: an approval names it")
    pending: bool = Field(description="whether the ratings are not in the score yet")
    steps: list[ReviewStep]
    comments: list[CommentShown]


class Opening(Schema):
    """Which reviews to open."""

    framework: str = Field(max_length=100)
    period: str = Field(max_length=40)
    opens_on: date | None = None
    due_on: date | None = None


class Reasoned(Schema):
    """Why."""

    reason: str = Field("", max_length=2000)


class Rating(Schema):
    """What a manager has so far."""

    ratings: dict[str, int | str] = Field(
        description="decimal text; a whole number may be a number", examples=[{"joint_planning": "3.5", "reporting": 3}], max_length=100
    )
    references: dict[str, str] = REFERENCES
    unanswered: dict[str, str] = UNANSWERED
    comment: str = Field("", max_length=2000)


class Submitting(Rating):
    """The ratings, put up for approval; `version` is the one they were made of."""

    version: int = Field(ge=0, le=2**31 - 1)
    password: str = PASSWORD


class Approving(Schema):
    """The approval of exactly what was shown."""

    shown: str = Field(max_length=64)
    password: str = PASSWORD
    reason: str = Field("", max_length=2000)


class Remark(Schema):
    """Something to say, and whether the partner reads it."""

    text: str = Field(max_length=5000)
    partner_sees: bool = False


@router.get("/cycles", response=answers(ok=Page[CycleShown]), summary="Review cycles")
@needs("reviews.read")
def cycles(request: Asked, paging: Asking) -> dict[str, Any]:
    """All cycles in sight, newest first."""
    return of_records(queries.cycles(request.scope), paging, cycle_shown, newest_first=True)


@router.post("/cycles", response=answers(made=CycleShown), summary="Open a cycle")
@needs("reviews.open")
def open_cycle(request: Asked, sent: Opening) -> Any:
    """The reviews of a period that is over. Opening it again is the same cycle."""
    made = actions.open_cycle(**sent.dict(), acting_user=request.user)
    return Status(201, cycle_shown(queries.cycle(made.pk, request.scope)))


@router.get("/cycles/{cycle}", response=answers(ok=CycleShown), summary="One cycle")
@needs("reviews.read")
def cycle(request: Asked, response: HttpResponse, cycle: Number) -> dict[str, Any]:
    """How far it is."""
    return tagged(response, cycle_shown(queries.cycle(cycle, request.scope)))


@router.post("/cycles/{cycle}/score", response=answers(accepted=CycleShown), summary="Score a cycle's period again")
@needs("reviews.open")
def score_cycle(request: Asked, cycle: Number) -> Any:
    """By the worker, at the newest cut."""
    queries.cycle(cycle, request.scope)
    actions.score_again(cycle=cycle, acting_user=request.user)
    return Status(202, cycle_shown(queries.cycle(cycle, request.scope)))


@router.post("/cycles/{cycle}/close", response=answers(ok=CycleShown), summary="Close a cycle")
@needs("reviews.open")
def close_cycle(request: Asked, cycle: Number, sent: Reasoned) -> dict[str, Any]:
    """No more rating in it."""
    queries.cycle(cycle, request.scope)
    actions.close_cycle(cycle=cycle, acting_user=request.user, reason=sent.reason[:500])
    return cycle_shown(queries.cycle(cycle, request.scope))


@router.get("", response=answers(ok=Page[ReviewShown]), summary="Reviews")
@needs("reviews.read")
def reviews(request: Asked, paging: Asking, state: str = "", period: str = "", partner: str = "") -> dict[str, Any]:
    """All reviews in sight, in the order they were made."""
    found = queries.reviews(request.scope, states=[state] if state else None, partner=partner or None)
    return of_records(found.filter(cycle__period=period) if period else found, paging, review_shown)


@router.get("/{review}", response=answers(ok=WholeReview), summary="One review")
@needs("reviews.read")
def review(request: Asked, response: HttpResponse, review: Number) -> dict[str, Any]:
    """What is rated, on which evidence, by whom, and what this person may do now."""
    return tagged(response, _whole(queries.open_review(review, request.scope, request.user)))


@router.patch("/{review}", response=answers(ok=WholeReview), summary="Keep ratings")
@needs("reviews.rate")
def save(request: Asked, response: HttpResponse, review: Number, sent: Rating) -> dict[str, Any]:
    """What a manager has so far; nobody takes it as rated yet."""
    before = queries.open_review(review, request.scope, request.user)
    must_match(request, _whole(before))
    actions.save(review=review, **sent.dict(), version=before.review.version, acting_user=request.user, scope=request.scope)
    return tagged(response, _whole(queries.open_review(review, request.scope, request.user)))


@router.post("/{review}/submit", response=answers(ok=WholeReview), summary="Submit a review")
@needs("reviews.rate")
def submit(request: Asked, response: HttpResponse, review: Number, sent: Submitting) -> dict[str, Any]:
    """The ratings become facts, the period is scored again, and a second person decides."""
    actions.submit(review=review, **sent.dict(), acting_user=request.user, scope=request.scope)
    return tagged(response, _whole(queries.open_review(review, request.scope, request.user)))


@router.post("/{review}/approve", response=answers(ok=WholeReview), summary="Approve a review")
@needs("reviews.approve")
def approve(request: Asked, response: HttpResponse, review: Number, sent: Approving) -> dict[str, Any]:
    """By a second person, who signs what `shown` stands for; the worker publishes it."""
    actions.approve(review=review, **sent.dict(), acting_user=request.user, scope=request.scope)
    return tagged(response, _whole(queries.open_review(review, request.scope, request.user)))


@router.post("/{review}/return", response=answers(ok=WholeReview), summary="Hand a review back")
@needs("reviews.approve")
def hand_back(request: Asked, response: HttpResponse, review: Number, sent: Reasoned) -> dict[str, Any]:
    """With a reason; also one that is published, to correct it."""
    actions.hand_back(review=review, reason=sent.reason, acting_user=request.user, scope=request.scope)
    return tagged(response, _whole(queries.open_review(review, request.scope, request.user)))


@router.post("/{review}/comments", response=answers(made=CommentShown), summary="Remark on a review")
@needs("questions.ask")
def comment(request: Asked, review: Number, sent: Remark) -> Any:
    """For colleagues, or for the partner too."""
    made = actions.comment(review=review, **sent.dict(), acting_user=request.user, scope=request.scope)
    return Status(201, comment_shown(made))


def cycle_shown(found: Cycle) -> dict[str, Any]:
    """A cycle as JSON."""
    states = ("open", "submitted", "approved", "published", "acknowledged")
    return {
        "cycle": found.pk, "framework": found.framework, "period": found.period, "state": found.state, "as_of": found.as_of,
        "opens_on": found.opens_on, "due_on": found.due_on, "reviews": found.review_count,  # type: ignore[attr-defined]
        "states": {state: getattr(found, f"{state}_count") for state in states},
    }  # fmt: skip


def review_shown(found: Review) -> dict[str, Any]:
    """A review as JSON."""
    same = ("partner", "name", "state", "level", "submitted_by", "approved_by", "acknowledged_by")
    return {
        "review": found.pk, "cycle": found.cycle_id, "framework": found.cycle.framework, "period": found.cycle.period,
        "due_on": found.cycle.due_on, "total": points(found.total), **{name: getattr(found, name) for name in same},
    }  # fmt: skip


def comment_shown(made: Any) -> dict[str, Any]:
    """A remark as JSON."""
    return {name: getattr(made, name) for name in ("author", "side", "text", "partner_sees", "written_at")}


def _whole(opened: Opened) -> dict[str, Any]:
    found = opened.review
    steps = [{name: getattr(step, name) or "" for name in ("verb", "by", "at", "reason", "meaning", "seal")} for step in opened.steps]
    return {
        **review_shown(found), "version": found.version, **kept(found).fields(), "comment": found.comment,
        "returned_reason": found.returned_reason, "verbs": sorted(opened.verbs), "shown": opened.shown, "pending": opened.pending,
        "items": [item.as_dict() for item in opened.items], "steps": steps, "comments": [comment_shown(one) for one in opened.comments],
    }  # fmt: skip
