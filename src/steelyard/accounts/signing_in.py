"""What happens to a request without a session: sign in first, and nothing typed is lost."""

from __future__ import annotations

from urllib.parse import urlencode, urlsplit

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme

from .forms import SignIn
from .keeping import keep


def sign_in_first(request: HttpRequest) -> HttpResponse:
    """To the sign-in page, and back here afterwards. What was typed into a form stays in that page until then."""
    if request.headers.get("HX-Request"):
        return _of_a_part(request)
    if request.method == "POST" and request.POST:
        here = safe_next(request, request.headers.get("Referer", ""))
        told = {"form": SignIn(), "kept": keep(request), "lost": bool(request.FILES), "next": here}
        return render(request, "accounts/sign_in.html", told, status=401)
    return HttpResponseRedirect(address(request.get_full_path() if request.method in ("GET", "HEAD") else ""))


def address(back: str) -> str:
    """The sign-in page, with the way back."""
    return reverse("accounts:sign-in") + (f"?{urlencode({'next': back})}" if back and back != "/" else "")


def safe_next(request: HttpRequest, wanted: str) -> str:
    """A path of our own to go on to; anything else is the first page."""
    if not url_has_allowed_host_and_scheme(wanted, allowed_hosts={request.get_host()}, require_https=request.is_secure()):
        return "/"
    parts = urlsplit(wanted)
    path = f"{parts.path}?{parts.query}" if parts.query else parts.path
    return path if path.startswith("/") and not path.startswith(("//", "/\\")) else "/"


def _of_a_part(request: HttpRequest) -> HttpResponse:
    """A part of a page cannot show a sign-in page: the whole page goes there."""
    page = safe_next(request, request.headers.get("HX-Current-URL", ""))
    if request.method == "POST" and request.POST:
        told = {"form": SignIn(), "kept": keep(request), "lost": bool(request.FILES), "next": page}
        response = render(request, "accounts/sign_in.html", told)  # 200: other answers are not shown
        response["HX-Retarget"], response["HX-Reswap"] = "body", "innerHTML"
        return response
    response = HttpResponse(status=204)
    response["HX-Redirect"] = address(page)
    return response
