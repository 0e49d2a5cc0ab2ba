"""The own account: name, language, sessions, API tokens."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from steelyard.calc.errors import Refused

from .. import actions, queries
from ..forms import Account, NewToken, say
from ..gate import Asked, needs
from ..permissions import PERMISSIONS, ROLES
from .signing import layout_of, remember_language


@needs("account", post="account")
def account(request: Asked) -> HttpResponse:
    """What this person may change of themselves."""
    user = request.user
    form = Account(request.POST or None, initial={"name": user.name, "language": user.language})
    if request.method == "POST" and form.is_valid():
        try:
            actions.change_own_account(**form.cleaned_data, acting_user=user)
        except Refused as refused:
            say(form, refused)
        else:
            messages.success(request, _("Saved."))
            response = redirect("accounts:account")
            if form.cleaned_data["language"]:
                remember_language(response, form.cleaned_data["language"])
            return response
    roles = [ROLES[role] for role in user.roles if role in ROLES]
    began = request.session.get("began")
    since = datetime.fromtimestamp(began, tz=timezone.get_current_timezone()) if began else None
    told = {"form": form, "roles": roles, "since": since, "tokens": [token for token in queries.tokens(user) if not token.revoked_at]}
    return render(request, "accounts/account.html", {**told, "layout": layout_of(request)}, status=422 if form.errors else 200)


@needs(post="account")
def end_other_sessions(request: Asked) -> HttpResponse:
    """Sign out everywhere but here."""
    update_session_auth_hash(request, actions.end_other_sessions(acting_user=request.user))
    messages.success(request, _("Everywhere else you are signed out."))
    return redirect("accounts:account")


@needs("account", post="account")
@never_cache
def tokens(request: Asked) -> HttpResponse:
    """The own API tokens; a new one shows its secret once, on the page that answers."""
    choices = [(name, _(PERMISSIONS[name])) for name in actions.grantable(request.user)]
    form = NewToken(request.POST or None, scopes=choices)
    secret, made = "", None
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data
        ends = timezone.make_aware(datetime.combine(values["expires_on"] + timedelta(days=1), time.min))
        try:
            made, secret = actions.make_token(name=values["name"], scopes=values["scopes"], expires_at=ends, acting_user=request.user)
            form = NewToken(scopes=choices)
        except Refused as refused:
            say(form, refused)
    told = {"form": form, "tokens": queries.tokens(request.user), "secret": secret, "made": made, "now": timezone.now()}
    return render(
        request, "accounts/tokens.html", {**told, "layout": layout_of(request)}, status=422 if form.is_bound and form.errors else 200
    )


@needs(post="account")
def revoke_token(request: Asked, token: int) -> HttpResponse:
    """From now on this token opens nothing."""
    revoked = actions.revoke_token(token=token, acting_user=request.user)
    messages.success(request, _("The token %(name)s no longer works.") % {"name": revoked.name})
    return redirect("accounts:tokens")
