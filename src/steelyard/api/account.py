"""One's own things over REST: name and language, saved views, API tokens. A token cannot make tokens: that takes a session."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.http import HttpResponse
from ninja import Router, Schema, Status
from pydantic import AwareDatetime, Field

from steelyard.accounts import actions as accounts
from steelyard.accounts import queries as people
from steelyard.records import actions, queries
from steelyard.records.queries import View

from .addresses import Number
from .gate import Asked, needs, secret
from .paging import Asking, Page, of_rows
from .problems import answers
from .versions import must_match, tagged

if TYPE_CHECKING:
    from steelyard.accounts.models import ApiToken, User

router = Router(tags=["me"])


class AccountShown(Schema):
    """What is known of the person who asks."""

    user: str = Field(examples=["anna"])
    name: str = Field(examples=["Anna Amstutz"])
    email: str = Field(examples=["anna@example.com"])
    language: str = Field(description="of pages and e-mails; blank: the browser's")
    roles: list[str]


class ChangingAccount(Schema):
    """What is not sent stays."""

    name: str | None = Field(None, max_length=200, examples=["Anna Amstutz"])
    language: str | None = Field(None, max_length=10)


class ViewShown(Schema):
    """A list as somebody likes to see it."""

    view: int
    name: str
    page: str
    query: str


class Saving(Schema):
    """A view to be kept; the same name on the same page replaces it."""

    page: str = Field(max_length=300)
    name: str = Field(max_length=80)
    query: str = Field("", max_length=4000)


class Renaming(Schema):
    """Another name."""

    name: str = Field(max_length=80)


class TokenShown(Schema):
    """A key for programs; its secret is shown once, when it is made."""

    token: int
    name: str
    prefix: str = Field(examples=["3f9c1a20"])
    scopes: list[str]
    made_at: datetime
    expires_at: datetime
    last_used_at: datetime | None
    revoked_at: datetime | None


class TokenMade(TokenShown):
    """A new token with its secret."""

    secret: str | None = Field(
        description="shown now and never again; null when the same request is sent again", examples=["steelyard_3f9c…"]
    )


class Making(Schema):
    """What the token may do, and until when."""

    name: str = Field(max_length=100)
    scopes: list[str] = Field(max_length=50)
    expires_at: AwareDatetime


@router.get("", response=answers(ok=AccountShown), summary="The own account")
@needs("account")
def account(request: Asked, response: HttpResponse) -> dict[str, Any]:
    """Name, e-mail address, language, roles."""
    return tagged(response, _account(request.user))


@router.patch("", response=answers(ok=AccountShown), summary="Change the own account")
@needs("account")
def change_account(request: Asked, response: HttpResponse, sent: ChangingAccount) -> dict[str, Any]:
    """How one is called, and the language of one's pages and e-mails; the rest is the administrator's."""
    must_match(request, _account(request.user))
    return tagged(response, _account(accounts.change_own_account(name=sent.name, language=sent.language, acting_user=request.user)))


@router.get("/views", response=answers(ok=Page[ViewShown]), summary="Own saved views")
@needs("account")
def views(request: Asked, paging: Asking, page: str = "") -> dict[str, Any]:
    """Of all pages, or of one."""
    rows = sorted(queries.saved_views(request.user.username, page or None), key=lambda view: view.number)
    return of_rows(rows, paging, lambda view: view.number, _view)


@router.post("/views", response=answers(made=ViewShown), summary="Save a view")
@needs("account")
def save_view(request: Asked, response: HttpResponse, sent: Saving) -> Any:
    """Keep a list as it is shown."""
    return Status(201, tagged(response, _view(actions.save_view(**sent.dict(), acting_user=request.user))))


@router.get("/views/{view}", response=answers(ok=ViewShown), summary="An own saved view")
@needs("account")
def view(request: Asked, response: HttpResponse, view: Number) -> dict[str, Any]:
    """Anybody else's is not there."""
    return tagged(response, _view(queries.saved_view(view, request.user.username)))


@router.patch("/views/{view}", response=answers(ok=ViewShown), summary="Rename a view")
@needs("account")
def rename_view(request: Asked, response: HttpResponse, view: Number, sent: Renaming) -> dict[str, Any]:
    """Give an own view another name."""
    must_match(request, _view(queries.saved_view(view, request.user.username)))
    return tagged(response, _view(actions.rename_view(view=view, name=sent.name, acting_user=request.user)))


@router.delete("/views/{view}", response=answers(empty=True), summary="Delete a view")
@needs("account")
def delete_view(request: Asked, view: Number) -> Any:
    """Forget an own view."""
    must_match(request, _view(queries.saved_view(view, request.user.username)))
    actions.delete_view(view=view, acting_user=request.user)
    return Status(204, None)


@router.get("/tokens", response=answers(ok=Page[TokenShown]), summary="Own API tokens")
@needs("account")
def tokens(request: Asked, paging: Asking) -> dict[str, Any]:
    """Also those that no longer work."""
    return of_rows(people.tokens(request.user)[::-1], paging, lambda token: token.pk, _token)


@router.post("/tokens", response=answers(made=TokenMade), summary="Make an API token")
@needs("account")
@secret("secret")
def make_token(request: Asked, sent: Making) -> Any:
    """With a session only. The secret is shown in this answer and kept nowhere."""
    made, told = accounts.make_token(**sent.dict(), acting_user=request.user)
    return Status(201, {**_token(made), "secret": told})


@router.post("/tokens/{token}/revoke", response=answers(ok=TokenShown), summary="Revoke an own API token")
@needs("account")
def revoke_token(request: Asked, token: Number) -> dict[str, Any]:
    """From now on it opens nothing."""
    return _token(accounts.revoke_token(token=token, acting_user=request.user))


def _account(user: User) -> dict[str, Any]:
    return {"user": user.username, **{name: getattr(user, name) for name in ("name", "email", "language", "roles")}}


def _view(found: View) -> dict[str, Any]:
    return {"view": found.number, "name": found.name, "page": found.page, "query": found.query}


def _token(found: ApiToken) -> dict[str, Any]:
    same = ("name", "prefix", "scopes", "made_at", "expires_at", "last_used_at", "revoked_at")
    return {"token": found.pk, **{name: getattr(found, name) for name in same}}
