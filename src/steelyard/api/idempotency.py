"""A write that is sent again has one effect: the answer is kept under the request's Idempotency-Key, with the effect."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from functools import wraps

from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from steelyard.calc.errors import Problem

from .gate import Token
from .models import Answered
from .problems import answer

HEADER = "Idempotency-Key"
KEPT_HEADERS = ("ETag", "Location")


class _Undone(Exception):
    """Carries an answer out of the transaction that it undoes."""

    def __init__(self, response: HttpResponse) -> None:
        super().__init__()
        self.response = response


def once(run: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Around every operation: with a key, the effect and the answer are one transaction, and the answer is given again."""

    @wraps(run)
    def guarded(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        key = request.headers.get(HEADER, "")
        if request.method in ("GET", "HEAD") or not key:
            return run(request, *args, **kwargs)
        Token()(request)  # keys belong to people, and the operation has not looked at the token yet
        if not request.user.is_authenticated:
            return run(request, *args, **kwargs)
        if not 1 <= len(key) <= 200 or not key.isprintable():
            return answer(422, [Problem("bad_idempotency_key", "a key is 1 to 200 printable characters", HEADER)])
        return _answered(request, key, lambda: run(request, *args, **kwargs))

    return guarded


def _answered(request: HttpRequest, key: str, run: Callable[[], HttpResponse]) -> HttpResponse:
    digest = hashlib.sha256(f"{request.method} {request.get_full_path()}\n".encode() + request.body).hexdigest()
    kept = Answered.objects.filter(user=request.user.pk, key=key).first()
    if kept is not None:
        return _again(kept, digest)
    try:
        with transaction.atomic():
            kept = Answered.objects.create(
                user_id=request.user.pk,  # type: ignore[misc]  # somebody is signed in here
                key=key,
                request_digest=digest,
                answered_at=timezone.now(),
            )
            response = run()
            if response.status_code >= 400:
                raise _Undone(response)  # nothing was done, so the key is free for a better request
            kept.status, kept.body, kept.content_type = response.status_code, response.content, response["Content-Type"]
            kept.headers = {name: response[name] for name in KEPT_HEADERS if name in response}
            kept.save()
            return response
    except _Undone as undone:
        return undone.response
    except IntegrityError:
        kept = Answered.objects.filter(user=request.user.pk, key=key).first()
        if kept is None:
            raise
        return _again(kept, digest)


def _again(kept: Answered, digest: str) -> HttpResponse:
    if kept.request_digest != digest:
        hint = "use a new key for a new request"
        return answer(422, [Problem("idempotency_key_reused", "this key was used for another request", HEADER, hint=hint)])
    response = HttpResponse(bytes(kept.body), status=kept.status, content_type=kept.content_type)
    for name, value in kept.headers.items():
        response[name] = value
    response["Idempotent-Replayed"] = "true"
    return response
