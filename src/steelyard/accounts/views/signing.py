"""Signing in and out, and the language of the pages."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.contrib.auth import authenticate, login, logout
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters

from .. import actions
from ..forms import SignIn
from ..gate import Asked, needs, public
from ..keeping import FIELD, kept_for, known_here
from ..permissions import side_of
from ..signing_in import safe_next


@public("the way in", "GET", "POST")
@never_cache
@sensitive_post_parameters("password")
def sign_in(request: HttpRequest) -> HttpResponse:
    """Sign in. What does not fit is said in one way, whatever it was."""
    back = safe_next(request, request.POST.get("next") or request.GET.get("next") or "/")
    if request.method == "POST":
        form = SignIn(request.POST)
        if form.is_valid():
            user = authenticate(request, **form.cleaned_data)
            if user is not None:
                return _let_in(request, user, back)
            if not getattr(request, "axes_locked_out", False):
                actions.sign_in_failed(username=form.cleaned_data["username"])
            form.add_error(None, _("This username and password do not belong together. Check both and try again."))
        told = {"form": form, "next": back, "kept": request.POST.get(FIELD, "")}
        return render(request, "accounts/sign_in.html", told, status=422)
    if request.user.is_authenticated:
        return HttpResponseRedirect(back)
    return render(request, "accounts/sign_in.html", {"form": SignIn(), "next": back})


def _let_in(request: HttpRequest, user: Any, back: str) -> HttpResponse:
    login(request, user)
    actions.signed_in(acting_user=user)
    kept = kept_for(request.POST.get(FIELD, ""), user)
    told = {"sent": kept, "back": back}
    response = render(request, "accounts/send_again.html", told) if kept is not None else HttpResponseRedirect(back)
    known_here(response, user, secure=settings.SECURE_COOKIES)
    if user.language:
        remember_language(response, user.language)
    return response


@needs(post="account")
def sign_out(request: Asked) -> HttpResponse:
    """Sign out."""
    actions.signed_out(acting_user=request.user)
    logout(request)
    return render(request, "accounts/signed_out.html")


@public("the language of a page is for everybody to choose", "POST")
def language(request: HttpRequest) -> HttpResponse:
    """Show pages in another language, and for who is signed in also e-mails."""
    chosen = request.POST.get("language", "")
    response = HttpResponseRedirect(safe_next(request, request.POST.get("next", "/")))
    if chosen in dict(settings.LANGUAGES):
        remember_language(response, chosen)
        if request.user.is_authenticated:
            actions.change_own_account(language=chosen, acting_user=request.user)
    return response


def remember_language(response: HttpResponse, chosen: str) -> None:
    """Keep the language in the browser, so that the sign-in page has it too."""
    year = int(timedelta(days=365).total_seconds())
    response.set_cookie(settings.LANGUAGE_COOKIE_NAME, chosen, max_age=year, samesite="Lax", secure=settings.SECURE_COOKIES)


def layout_of(request: Asked) -> str:
    """The frame that this person's other pages have."""
    return "ui/portal.html" if side_of(request.user) == "partner" else "ui/base.html"


def locked_out(request: HttpRequest, original: HttpResponse | None = None, credentials: Any = None) -> HttpResponse:
    """Too many wrong passwords for this username from this address: when to try again."""
    pause = timedelta(hours=settings.AXES_COOLOFF_TIME)
    until = timezone.localtime(timezone.now() + pause)
    response = render(request, "accounts/locked_out.html", {"until": until, "minutes": int(pause.total_seconds() // 60)}, status=429)
    response["Retry-After"] = str(int(pause.total_seconds()))
    return response
