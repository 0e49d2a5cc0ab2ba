"""A new password: by e-mail when the old one is lost, or on the own account."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters

from steelyard.calc.errors import Missing, Refused

from .. import actions
from ..forms import AskReset, ChangePassword, SetPassword, say
from ..gate import Asked, needs, public
from .signing import layout_of


@public("who cannot sign in needs it", "GET", "POST")
@never_cache
def ask(request: HttpRequest) -> HttpResponse:
    """Ask for a link by e-mail. The answer is the same for everybody."""
    form = AskReset(request.POST or None)
    if request.method == "POST" and form.is_valid():
        actions.request_reset(address=form.cleaned_data["address"], link=reset_link(request))
        return redirect("accounts:reset-sent")
    return render(request, "accounts/reset_ask.html", {"form": form}, status=422 if form.errors else 200)


@public("who cannot sign in needs it")
def sent(request: HttpRequest) -> HttpResponse:
    """What happens now, without saying whether there is such a person."""
    return render(request, "accounts/reset_sent.html")


@public("who cannot sign in needs it; the link itself is the key", "GET", "POST")
@never_cache
@sensitive_post_parameters("password")
def reset(request: HttpRequest, uidb64: str, secret: str) -> HttpResponse:
    """Set the password that the link from the e-mail lets its holder set."""
    try:
        person = actions.reset_for(uidb64, secret)
    except Missing:
        return render(request, "accounts/reset_used_up.html", status=422)
    form = SetPassword(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.perform_reset(uid=uidb64, token=secret, password=form.cleaned_data["password"])
        except Missing:
            return render(request, "accounts/reset_used_up.html", status=422)
        except Refused as refused:
            say(form, refused)
        else:
            messages.success(request, _("Your password is set. Sign in with it."))
            return HttpResponseRedirect(reverse("accounts:sign-in"))
    return render(request, "accounts/reset.html", {"form": form, "person": person}, status=422 if form.errors else 200)


@needs("account", post="account")
@never_cache
@sensitive_post_parameters("old", "new")
def change(request: Asked) -> HttpResponse:
    """Change the own password: every other session ends."""
    form = ChangePassword(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            user = actions.change_own_password(**form.cleaned_data, acting_user=request.user)
        except Refused as refused:
            say(form, refused)
        else:
            update_session_auth_hash(request, user)
            messages.success(request, _("Your password is changed. Everywhere else you are signed out."))
            return redirect("accounts:account")
    return render(request, "accounts/password.html", {"form": form, "layout": layout_of(request)}, status=422 if form.errors else 200)


def reset_link(request: HttpRequest) -> actions.Link:
    """How a link of this installation looks."""

    def link(uid: str, token: str) -> str:
        return request.build_absolute_uri(reverse("accounts:reset", args=(uid, token)))

    return link
