"""A write that is sent again has one effect: the answer is kept under the request's Idempotency-Key, with the effect.

What is quick is one transaction with its answer. What takes long (a file) holds none: the key is taken first, and whoever
comes meanwhile is told so; if the process dies, the key is free again after a while, and the action itself knows the bytes.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.crypto import salted_hmac

from steelyard.calc.errors import Problem
from steelyard.ledger import bulk
from steelyard.ledger.failpoints import reach

from .models import Answered
from .problems import answer

HEADER = "Idempotency-Key"
KEPT_HEADERS = ("ETag", "Location")
FINISHED = ("status", "content_type", "headers", "body", "answered_at")
BEGUN = ("user_id", "key", "request_digest", "status", "content_type", "headers", "body", "answered_at")
ABANDONED = timedelta(minutes=1)  # a request that was not answered by then may be taken over; what lasts knows its own bytes
Run = Callable[[], HttpResponse]


def once(request: HttpRequest, operation: Callable[..., Any], run: Run, prepare: Callable[[], None]) -> HttpResponse:
    """The answer of an operation; with a key that was seen before, the one that was given then.

    ``prepare`` looks at what was sent before the transaction begins, so that nobody waits for a write while somebody looks.
    """
    key = request.headers.get(HEADER, "")
    if request.method in ("GET", "HEAD") or not key:
        prepare()
        return run()
    if len(key) > 200 or not key.isprintable():
        return answer(422, [Problem("bad_idempotency_key", "a key is 1 to 200 printable characters", HEADER)])
    digest = _digest(request)
    kept = _kept(request, key)
    if kept is None:
        prepare()
        made = (_lasting if getattr(operation, "lasting", False) else _quick)(request, key, digest, operation, run)
        if made is not None:
            return made
        kept = _kept(request, key)
    if kept is None:
        return _meanwhile()
    return _again(kept, digest, operation, run)


def _kept(request: HttpRequest, key: str) -> Answered | None:
    kept = Answered.objects.raw("SELECT * FROM api_answered WHERE user_id = %s AND key = %s", [request.user.pk, key])
    return next(iter(kept), None)  # in plain words: each write with a key asks


def _begun(request: HttpRequest, key: str, digest: str) -> Answered:
    user: Any = request.user.pk
    kept = Answered(user_id=user, key=key, request_digest=digest, answered_at=timezone.now())
    row = (user, key, digest, 0, "", "{}", b"", bulk.moment(kept.answered_at))
    (kept.pk,) = bulk.insert_numbered(Answered, BEGUN, [row])
    return kept


def _quick(request: HttpRequest, key: str, digest: str, operation: Callable[..., Any], run: Run) -> HttpResponse | None:
    """Effect and answer in one transaction; None if somebody else has the key."""
    try:
        with transaction.atomic():
            kept = _begun(request, key, digest)
            response = _finished(kept, run(), operation)
            reach("answer-kept")
        reach("answered")
        return response
    except IntegrityError:
        if _kept(request, key) is None:
            raise
        return None


def _lasting(request: HttpRequest, key: str, digest: str, operation: Callable[..., Any], run: Run) -> HttpResponse | None:
    """The key first, then the effect, then the answer; None if somebody else has the key."""
    try:
        with transaction.atomic():
            kept = _begun(request, key, digest)
    except IntegrityError:
        return None
    reach("key-taken")
    return _done(kept, operation, run)


def _done(kept: Answered, operation: Callable[..., Any], run: Run) -> HttpResponse:
    try:
        response = run()
    except BaseException:
        kept.delete()
        raise
    return _finished(kept, response, operation)


def _finished(kept: Answered, response: HttpResponse, operation: Callable[..., Any]) -> HttpResponse:
    """The answer is kept; a refusal is not: nothing was done, so the key is free for a better request."""
    if response.status_code >= 400:
        if not transaction.get_connection().needs_rollback:  # else it goes with all the rest
            kept.delete()
        return response
    kept.status, kept.body, kept.content_type = response.status_code, _without_secret(response.content, operation), response["Content-Type"]
    kept.headers = {name: response[name] for name in KEPT_HEADERS if name in response}
    told = (kept.status, kept.content_type, json.dumps(kept.headers), kept.body, bulk.moment(timezone.now()), kept.pk)
    bulk.update(Answered, FINISHED, ["id"], [told])
    return response


def _again(kept: Answered, digest: str, operation: Callable[..., Any], run: Run) -> HttpResponse:
    if kept.request_digest != digest:
        hint = "use a new key for a new request"
        return answer(422, [Problem("idempotency_key_reused", "this key was used for another request", HEADER, hint=hint)])
    if not kept.status:
        now = timezone.now()
        left_behind = Answered.objects.filter(pk=kept.pk, status=0, answered_at__lt=now - ABANDONED)
        return _done(kept, operation, run) if left_behind.update(answered_at=now) else _meanwhile()
    response = HttpResponse(bytes(kept.body), status=kept.status, content_type=kept.content_type)
    for name, value in kept.headers.items():
        response[name] = value
    response["Idempotent-Replayed"] = "true"
    return response


def _meanwhile() -> HttpResponse:
    response = answer(409, [Problem("in_progress", "the same request is being done", HEADER, hint="ask again in a few seconds")])
    response["Retry-After"] = "5"
    return response


def _digest(request: HttpRequest) -> str:
    """Tells one request from another; keyed, because a body may hold a password."""
    read = hashlib.sha256(f"{request.method} {request.get_full_path()}\n".encode())
    if request.content_type == "multipart/form-data":
        read.update(json.dumps(sorted(request.POST.lists())).encode())
        for name, files in sorted(request.FILES.lists()):
            for file in files:
                read.update(f"\n{name} {file.name}\n".encode())
                for chunk in file.chunks():
                    read.update(chunk)
                file.seek(0)
    else:
        read.update(request.body)
    return salted_hmac("steelyard.api.answered", read.hexdigest(), algorithm="sha256").hexdigest()


def _without_secret(body: bytes, operation: Callable[..., Any]) -> bytes:
    name = getattr(operation, "secret", None)
    return body if name is None else json.dumps({**json.loads(body), name: None}).encode()
