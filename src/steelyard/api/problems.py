"""Refusals as `application/problem+json` (RFC 9457): one shape, and nothing in it that tells a foreign thing from a missing one."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from typing import Any

from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent
from django.http import Http404, HttpRequest, HttpResponse, UnreadablePostError
from django.http.multipartparser import MultiPartParserError
from ninja import NinjaAPI, Schema
from ninja.errors import AuthenticationError, HttpError, ValidationError
from pydantic import Field

from steelyard.calc.errors import Conflict, Missing, Problem, Refused

from .gate import Forbidden

CONTENT_TYPE = "application/problem+json"
EXTRA = "Extra inputs"  # how pydantic begins what it says of fields that a model does not have
NAME = re.compile(r"[^a-z0-9_]+")


class Told(Schema):
    """One problem: what is wrong, where, what was found, what to do."""

    code: str
    message: str
    where: str = ""
    found: str = ""
    hint: str = ""
    severity: str = "error"


class ProblemDetails(Schema):
    """Why a request was not done. `type` is stable; `problems` holds every problem found."""

    type: str = Field(examples=["urn:steelyard:problem:missing"])
    title: str
    status: int
    detail: str = ""
    problems: list[Told] = Field(default_factory=list)


class Refusal(Exception):
    """A refusal of REST itself, such as a precondition that failed."""

    def __init__(self, status: int, *problems: Problem) -> None:
        super().__init__("\n".join(str(problem) for problem in problems))
        self.status, self.problems = status, problems


def answers(*statuses: int, **ok: Any) -> dict[int, Any]:
    """What an operation may answer: `response=answers(ok=Partner)`; `description` adds the refusals that follow from its shape.

    ``statuses``: refusals besides those.
    """
    done: dict[int, Any] = {200: ok["ok"]} if "ok" in ok else {}
    done |= {201: ok["made"]} if "made" in ok else {}
    done |= {202: ok["accepted"]} if "accepted" in ok else {}
    done |= {204: None} if ok.get("empty") else {}
    return done | dict.fromkeys(sorted(statuses), ProblemDetails)


def file_answer(description: str, *media_types: str) -> dict[str, Any]:
    """How the description tells that an operation answers with a file: `openapi_extra=file_answer(...)`."""
    content = {media_type: {"schema": {"type": "string", "format": "binary"}} for media_type in media_types}
    return {"responses": {200: {"description": description, "content": content}}}


def type_of(code: str) -> str:
    """The stable URI of a kind of problem: its code, in the signs that RFC 9457 asks for."""
    return f"urn:steelyard:problem:{NAME.sub('_', code.lower())}"


def answer(status: int, problems: Sequence[Problem]) -> HttpResponse:
    """The document of one refusal."""
    first = problems[0]
    body = {
        "type": type_of(first.code),
        "title": first.message,
        "status": status,
        "detail": first.hint,
        "problems": [problem.as_dict() for problem in problems],
    }
    response = HttpResponse(json.dumps(body, ensure_ascii=False), status=status, content_type=CONTENT_TYPE)
    if status == 401:
        response["WWW-Authenticate"] = 'Bearer realm="steelyard"'
    return response


def register(api: NinjaAPI) -> None:
    """Every exception that an operation may end with, as its problem."""
    handlers: dict[type[Exception], Any] = {
        Refused: _refused, Refusal: _refusal, Forbidden: _forbidden, AuthenticationError: _unknown, ValidationError: _invalid,
        Http404: _missing, HttpError: _fault, RequestDataTooBig: _too_large, TooManyFieldsSent: _too_large, TooManyFilesSent: _too_large,
        MultiPartParserError: _unreadable, UnreadablePostError: _unreadable,
    }  # fmt: skip
    for exception, handler in handlers.items():
        api.add_exception_handler(exception, handler)


def _refusal(request: HttpRequest, refusal: Refusal) -> HttpResponse:
    return answer(refusal.status, refusal.problems)


def _missing(request: HttpRequest, missing: Http404) -> HttpResponse:
    return answer(404, Missing().problems)


def _fault(request: HttpRequest, fault: HttpError) -> HttpResponse:
    if fault.status_code == 403:
        hint = "send the CSRF token as X-CSRFToken, or use an API token"
        return answer(403, [Problem("csrf_failed", "a session's write carries its CSRF token", "X-CSRFToken", hint=hint)])
    return answer(fault.status_code, [Problem("unreadable", "what was sent cannot be read", hint="send what the description says")])


def _too_large(request: HttpRequest, fault: Exception) -> HttpResponse:
    return answer(413, [Problem("too_large", "this is more than is read at once", hint="send it in parts")])


def _unreadable(request: HttpRequest, fault: Exception) -> HttpResponse:
    return answer(400, [Problem("unreadable", "what was sent cannot be read", hint="send what the description says")])


def _refused(request: HttpRequest, refused: Refused) -> HttpResponse:
    status = 404 if isinstance(refused, Missing) else 409 if isinstance(refused, Conflict) else 422
    return answer(status, refused.problems)


def _forbidden(request: HttpRequest, forbidden: Forbidden) -> HttpResponse:
    return answer(
        403, [Problem("forbidden", "your roles, or this token's scopes, do not allow this", hint=f"it needs {forbidden.permission}")]
    )


def _unknown(request: HttpRequest, fault: AuthenticationError) -> HttpResponse:
    return answer(401, [Problem("unauthenticated", "sign in, or send an API token", hint="Authorization: Bearer TOKEN")])


def _invalid(request: HttpRequest, fault: ValidationError) -> HttpResponse:
    told = [
        Problem("invalid", str(error["msg"]), where=".".join(str(part) for part in error["loc"]), found=_found(error.get("input")))
        for error in fault.errors
    ]
    strange = [Problem("unknown_field", "there is no such field", one.where, one.found) for one in told if one.message.startswith(EXTRA)]
    if strange:
        return answer(400, strange)
    return answer(422, told or [Problem("invalid", "the request is not as described")])


def _found(value: Any) -> str:
    return "" if value is None or isinstance(value, dict | list) else str(value)[:200]
