"""People over REST: who signs in, with which roles, and what they see."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.http import HttpResponse
from ninja import Router, Schema, Status
from pydantic import Field

from steelyard.accounts import actions, queries
from steelyard.accounts.permissions import PERMISSIONS, ROLES
from steelyard.accounts.views.passwords import reset_link
from steelyard.partners import scopes

from .addresses import Number
from .gate import Asked, needs
from .paging import Asking, Page, of_rows
from .problems import answers
from .versions import must_match, tagged

if TYPE_CHECKING:
    from steelyard.accounts.models import Grant, User

router = Router(tags=["people"])


class RoleShown(Schema):
    """A role and what it may do."""

    role: str = Field(examples=["partner_manager"])
    title: str
    meaning: str
    side: str = Field(examples=["staff"])
    sees_everything: bool
    permissions: list[str]


class PersonShown(Schema):
    """Somebody who signs in."""

    user: str
    name: str
    email: str
    language: str
    roles: list[str]
    active: bool
    last_login: datetime | None


class GrantShown(Schema):
    """From one day to another somebody sees what `key` names."""

    grant: int
    kind: str = Field(examples=["territory"])
    key: str = Field(examples=["UK-N"])
    valid_from: date | None
    valid_to: date | None = Field(description="the first day without it")
    revoked_at: datetime | None


class WholePerson(PersonShown):
    """A person with every grant they ever had."""

    sees_everything: bool
    partners: int = Field(description="how many partners they see today")
    grants: list[GrantShown]


class Granting(Schema):
    """What somebody gets to see."""

    kind: str = Field(max_length=20, examples=["territory"])
    key: str = Field(max_length=200, examples=["UK-N"])
    valid_from: date | None = None
    valid_to: date | None = None


class GrantingWhy(Granting):
    """The same with a reason."""

    reason: str = Field("", max_length=500)


class AddingPerson(Schema):
    """A new person; they set their password by a link."""

    username: str = Field(max_length=150)
    name: str = Field(max_length=200)
    email: str = Field("", max_length=254)
    language: str = Field("", max_length=10, examples=["en"])
    roles: list[str] = Field(max_length=20)
    grants: list[Granting] = Field([], max_length=200)
    invite: bool = Field(True, description="send the link, where there is an e-mail address")


class ChangingPerson(Schema):
    """What is not sent stays."""

    name: str | None = Field(None, max_length=200)
    email: str | None = Field(None, max_length=254)
    language: str | None = Field(None, max_length=10)
    roles: list[str] | None = Field(None, max_length=20)
    reason: str = Field("", max_length=500)


class Reason(Schema):
    """The reason, kept in the trail."""

    reason: str = Field("", max_length=500)


class Sent(Schema):
    """A link is on its way."""

    email: str


class TokensRevoked(Schema):
    """How many tokens worked until now."""

    revoked: int = Field(examples=[2])


@router.get("", response=answers(ok=Page[PersonShown]), summary="People")
@needs("people.read")
def people(request: Asked, paging: Asking, role: str = "") -> dict[str, Any]:
    """Everybody, also the deactivated, by username."""
    found = [person for person in queries.people() if not role or role in person.roles]
    return of_rows(sorted(found, key=lambda person: person.username), paging, lambda person: person.username, person_shown)


@router.get("/roles", response=answers(ok=list[RoleShown]), summary="Roles")
@needs("people.read")
def roles(request: Asked) -> list[dict[str, Any]]:
    """What each role may do."""
    return [
        {
            "role": name, "title": role.title, "meaning": role.meaning, "side": role.side, "sees_everything": role.sees_everything,
            "permissions": [one for one in PERMISSIONS if one in role.permissions],
        }
        for name, role in ROLES.items()
        if role.side != "program"
    ]  # fmt: skip


@router.post("", response=answers(made=WholePerson), summary="Add a person")
@needs("people.write")
def add(request: Asked, response: HttpResponse, sent: AddingPerson) -> Any:
    """With roles and what they see first."""
    with transaction.atomic():
        for grant in sent.grants:
            scopes.check_grant(grant.kind, grant.key)
        known = {name: getattr(sent, name) for name in ("username", "name", "email", "language", "roles")}
        grants = [actions.Granted(**grant.dict()) for grant in sent.grants]
        made = actions.add_user(**known, grants=grants, acting_user=request.user)
        if sent.invite and made.email:
            actions.send_reset_link(username=made.username, link=reset_link(request), acting_user=request.user)
    return Status(201, tagged(response, whole(made)))


@router.get("/{user}", response=answers(ok=WholePerson), summary="One person")
@needs("people.read")
def person(request: Asked, response: HttpResponse, user: str) -> dict[str, Any]:
    """What is said of them, and what they see."""
    return tagged(response, whole(queries.person(user)))


@router.patch("/{user}", response=answers(ok=WholePerson), summary="Change a person")
@needs("people.write")
def change(request: Asked, response: HttpResponse, user: str, sent: ChangingPerson) -> dict[str, Any]:
    """It counts from their next request on."""
    found = queries.person(user)
    must_match(request, whole(found))
    values = sent.dict(exclude_unset=True)
    changed = actions.change_user(username=user, **values, acting_user=request.user, seen=queries.version_of(found))
    return tagged(response, whole(changed))


@router.post("/{user}/grants", response=answers(made=WholePerson), summary="Let a person see more")
@needs("people.write")
def grant(request: Asked, user: str, sent: GrantingWhy) -> Any:
    """A partner, a territory with all below it, or a representative's partners."""
    queries.person(user)
    scopes.check_grant(sent.kind, sent.key)
    actions.grant(username=user, **sent.dict(), acting_user=request.user)
    return Status(201, whole(queries.person(user)))


@router.post("/{user}/grants/{grant}/revoke", response=answers(ok=WholePerson), summary="Let a person see less")
@needs("people.write")
def revoke(request: Asked, user: str, grant: Number, sent: Reason) -> dict[str, Any]:
    """From their next request on."""
    queries.person(user)
    actions.revoke(username=user, grant=grant, acting_user=request.user, reason=sent.reason)
    return whole(queries.person(user))


@router.post("/{user}/deactivate", response=answers(ok=WholePerson), summary="Deactivate a person")
@needs("people.write")
def deactivate(request: Asked, user: str, sent: Reason) -> dict[str, Any]:
    """Their sessions and tokens end; what they did keeps their name."""
    queries.person(user)
    return whole(actions.deactivate_user(username=user, acting_user=request.user, reason=sent.reason))


@router.post("/{user}/reactivate", response=answers(ok=WholePerson), summary="Let a person in again")
@needs("people.write")
def reactivate(request: Asked, user: str, sent: Reason) -> dict[str, Any]:
    """With the roles and grants they had."""
    queries.person(user)
    return whole(actions.reactivate_user(username=user, acting_user=request.user, reason=sent.reason))


@router.post("/{user}/link", response=answers(accepted=Sent), summary="Send a link to set a password")
@needs("people.write")
def send_link(request: Asked, user: str) -> Any:
    """To their own e-mail address; nobody else ever sees it."""
    queries.person(user)
    told = actions.send_reset_link(username=user, link=reset_link(request), acting_user=request.user)
    return Status(202, {"email": told.email})


@router.post("/{user}/tokens/revoke", response=answers(ok=TokensRevoked), summary="Revoke all tokens of a person")
@needs("people.write")
def revoke_tokens(request: Asked, user: str, sent: Reason) -> dict[str, Any]:
    """From now on none of them opens anything."""
    queries.person(user)
    return {"revoked": actions.revoke_all_tokens(username=user, acting_user=request.user, reason=sent.reason)}


def person_shown(found: User) -> dict[str, Any]:
    """A person as JSON."""
    same = ("name", "email", "language", "roles", "last_login")
    return {"user": found.username, "active": found.is_active, **{name: getattr(found, name) for name in same}}


def whole(found: User) -> dict[str, Any]:
    """A person as JSON, with what they see."""
    scope = scopes.scope_of(found)
    told = {"sees_everything": scope.everything, "partners": len(scope.partners)}
    return {**person_shown(found), **told, "grants": [_grant(one) for one in queries.grants(found)]}


def _grant(one: Grant) -> dict[str, Any]:
    same = ("kind", "key", "valid_from", "valid_to", "revoked_at")
    return {"grant": one.pk, **{name: getattr(one, name) for name in same}}
