"""Sessions end: after some hours without use, and after half a day whatever happened."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.contrib.auth import SESSION_KEY, logout
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

RENEWED_EVERY = 300  # seconds; writing it at each request would write at each request
BEGAN, SEEN = "began", "seen"


def limited(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """A session that is used lives on, but never longer than `SESSION_LONGEST` after the sign-in."""

    def middleware(request: HttpRequest) -> HttpResponse:
        if settings.SESSION_COOKIE_NAME in request.COOKIES and SESSION_KEY in request.session:
            now = int(timezone.now().timestamp())
            began = request.session.setdefault(BEGAN, now)
            if now - began >= settings.SESSION_LONGEST or now - request.session.get(SEEN, now) >= settings.SESSION_COOKIE_AGE:
                logout(request)
            elif now - request.session.get(SEEN, 0) >= RENEWED_EVERY:
                request.session[SEEN] = now
        return get_response(request)

    return middleware
