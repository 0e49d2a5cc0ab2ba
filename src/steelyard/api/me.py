"""Who asks, what they may, and what waits for them."""

from __future__ import annotations

from ninja import Router, Schema
from pydantic import Field

from steelyard.accounts.permissions import permissions_of
from steelyard.dashboards.attention import due

from .gate import Asked, needs, signed_in
from .problems import answers

router = Router(tags=["me"])


class Me(Schema):
    """The person a request acts as."""

    username: str
    name: str
    roles: list[str]
    permissions: list[str]
    sees_everything: bool
    partners: list[str]


class Waiting(Schema):
    """Work of one kind that is due."""

    name: str = Field(description="reviews, questions, runs, refused rows, unmatched names, late feeds", examples=["reviews"])
    count: int = Field(examples=[3])
    text: str = Field(examples=["reviews wait for you"])
    detail: str = Field(examples=["1 is overdue"])
    late: bool
    address: str | None = Field(description="the page where it is done", examples=["/reviews"])


@router.get("", response=answers(ok=Me), summary="Who I am")
@signed_in
def me(request: Asked) -> dict[str, object]:
    """The person behind the session or token, their permissions (of a token: its scopes), and the partners they see."""
    user, scope = request.user, request.scope
    return {
        "username": user.username, "name": user.name, "roles": user.roles, "permissions": sorted(permissions_of(user)),
        "sees_everything": scope.everything, "partners": sorted(scope.partners),
    }  # fmt: skip


@router.get("/waiting", response=answers(ok=list[Waiting]), summary="What waits for me")
@needs("staff")
def waiting(request: Asked) -> list[dict[str, object]]:
    """Work of one's own roles in one's own scope, late things first: the list of the home page."""
    same = ("name", "count", "text", "detail", "late")
    return [{"address": one.url, **{name: getattr(one, name) for name in same}} for one in due(request.user, request.scope)]
