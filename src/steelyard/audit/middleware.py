"""What a request leaves in the trail: where its actions come from, and every export."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from .actions import record
from .origin import acting_from, address_of


def watched(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Actions of a request come from its address; an answer with ``exported = (name, rows, form)`` is recorded as an export."""

    def middleware(request: HttpRequest) -> HttpResponse:
        with acting_from(address_of(request)):
            response = get_response(request)
            exported = getattr(response, "exported", None)
            if exported is not None:
                name, rows, form = exported
                told = {"rows": rows, "format": form, "address": request.get_full_path()[:500]}
                record(action="exported", subject=f"list:{name}"[:250], after=told, acting_user=request.user)
            return response

    return middleware
