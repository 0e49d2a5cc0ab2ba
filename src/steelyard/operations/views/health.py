"""What machines ask: is it alive, is it ready, what does it measure."""

from __future__ import annotations

import hmac
import ipaddress

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, JsonResponse

from steelyard.accounts.gate import public

from .. import health, metrics

RETRY_AFTER = "5"


@public("asked by whatever restarts a process that hangs")
def live(request: HttpRequest) -> HttpResponse:
    """The process answers; nothing else is asked."""
    return _fresh(JsonResponse({"live": True}))


@public("asked by whatever sends traffic; tells no names and no figures of the company")
def ready(request: HttpRequest) -> HttpResponse:
    """Whether requests can be served now; 503 with what is wrong otherwise."""
    found = health.checks()
    well = all(check.ok for check in found)
    answer = {"ready": well, "checks": {check.name: {"ok": check.ok, "detail": check.detail} for check in found}}
    response = _fresh(JsonResponse(answer, status=200 if well else 503))
    if not well:
        response["Retry-After"] = RETRY_AFTER
    return response


@public("asked by a monitor, from this machine or with the token of the settings")
def measured(request: HttpRequest) -> HttpResponse:
    """Metrics in the text format of Prometheus."""
    if not (_from_this_machine(request) or _has_token(request)):
        raise PermissionDenied
    return _fresh(HttpResponse(metrics.text(), content_type="text/plain; version=0.0.4; charset=utf-8"))


def _from_this_machine(request: HttpRequest) -> bool:
    """Asked over the loopback, and not through a proxy that stands on this machine too."""
    if "X-Forwarded-For" in request.headers or "Forwarded" in request.headers:
        return False
    try:
        return ipaddress.ip_address(request.META.get("REMOTE_ADDR", "")).is_loopback
    except ValueError:
        return False


def _has_token(request: HttpRequest) -> bool:
    given = request.headers.get("Authorization", "")
    return bool(settings.METRICS_TOKEN) and hmac.compare_digest(given.encode(), f"Bearer {settings.METRICS_TOKEN}".encode())


def _fresh(response: HttpResponse) -> HttpResponse:
    response["Cache-Control"] = "no-store"
    return response
