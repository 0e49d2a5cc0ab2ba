"""The whole of REST, put together: everything a person can do in the browser, through the same actions, queries and gate."""

from __future__ import annotations

from steelyard import __version__

from . import frameworks, me, problems, scorecards
from .asking import asked
from .description import Page, Rest
from .gate import Session, Token

DESCRIPTION = """Everything a person can do in the pages. Send an API token as `Authorization: Bearer …` (made on your account page).

* Errors are `application/problem+json` with a stable `type` and every problem found.
* Lists come in pages: `next` is the `cursor` of the rows after them.
* Objects have an `ETag`; a change sends it as `If-Match` (428 without, 412 if somebody was quicker).
* A write with an `Idempotency-Key` has one effect however often it is sent.
* Numbers are decimal text in natural units, never binary floats.
* What is not yours to see answers exactly like what does not exist.
"""
ROUTERS = (("/me", me), ("/frameworks", frameworks), ("/scorecards", scorecards))

api = Rest(
    title="Steelyard", version=__version__, description=DESCRIPTION, auth=[Token(), Session()], urls_namespace="api", docs=Page(),
    openapi_url="/openapi.json", docs_url="/docs",
)  # fmt: skip
api.add_decorator(asked, mode="view")
problems.register(api)

for prefix, module in ROUTERS:
    api.add_router(prefix, module.router)
