"""The whole of REST, put together: everything a person can do in the browser, through the same actions, queries and gate."""

from __future__ import annotations

from steelyard import __version__

from . import (
    account,
    cards,
    comparisons,
    credit,
    cycle_rules,
    documents,
    facts,
    feeds,
    frameworks,
    health,
    intake,
    jobs,
    library,
    mappings,
    masters,
    matching,
    me,
    messages,
    names,
    overrides,
    partners,
    people,
    portal,
    portal_people,
    portal_records,
    problems,
    questions,
    reviews,
    scorecards,
    search,
    sending,
    settings,
    to_do,
    trail,
    twice,
)
from .asking import asked
from .description import Page, Rest
from .gate import Session, Token
from .parsing import Strict

DESCRIPTION = """Everything a person can do in the pages. Send an API token as `Authorization: Bearer …` (made on your account page).

* Errors are `application/problem+json` with a stable `type` and every problem found.
* Lists come in pages: `next` is the `cursor` of the rows after them.
* Objects have an `ETag`; a change sends it as `If-Match` (428 without, 412 if somebody was quicker).
* A write with an `Idempotency-Key` has one effect however often it is sent.
* Numbers are decimal text in natural units, never binary floats.
* What is not yours to see answers exactly like what does not exist.
"""
ROUTERS = (
    ("/me", me.router), ("/account/jobs", jobs.own), ("/account", account.router), ("/scorecards", scorecards.router),
    ("/scorecards", cards.router), ("/facts", facts.router), ("/rows", sending.rows), ("/orders", sending.orders),
    ("/cancellations", sending.cancellations), ("/received", sending.received),
    ("/intake/mappings", mappings.router),
    ("/matching", matching.router), ("/matching", names.router), ("/credit", credit.router), ("/intake/twice", twice.router),
    ("/intake/reconciliation", feeds.router), ("/intake", intake.router),
    ("/masters", masters.router), ("/frameworks", library.router), ("/frameworks", frameworks.router),
    ("/reviews/rules", cycle_rules.router), ("/reviews", reviews.router),
    ("/questions", questions.router), ("/tasks", to_do.router), ("/overrides", overrides.router),
    ("", documents.router), ("/people", people.router), ("/settings", settings.router),
    ("/partners", partners.router), ("/search", search.router),
    ("/audit", trail.router), ("/jobs", jobs.router), ("/messages", messages.router), ("/health", health.router),
    ("/comparisons", comparisons.router), ("/portal", comparisons.own),
    ("/portal", portal.router), ("/portal", portal_records.router), ("/portal", portal_people.router),
)  # fmt: skip

api = Rest(
    title="Steelyard", version=__version__, description=DESCRIPTION, auth=[Token(), Session()], urls_namespace="api", docs=Page(),
    openapi_url="/openapi.json", docs_url="/docs", parser=Strict(),
)  # fmt: skip
api.add_decorator(asked, mode="view")
problems.register(api)

for prefix, router in ROUTERS:
    api.add_router(prefix, router)
