"""Nobody overwrites what they have not seen: each object has an ETag, and a change says which one it is based on."""

from __future__ import annotations

import hashlib
import json
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.http import HttpRequest, HttpResponse

from steelyard.calc.errors import Problem

from .problems import Refusal


def etag(value: Any) -> str:
    """The ETag of what an object says."""
    text = json.dumps(value, sort_keys=True, cls=DjangoJSONEncoder, ensure_ascii=False)
    return f'"{hashlib.sha256(text.encode()).hexdigest()[:32]}"'


def tagged(response: HttpResponse, value: dict[str, Any]) -> dict[str, Any]:
    """The object, with its ETag on the response."""
    response["ETag"] = etag(value)
    return value


def must_match(request: HttpRequest, value: Any) -> None:
    """Refuse a change that is based on something older (412). That it says what it is based on was seen to before."""
    sent = request.headers.get("If-Match", "")
    if sent.strip() not in (etag(value), "*"):
        hint = "read it again; somebody else was quicker"
        raise Refusal(412, Problem("precondition_failed", "this was changed since you read it", "If-Match", sent[:80], hint))
