"""Every write of people: who they are, what they see, their passwords, tokens and sessions."""

from .grants import grant, revoke
from .passwords import Link, change_own_password, perform_reset, request_reset, reset_for, send_reset_link
from .people import add_user, change_own_account, change_user, deactivate_user, reactivate_user, set_up
from .rules import Granted, username_prefix
from .sessions import end_other_sessions, sign_in_failed, signed_in, signed_out
from .tokens import grantable, make_token, revoke_all_tokens, revoke_token, used

__all__ = [
    "Granted", "Link", "add_user", "change_own_account", "change_own_password", "change_user", "deactivate_user", "end_other_sessions",
    "grant", "grantable", "make_token", "perform_reset", "reactivate_user", "request_reset", "reset_for", "revoke",
    "revoke_all_tokens", "revoke_token",
    "send_reset_link", "set_up", "sign_in_failed", "signed_in", "signed_out", "used", "username_prefix",
]  # fmt: skip
