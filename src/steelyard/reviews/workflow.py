"""The steps of a review, as shipped. A company may put its own table in the place of it."""

from __future__ import annotations

from steelyard.approvals.workflows import Rule, declare

NAME = "review"
OPEN, SUBMITTED, APPROVED, PUBLISHED, ACKNOWLEDGED = STATES = ("open", "submitted", "approved", "published", "acknowledged")

_APPROVES = "I have seen the evidence, the ratings and the comment, and approve that they are published."

REVIEW = declare(
    NAME,
    first=OPEN,
    makes="submit",
    rules=(
        Rule(OPEN, "submit", SUBMITTED, "reviews.rate", meaning="I rated this partner on the evidence shown."),
        Rule(SUBMITTED, "approve", APPROVED, "reviews.approve", second_person=True, signed=True, meaning=_APPROVES),
        Rule(SUBMITTED, "return", OPEN, "reviews.approve", second_person=True, reason_needed=True),
        Rule(APPROVED, "publish", PUBLISHED, "reviews.approve", second_person=True),
        Rule(APPROVED, "return", OPEN, "reviews.approve", second_person=True, reason_needed=True),
        Rule(PUBLISHED, "acknowledge", ACKNOWLEDGED, "portal.acknowledge"),
        Rule(PUBLISHED, "reopen", OPEN, "reviews.approve", reason_needed=True),
        Rule(ACKNOWLEDGED, "reopen", OPEN, "reviews.approve", reason_needed=True),
    ),
)
