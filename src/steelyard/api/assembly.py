"""The whole of REST, put together: everything a person can do in the browser, through the same actions, queries and gate."""

from __future__ import annotations

from ninja import NinjaAPI

from steelyard import __version__

from . import frameworks, me, problems, scorecards
from .gate import Session, Token
from .idempotency import once

DESCRIPTION = """Everything a person can do in the pages. Send an API token as `Authorization: Bearer …` (made on your account page).

* Errors are `application/problem+json` with a stable `type` and every problem found.
* Lists come in pages: `next` is the `cursor` of the rows after them.
* Objects have an `ETag`; a change sends it as `If-Match` (428 without, 412 if somebody was quicker).
* A write with an `Idempotency-Key` has one effect however often it is sent.
* What is not yours to see answers exactly like what does not exist.
"""

api = NinjaAPI(title="Steelyard", version=__version__, description=DESCRIPTION, auth=[Token(), Session()], urls_namespace="api")
api.add_decorator(once, mode="view")
problems.register(api)

for prefix, module in (("/me", me), ("/frameworks", frameworks), ("/scorecards", scorecards)):
    api.add_router(prefix, module.router)
