"""The steps of an override, as shipped. A company may put its own table in the place of it."""

from __future__ import annotations

from steelyard.approvals.workflows import Rule, declare

NAME = "override"
NEW, PROPOSED, APPROVED, REFUSED, WITHDRAWN = STATES = ("new", "proposed", "approved", "refused", "withdrawn")

OVERRIDE = declare(
    NAME,
    first=NEW,
    makes="propose",
    rules=(
        Rule(NEW, "propose", PROPOSED, "overrides.propose", reason_needed=True),
        Rule(PROPOSED, "approve", APPROVED, "overrides.approve", second_person=True),
        Rule(PROPOSED, "refuse", REFUSED, "overrides.approve", second_person=True, reason_needed=True),
        Rule(PROPOSED, "withdraw", WITHDRAWN, "overrides.propose", reason_needed=True),
        Rule(APPROVED, "withdraw", WITHDRAWN, "overrides.propose", reason_needed=True),
    ),
)
