"""Passwords: changing one's own, and setting a new one by e-mail when the old one is lost."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from django.contrib.auth.tokens import PasswordResetTokenGenerator
from django.db import transaction
from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.utils.encoding import force_bytes, force_str
from django.utils.http import urlsafe_base64_decode, urlsafe_base64_encode

from steelyard.audit.actions import record
from steelyard.audit.queries import entries
from steelyard.calc.errors import Missing, Problem, Refused
from steelyard.outbox.actions import send

from ..models import SYSTEM_USERNAME, User
from . import rules

PAUSE = timedelta(minutes=2)  # between two messages to one person
UNKNOWN = "user:unknown"  # whatever was typed there may be a password

Link = Callable[[str, str], str]  # (uid, token) -> the whole address


class _Tokens(PasswordResetTokenGenerator):
    """Good once, for an hour: a new password, a sign-in or the end of all sessions make another token of it."""

    key_salt = "steelyard.accounts.reset"

    def _make_hash_value(self, user: User, timestamp: int) -> str:
        return f"{super()._make_hash_value(user, timestamp)}:{user.session_epoch}:{user.is_active}"


_tokens = _Tokens()


@transaction.atomic
def change_own_password(*, old: str, new: str, acting_user: User) -> User:
    """Set a new password for oneself. Every session ends; who asked is let in again by the page."""
    user = User.objects.select_for_update().get(pk=acting_user.pk)
    if not user.check_password(old):
        raise Refused(Problem("wrong-password", "this is not your password", "old"))
    problems = rules.password_problems(new, user, "new")
    if problems:
        raise Refused(problems)
    _set(user, new, "password changed", user)
    return user


@transaction.atomic
def request_reset(*, address: str, link: Link) -> None:
    """Send a link to everybody who signs in with this e-mail address or username.

    Nothing tells the asker whether there is anybody: the answer is the same, and so is the work, down to one row more or less.
    """
    wanted = address.strip()
    found = User.objects.filter(is_active=True).exclude(username=SYSTEM_USERNAME).exclude(email="")
    people = list(found.filter(email__iexact=wanted)[:5]) or list(found.filter(username=wanted))
    if not people:
        _message(User(pk=0, username="nobody", name="Nobody", email="nobody@example.com"), link)
        record(action="password reset asked for", subject=UNKNOWN, acting_user="anonymous")
    for person in people:
        asked = entries(subject=f"user:{person.username}", action="password reset asked for")
        if not asked.filter(made_at__gt=timezone.now() - PAUSE).exists():
            _send(person, link)
        record(action="password reset asked for", subject=f"user:{person.username}", acting_user="anonymous")


@transaction.atomic
def send_reset_link(*, username: str, link: Link, acting_user: User) -> User:
    """Send somebody else the link with which they set their password; nobody but them ever sees it."""
    user = rules.existing(username, acting_user)
    if not user.is_active:
        raise Refused(Problem("inactive-user", "this user is deactivated", "user", username, "reactivate the user first"))
    if not user.email:
        raise Refused(Problem("no-email", "there is no e-mail address to send a link to", "email", "", "add one first"))
    _send(user, link)
    record(action="password link sent", subject=f"user:{username}", acting_user=acting_user)
    return user


@transaction.atomic
def perform_reset(*, uid: str, token: str, password: str) -> User:
    """Set the password that a link lets its holder set; the link is then used up, and every session ends."""
    user = reset_for(uid, token, lock=True)
    problems = rules.password_problems(password, user)
    if problems:
        raise Refused(problems)
    _set(user, password, "password reset", user)
    return user


def reset_for(uid: str, token: str, *, lock: bool = False) -> User:
    """Whose password a link sets; `Missing` if it is used up, too old or was never one."""
    try:
        number = int(force_str(urlsafe_base64_decode(uid)))
    except (ValueError, OverflowError):
        raise Missing from None
    known = User.objects.select_for_update() if lock else User.objects.all()
    user = known.filter(pk=number, is_active=True).exclude(username=SYSTEM_USERNAME).first() if 0 < number < 2**62 else None
    if user is None or not _tokens.check_token(user, token):
        raise Missing
    return user


def _set(user: User, password: str, action: str, acting_user: User) -> None:
    user.set_password(password)
    user.session_epoch += 1
    user.save(update_fields=["password", "session_epoch"])
    record(action=action, subject=f"user:{user.username}", acting_user=acting_user)


def _send(user: User, link: Link) -> None:
    subject, text = _message(user, link)
    send(to=user.email, subject=subject, text=text, language=user.language or "en", secret=True)


def _message(user: User, link: Link) -> tuple[str, str]:
    address = link(urlsafe_base64_encode(force_bytes(user.pk)), _tokens.make_token(user))
    with translation.override(user.language or "en"):
        text = render_to_string("accounts/mail/reset.txt", {"person": user, "address": address})
        return translation.gettext("Set your Steelyard password"), text
