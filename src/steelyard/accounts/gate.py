"""The one gate of all pages: who is signed in, and whether their roles allow this. Each route says which permission it needs.

`test_permissions` reads what the decorators write on a view: a route that says nothing fails the build.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import TYPE_CHECKING, Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed

from steelyard.calc.errors import Missing, Problem, Refused

from .permissions import PERMISSIONS, may

if TYPE_CHECKING:
    from .models import User

View = Callable[..., HttpResponse]


class Asked(HttpRequest):
    """A request as views see it behind the gate: with a signed-in user and the scope of what they may see."""

    user: User
    scope: Any  # ledger.scope.Scope, set by partners.middleware


def needs(get: str | None = None, *, post: str | None = None) -> Callable[[View], View]:
    """Let a request through whose user may do what its method needs. ``get`` or ``post`` None: the method is not allowed."""
    methods = {method: permission for method, permission in (("GET", get), ("POST", post)) if permission}
    for permission in methods.values():
        if permission not in PERMISSIONS:
            raise KeyError(permission)

    def guard(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            method = "GET" if request.method == "HEAD" else str(request.method)
            if method not in methods:
                return HttpResponseNotAllowed([*methods, *(["HEAD"] if "GET" in methods else [])])
            if not request.user.is_authenticated:
                from .signing_in import sign_in_first

                return sign_in_first(request)
            if not may(request.user, methods[method]):
                raise PermissionDenied
            _is_text(request)
            return view(request, *args, **kwargs)

        guarded.needs = methods  # type: ignore[attr-defined]
        return guarded

    return guard


def _is_text(request: HttpRequest) -> None:
    """Refuse a name or a form with a zero byte in it: no keyboard types one, and not every database takes it."""
    if "\0" in request.path:
        raise Missing
    for name, values in request.POST.lists():
        if any("\0" in str(value) for value in values):
            raise Refused(Problem("zero-byte", "a text holds a sign that is none", name, hint="type it again"))


def public(reason: str, *methods: str) -> Callable[[View], View]:
    """A route for everybody, with the reason why; methods default to GET."""
    allowed = methods or ("GET",)

    def guard(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if ("GET" if request.method == "HEAD" else request.method) not in allowed:
                return HttpResponseNotAllowed(allowed)
            return view(request, *args, **kwargs)

        guarded.public = reason  # type: ignore[attr-defined]
        guarded.needs = dict.fromkeys(allowed)  # type: ignore[attr-defined]
        return guarded

    return guard
