"""Around every request: a number by which its log lines are found, one line about how it ended, and what it took.

A line names the pattern of the address, never the address: addresses carry one-time keys and names of partners.
"""

from __future__ import annotations

import re
import time
import uuid
from collections.abc import Callable

import structlog
from django.http import HttpRequest, HttpResponse

from . import metrics

log = structlog.get_logger("steelyard.web")
GIVEN = re.compile(r"[A-Za-z0-9._-]{8,64}")
QUIET = frozenset({"health/live", "health/ready", "metrics"})


def observed(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Middleware; the outermost, so that it sees what everything else made of the request."""

    def middleware(request: HttpRequest) -> HttpResponse:
        given = request.headers.get("X-Request-ID", "")
        number = given if GIVEN.fullmatch(given) else uuid.uuid4().hex
        started = time.perf_counter()
        with structlog.contextvars.bound_contextvars(request=number):
            response = get_response(request)
            seconds = time.perf_counter() - started
            route = request.resolver_match.route if request.resolver_match else "unmatched"
            method = request.method if request.method in ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE") else "other"
            metrics.observe(method, route, response.status_code, seconds)
            tell = log.debug if route in QUIET and response.status_code < 400 else log.info
            tell("answered", method=method, route=route, status=response.status_code, milliseconds=round(seconds * 1000))
        response["X-Request-ID"] = number
        return response

    return middleware
