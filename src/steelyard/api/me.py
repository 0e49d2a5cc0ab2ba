"""Who asks, and what they may."""

from __future__ import annotations

from ninja import Router, Schema

from steelyard.accounts.permissions import permissions_of

from .gate import Asked, signed_in
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


@router.get("", response=answers(ok=Me), summary="Who I am")
@signed_in
def me(request: Asked) -> dict[str, object]:
    """The person behind the session or token, their permissions (of a token: its scopes), and the partners they see."""
    user, scope = request.user, request.scope
    return {
        "username": user.username, "name": user.name, "roles": user.roles, "permissions": sorted(permissions_of(user)),
        "sees_everything": scope.everything, "partners": sorted(scope.partners),
    }  # fmt: skip
