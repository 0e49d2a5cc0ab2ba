"""What every request goes through before its operation: the gate, then what it carries, then whether it was sent before."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from ninja.errors import AuthenticationError
from ninja.operation import Operation

from steelyard.calc.errors import Missing, Problem
from steelyard.intake.limits import LARGEST_FILE

from . import gate
from .idempotency import once
from .parsing import parsed
from .problems import Refusal

WRITES = ("POST", "PUT", "PATCH", "DELETE")
CONDITIONAL = ("PUT", "PATCH", "DELETE")  # they say in If-Match what they are based on
JSON, MULTIPART = "application/json", "multipart/form-data"


def accepted(operation: Operation) -> str | None:
    """The media type of what an operation is sent; None if it is sent nothing."""
    sources = {model.__ninja_param_source__ for model in operation.models}
    return MULTIPART if sources & {"file", "form"} else JSON if "body" in sources else None


def asked(run: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Around every operation. One that does not say whom it is for does not start."""
    operation: Operation = run.__self__  # type: ignore[attr-defined]
    permission: str = operation.view_func.needs  # type: ignore[attr-defined]
    media_type = accepted(operation)
    prepare: Callable[..., None] = getattr(operation.view_func, "prepares", _nothing)

    @wraps(run)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            if not gate.admit(request, permission):
                raise AuthenticationError
            if "\0" in request.path or "%00" in request.META.get("QUERY_STRING", ""):
                raise Missing  # no name holds it, and some databases refuse to be asked
            if request.method in WRITES:
                _look_at(request, media_type)
            return once(request, operation.view_func, lambda: run(request, *args, **kwargs), lambda: prepare(request, **kwargs))
        except Exception as exception:  # noqa: BLE001  what REST does not know is raised again
            return operation.api.on_exception(request, exception)

    return guarded


def _nothing(request: HttpRequest, **kwargs: Any) -> None:
    """Most operations look at nothing before their transaction begins."""


def _look_at(request: HttpRequest, media_type: str | None) -> None:
    """Refuse what is not of the kind that is expected, is too large, or says not what it is based on."""
    if request.method in CONDITIONAL and "If-Match" not in request.headers:
        hint = "read it, and send its ETag as If-Match"
        raise Refusal(428, Problem("precondition_required", "a change says which version it is based on", "If-Match", hint=hint))
    length = int(request.META.get("CONTENT_LENGTH") or 0)
    if media_type is None:
        return
    sent = (request.content_type or "").lower()
    if sent != media_type and not (media_type == JSON and sent.endswith("+json")):
        raise Refusal(415, Problem("unsupported_media_type", "this is sent otherwise", "Content-Type", sent[:100], f"send {media_type}"))
    if request.headers.get("Content-Encoding", "identity").lower() != "identity":
        raise Refusal(415, Problem("unsupported_encoding", "this is read as it is, not unpacked", "Content-Encoding", hint="send it plain"))
    most = LARGEST_FILE if media_type == MULTIPART else settings.DATA_UPLOAD_MAX_MEMORY_SIZE
    if length > most:
        raise Refusal(413, Problem("too_large", f"at most {most:,} bytes are read", "", f"{length:,} bytes", "send it in parts"))
    if media_type == JSON and request.body:
        request.read_as_json = parsed(request.body)  # type: ignore[attr-defined]
