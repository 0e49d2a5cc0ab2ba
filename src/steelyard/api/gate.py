"""The one gate of REST: who asks (session or token), and whether roles and token allow it."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from inspect import signature
from typing import TYPE_CHECKING, Any, TypeVar

from django.http import HttpRequest
from ninja.security import HttpBearer, SessionAuth

from steelyard.accounts.permissions import PERMISSIONS, may
from steelyard.accounts.queries import by_token

if TYPE_CHECKING:
    from steelyard.accounts.models import User
    from steelyard.ledger.scope import Scope

Operation = TypeVar("Operation", bound=Callable[..., Any])


class Asked(HttpRequest):
    """A request behind the gate: its user, and the scope of what they may see."""

    user: User
    scope: Scope


class Forbidden(Exception):
    """The user's roles, or the token's scopes, do not hold what the operation needs."""

    def __init__(self, permission: str) -> None:
        super().__init__(permission)
        self.permission = permission


class Token(HttpBearer):
    """`Authorization: Bearer …`: an API token acts as its person, within the token's own scopes."""

    def authenticate(self, request: HttpRequest, token: str) -> User | None:
        """The person of a token that works, or nobody."""
        user = by_token(token)
        if user is not None:
            request.user = user
        return user


class Session(SessionAuth):
    """The session of the pages, with its CSRF token."""

    def authenticate(self, request: HttpRequest, key: str | None) -> Any:
        """The signed-in person, or nobody."""
        return request.user if request.user.is_authenticated else None


def needs(permission: str) -> Callable[[Operation], Operation]:
    """An operation's permission; `test_permissions` reads it for the matrix of who gets what."""
    if permission not in PERMISSIONS:
        raise KeyError(permission)

    def guard(operation: Operation) -> Operation:
        @wraps(operation)
        def guarded(request: Asked, *args: Any, **kwargs: Any) -> Any:
            if not may(request.user, permission):
                raise Forbidden(permission)
            return operation(request, *args, **kwargs)

        guarded.__signature__ = signature(operation, eval_str=True)  # type: ignore[attr-defined]  # ninja reads it from here
        guarded.needs = permission  # type: ignore[attr-defined]
        return guarded  # type: ignore[return-value]

    return guard
