"""The partner's own people over REST, for its administrator (with a session: tokens do not manage people)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction
from django.http import HttpResponse
from ninja import Router, Schema, Status
from pydantic import Field

from steelyard.accounts import actions
from steelyard.accounts.queries import version_of
from steelyard.accounts.views.passwords import reset_link
from steelyard.portal.colleagues import Colleague, colleague, colleagues

from .gate import Asked, needs
from .paging import Asking, Page, of_rows
from .people import Sent
from .portal import own_of
from .problems import answers
from .versions import must_match, tagged

router = Router(tags=["portal"])
ROLE = Field(pattern="^partner_(user|administrator)$", examples=["partner_user"])


class ColleagueShown(Schema):
    """Somebody who sees the partner's pages."""

    user: str = Field(examples=["greg"])
    name: str = Field(examples=["Greg Ashworth"])
    email: str
    language: str
    role: str = Field(examples=["partner_user"])
    active: bool
    managed: bool = Field(description="whether the partner's administrator may change them", examples=[True])
    last_login: datetime | None


class AddingColleague(Schema):
    """A new colleague; a link to set a password is sent to them."""

    username: str = Field(max_length=150, description="begins with the partner's code", examples=["gb-0001.greg"])
    name: str = Field(max_length=200, examples=["Greg Ashworth"])
    email: str = Field(max_length=254)
    language: str = Field("", max_length=10, examples=["en"])
    role: str = ROLE


class ChangingColleague(Schema):
    """What is not sent stays."""

    name: str | None = Field(None, max_length=200)
    email: str | None = Field(None, max_length=254)
    language: str | None = Field(None, max_length=10)
    role: str | None = Field(None, pattern="^partner_(user|administrator)$", examples=["partner_user"])


@router.get("/people", response=answers(ok=Page[ColleagueShown]), summary="Own people")
@needs("portal.people")
def people(request: Asked, paging: Asking, partner: str = "") -> dict[str, Any]:
    """Everybody who sees the partner's pages, by username."""
    found = sorted(colleagues(own_of(request, partner), request.user), key=lambda one: one.user.username)
    return of_rows(found, paging, lambda one: one.user.username, _shown)


@router.post("/people", response=answers(made=ColleagueShown), summary="Add a colleague")
@needs("portal.people")
def add(request: Asked, response: HttpResponse, sent: AddingColleague, partner: str = "") -> Any:
    """For this partner only, with a role of partners."""
    own = own_of(request, partner)
    with transaction.atomic():
        values = sent.dict()
        grants = [("partner", own.code)]
        made = actions.add_user(roles=[values.pop("role")], grants=grants, acting_user=request.user, **values)
        actions.send_reset_link(username=made.username, link=reset_link(request), acting_user=request.user)
    return Status(201, tagged(response, _shown(colleague(own, made.username, request.user))))


@router.get("/people/{user}", response=answers(ok=ColleagueShown), summary="One colleague")
@needs("portal.people")
def person(request: Asked, response: HttpResponse, user: str, partner: str = "") -> dict[str, Any]:
    """Somebody whom the asking person manages."""
    return tagged(response, _shown(colleague(own_of(request, partner), user, request.user)))


@router.patch("/people/{user}", response=answers(ok=ColleagueShown), summary="Change a colleague")
@needs("portal.people")
def change(request: Asked, response: HttpResponse, user: str, sent: ChangingColleague, partner: str = "") -> dict[str, Any]:
    """It counts from their next request on."""
    own = own_of(request, partner)
    found = colleague(own, user, request.user)
    must_match(request, _shown(found))
    values = sent.dict(exclude_unset=True)
    role = values.pop("role", None)
    actions.change_user(
        username=user, **values, roles=[role] if role else None, seen=version_of(found.user), acting_user=request.user
    )  # fmt: skip
    return tagged(response, _shown(colleague(own, user, request.user)))


@router.post("/people/{user}/deactivate", response=answers(ok=ColleagueShown), summary="Deactivate a colleague")
@needs("portal.people")
def deactivate(request: Asked, user: str, partner: str = "") -> dict[str, Any]:
    """They are signed out everywhere."""
    own = own_of(request, partner)
    colleague(own, user, request.user)
    actions.deactivate_user(username=user, acting_user=request.user)
    return _shown(colleague(own, user, request.user))


@router.post("/people/{user}/reactivate", response=answers(ok=ColleagueShown), summary="Let a colleague in again")
@needs("portal.people")
def reactivate(request: Asked, user: str, partner: str = "") -> dict[str, Any]:
    """With the role they had."""
    own = own_of(request, partner)
    colleague(own, user, request.user)
    actions.reactivate_user(username=user, acting_user=request.user)
    return _shown(colleague(own, user, request.user))


@router.post("/people/{user}/link", response=answers(accepted=Sent), summary="Send a colleague a link to set their password")
@needs("portal.people")
def send_link(request: Asked, user: str, partner: str = "") -> Any:
    """To their own e-mail address."""
    colleague(own_of(request, partner), user, request.user)
    told = actions.send_reset_link(username=user, link=reset_link(request), acting_user=request.user)
    return Status(202, {"email": told.email})


def _shown(one: Colleague) -> dict[str, Any]:
    found = one.user
    same = ("name", "email", "language", "last_login")
    told = {"user": found.username, "active": found.is_active, "role": one.role, "managed": one.managed}
    return {**told, **{name: getattr(found, name) for name in same}}
