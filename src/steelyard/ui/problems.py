"""Refusals as pages: a problem raised anywhere below becomes a clear answer with its status, never a 500."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from steelyard.calc.errors import Conflict, Missing, Refused


def told(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Middleware: `Missing` is 404 (the same page for everything that is not there), `Conflict` 409, other refusals 422."""

    def middleware(request: HttpRequest) -> HttpResponse:
        return get_response(request)

    def process_exception(request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if isinstance(exception, Missing):
            return missing(request)
        if isinstance(exception, Refused):
            status = 409 if isinstance(exception, Conflict) else 422
            return render(request, "ui/problem.html", {"problems": exception.problems}, status=status)
        return None

    middleware.process_exception = process_exception  # type: ignore[attr-defined]
    return middleware


def missing(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """The page for what is not there, or is somebody else's: nothing in it tells which."""
    return render(request, "ui/missing.html", status=404)


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """The page for what this role may not do."""
    return render(request, "ui/forbidden.html", status=403)


def failed(request: HttpRequest) -> HttpResponse:
    """The page for our own faults."""
    return render(request, "ui/failed.html", status=500)
