"""The one gate of REST: who asks (a token or a session), and whether roles and token allow it, before anything is looked at."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar

from django.http import HttpRequest
from ninja.security import HttpBearer, SessionAuth

from steelyard.accounts import gate
from steelyard.accounts.actions import used
from steelyard.accounts.permissions import PERMISSIONS, may
from steelyard.accounts.queries import by_token
from steelyard.audit.origin import also_by

if TYPE_CHECKING:
    from steelyard.accounts.models import User
    from steelyard.ledger.scope import Scope

Operation = TypeVar("Operation", bound=Callable[..., Any])
SIGNED_IN = "signed in"  # what an operation needs that is for everybody whom we know


class Asked(gate.Asked):
    """A request behind the gate: its user, and the scope of what they may see."""

    scope: Scope


class Forbidden(Exception):
    """The user's roles, or the token's scopes, do not hold what the operation needs."""

    def __init__(self, permission: str) -> None:
        super().__init__(permission)
        self.permission = permission


class Token(HttpBearer):
    """`Authorization: Bearer …`: an API token acts as its person, within the token's own scopes."""

    def authenticate(self, request: HttpRequest, token: str) -> User | None:
        """The person of a token that works, or nobody. Looked up once in a request."""
        known: User | None = getattr(request, "opened_by_token", None)
        if known is not None:
            return known
        user = by_token(token)
        if user is not None and user.token is not None:
            request.user = request.opened_by_token = user  # type: ignore[attr-defined]
            used(user.token)
            also_by(f"API token {user.token.prefix}")
        return user


class Session(SessionAuth):
    """The session of the pages, with its CSRF token. Whoever sends a token is not looked for among sessions."""

    def __call__(self, request: HttpRequest) -> Any:
        """The signed-in person, or nobody; a signed-in one has to send the CSRF token with a write."""
        if "Authorization" in request.headers or not request.user.is_authenticated:
            return None
        return super().__call__(request)

    def authenticate(self, request: HttpRequest, key: str | None) -> Any:
        """The signed-in person."""
        return request.user


def needs(permission: str) -> Callable[[Operation], Operation]:
    """An operation's permission: the gate asks for it, `test_api_permissions` reads it for the matrix of who gets what."""
    if permission not in PERMISSIONS:
        raise KeyError(permission)
    return lambda operation: _marked(operation, needs=permission)


def signed_in(operation: Operation) -> Operation:
    """An operation for everybody whom we know, whatever their roles, and for every token."""
    return _marked(operation, needs=SIGNED_IN)


def lasting(operation: Operation) -> Operation:
    """A write that takes long and, sent again, has one effect by itself: an Idempotency-Key holds no transaction around it."""
    return _marked(operation, lasting=True)


def secret(name: str) -> Callable[[Operation], Operation]:
    """A write whose answer holds a secret: given once, and left out of the answer that is kept for an Idempotency-Key."""
    return lambda operation: _marked(operation, secret=name)


def prepares(look: Callable[..., None]) -> Callable[[Operation], Operation]:
    """A write that is looked at before its transaction begins: ``look(request, **names in the address)`` keeps what it found there."""
    return lambda operation: _marked(operation, prepares=look)


def _marked(operation: Operation, **marks: Any) -> Operation:
    for name, value in marks.items():
        setattr(operation, name, value)
    return operation


def admit(request: HttpRequest, permission: str) -> bool:
    """Whether somebody asks whom we know; `Forbidden` if they may not."""
    if not any(way(request) for way in (Token(), Session())):
        return False
    if permission != SIGNED_IN and not may(request.user, permission):  # type: ignore[arg-type]
        raise Forbidden(permission)
    return True
