"""Where an action comes from: the command line, a browser's address, an API token, a job."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from django.conf import settings
from django.http import HttpRequest

from steelyard.jobs.running import current as job

LONGEST = 200
_origin: ContextVar[str] = ContextVar("origin", default="command line")


def current() -> str:
    """What the entries of this moment say about where they come from: the job that is being done, else whoever began."""
    running = job.get()
    return _origin.get() if running is None else f"job {running.job}"


@contextmanager
def acting_from(origin: str) -> Iterator[None]:
    """Everything recorded inside came from there."""
    token = _origin.set(origin[:LONGEST])
    try:
        yield
    finally:
        _origin.reset(token)


def also_by(what: str) -> None:
    """Say more of it once that is known, such as the API token; until the surrounding `acting_from` ends."""
    _origin.set(f"{_origin.get()}, {what}"[:LONGEST])


def address_of(request: HttpRequest) -> str:
    """The address a request comes from: what the outermost of our own proxies saw, or the connection itself without any.

    What else stands in X-Forwarded-For is the sender's own word and is never believed.
    """
    told = [part.strip() for part in request.META.get("HTTP_X_FORWARDED_FOR", "").split(",") if part.strip()]
    if settings.PROXIES and len(told) >= settings.PROXIES:
        return str(told[-settings.PROXIES])[:60]
    return str(request.META.get("REMOTE_ADDR", ""))[:60]
