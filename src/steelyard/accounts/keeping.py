"""What somebody typed into a form whose session had ended: kept in the sign-in page, signed, and offered again afterwards.

Nothing of it stays on the server. Passwords and files are never kept. A cookie says whose browser it was, so that the
next person at the same desk is not shown what the former one typed.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib.auth.base_user import AbstractBaseUser
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.utils.crypto import salted_hmac

FIELD = "kept"
COOKIE = "steelyard_known"
MOST_CHARACTERS = 64_000
SECONDS = 12 * 60 * 60
_SALT = "steelyard.accounts.kept"
_NEVER = ("csrfmiddlewaretoken", FIELD)


@dataclass(frozen=True)
class Kept:
    """A form's fields, in their order, and where they were sent."""

    address: str
    fields: tuple[tuple[str, str], ...]


def keep(request: HttpRequest) -> str | None:
    """The fields of a POST as one signed text; None if there are none, or too many to carry."""
    fields = [(name, value) for name, values in request.POST.lists() for value in values if _may_be_kept(name)]
    size = sum(len(name) + len(str(value)) for name, value in fields)
    if not fields or size > MOST_CHARACTERS:
        return None
    told = {"address": request.get_full_path(), "fields": fields, "browser": request.COOKIES.get(COOKIE, "")}
    return signing.dumps(told, salt=_SALT, compress=True)


def kept_for(text: str, user: AbstractBaseUser) -> Kept | None:
    """What was kept, if this person typed it and it is not too old."""
    try:
        told = signing.loads(text, salt=_SALT, max_age=SECONDS)
    except signing.BadSignature:
        return None
    if told["browser"] != mark(user):
        return None
    return Kept(told["address"], tuple((str(name), str(value)) for name, value in told["fields"]))


def known_here(response: HttpResponse, user: AbstractBaseUser, *, secure: bool) -> None:
    """Note in the browser whose it is."""
    response.set_cookie(COOKIE, mark(user), max_age=SECONDS * 2, httponly=True, samesite="Lax", secure=secure)


def mark(user: AbstractBaseUser) -> str:
    """A sign by which a browser is known to have been this person's; it opens nothing."""
    return salted_hmac("steelyard.accounts.known", str(user.pk), algorithm="sha256").hexdigest()[:32]


def _may_be_kept(name: str) -> bool:
    return name not in _NEVER and "password" not in name.lower()
