"""Addresses of accounts: the way in and out, passwords, the own account."""

from __future__ import annotations

from django.urls import path

from .views import account, passwords, signing

app_name = "accounts"
urlpatterns = [
    path("sign-in", signing.sign_in, name="sign-in"),
    path("sign-out", signing.sign_out, name="sign-out"),
    path("language", signing.language, name="language"),
    path("reset", passwords.ask, name="reset-ask"),
    path("reset/sent", passwords.sent, name="reset-sent"),
    path("reset/<str:uidb64>/<str:secret>", passwords.reset, name="reset"),
    path("account", account.account, name="account"),
    path("account/password", passwords.change, name="password"),
    path("account/sessions", account.end_other_sessions, name="end-other-sessions"),
    path("account/tokens", account.tokens, name="tokens"),
    path("account/tokens/<int:token>", account.revoke_token, name="revoke-token"),
]
