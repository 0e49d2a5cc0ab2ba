"""Under /api/ everything that is refused is a problem document: also unknown addresses, wrong methods, and faults of ours."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from steelyard.calc.errors import Missing, Problem

from .problems import CONTENT_TYPE, answer

PREFIX = "/api/"
KEPT = ("Allow", "Retry-After", "Set-Cookie", "Content-Security-Policy", "Cache-Control")
SAID = {
    400: ("bad_request", "this request cannot be read"),
    403: ("forbidden", "this is not allowed"),
    405: ("method_not_allowed", "this address has no such method"),
    413: ("too_large", "this is more than is read at once"),
    429: ("too_many", "too many attempts; wait a while"),
    503: ("unavailable", "the database cannot be reached just now"),
    507: ("disk_full", "there is no room left to keep this"),
}


def spoken(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Whatever else the site would have said as a page."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        if not request.path.startswith(PREFIX) or response.status_code < 400 or response.get("Content-Type", "") == CONTENT_TYPE:
            return response
        told = _told(request, response)
        for name in KEPT:
            if name in response:
                told[name] = response[name]
        told.cookies = response.cookies
        return told

    return middleware


def _told(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    status = response.status_code
    if status == 404:
        return answer(404, Missing().problems)
    code, message = SAID.get(status, ("failed", "this failed, and it is our own fault; it was noted"))
    found = str(request.method) if status == 405 else ""
    return answer(status, [Problem(code, message, found=found)])
