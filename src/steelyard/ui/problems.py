"""Refusals as pages: a problem raised anywhere below becomes a clear answer with its status, never a 500."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Sequence
from typing import Any
from urllib.parse import urlsplit

import structlog
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.http import url_has_allowed_host_and_scheme

from steelyard.calc.errors import Conflict, Missing, Problem, Refused

log = structlog.get_logger("steelyard.web")
_NEVER_SHOWN = ("csrf", "password", "secret", "token", "next")
_MOST = 60  # fields of a form that are given back


def told(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Middleware: `Missing` is 404 (the same page for everything that is not there), `Conflict` 409, other refusals 422."""

    def middleware(request: HttpRequest) -> HttpResponse:
        return get_response(request)

    def process_exception(request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if isinstance(exception, Missing):
            return missing(request)
        if isinstance(exception, Conflict):
            return conflict(request, exception.problems)
        if isinstance(exception, Refused):
            return refused(request, exception.problems)
        return None

    middleware.process_exception = process_exception  # type: ignore[attr-defined]
    return middleware


def missing(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """The page for what is not there, or is somebody else's: byte for byte the same, so that nothing in it tells which.

    It is rendered without the request: no address, no name and no token of a form is in it.
    """
    return _quiet(render_to_string("ui/missing.html"), 404)


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """The page for what this role may not do."""
    return render(request, "ui/forbidden.html", status=403)


def refused(request: HttpRequest, problems: Sequence[Problem]) -> HttpResponse:
    """The page with everything that is wrong with what was asked, and with what was typed."""
    return render(request, "ui/problem.html", {"problems": problems, "typed": typed(request), "back": back(request)}, status=422)


def conflict(request: HttpRequest, problems: Sequence[Problem]) -> HttpResponse:
    """The page for a decision that somebody else was quicker to take; what was typed stays."""
    return render(request, "ui/conflict.html", {"problems": problems, "typed": typed(request), "back": back(request)}, status=409)


def unproven(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The page for a form whose token is out of date (Django's CSRF_FAILURE_VIEW). It offers nothing to send again by one click:
    the form may have come from a stranger's page."""
    return render(request, "ui/unproven.html", {"typed": typed(request), "back": back(request)}, status=403)


def failed(request: HttpRequest) -> HttpResponse:
    """The page for our own faults, rendered without the request: what it asked for may fail again. The log has the reference."""
    reference = str(structlog.contextvars.get_contextvars().get("request") or uuid.uuid4().hex)
    log.error("failed", reference=reference, exc_info=True)
    return _quiet(render_to_string("ui/failed.html", {"reference": reference}), 500)


def typed(request: HttpRequest) -> list[dict[str, Any]]:
    """The fields of a form as they were typed, without secrets: a title, and the text."""
    if request.method != "POST":
        return []
    names = [name for name in list(request.POST)[:_MOST] if not any(word in name.casefold() for word in _NEVER_SHOWN)]
    found = [(name, ", ".join(request.POST.getlist(name))) for name in names]
    return [
        {"name": name, "title": name.replace("_", " ").replace("-", " ").capitalize(), "text": text, "long": len(text) > 80 or "\n" in text}
        for name, text in found
        if text.strip()
    ]


def back(request: HttpRequest) -> str:
    """The page with the form: where the browser says it came from, if that is ours."""
    if request.method != "POST":
        return request.get_full_path()
    came_from = request.headers.get("Referer", "")
    if not url_has_allowed_host_and_scheme(came_from, {request.get_host()}, require_https=request.is_secure()):
        return request.path
    parts = urlsplit(came_from)
    return f"{parts.path}?{parts.query}" if parts.query else parts.path


def _quiet(text: str, status: int) -> HttpResponse:
    response = HttpResponse(text, status=status)
    response["Cache-Control"] = "no-store"
    return response
