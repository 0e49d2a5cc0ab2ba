"""When something below fails: the database is away (503), the disk is full (507), or it is our own fault (500).

These pages are rendered without the request: whatever asks the database who is signed in would fail again.
"""

from __future__ import annotations

import errno
import sys

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string

from steelyard.ui.problems import failed as own_fault

RETRY_AFTER = 5  # seconds
FULL = ("disk is full", "no space left")


def failed(request: HttpRequest) -> HttpResponse:
    """Django's handler of every error that nobody handled."""
    error = sys.exc_info()[1]
    if _disk_full(error):
        return _told("operations/disk_full.html", 507)
    if isinstance(error, OperationalError | InterfaceError):
        return _told("operations/unavailable.html", 503)
    return own_fault(request)


def _disk_full(error: BaseException | None) -> bool:
    if isinstance(error, OSError):
        return error.errno in (errno.ENOSPC, errno.EDQUOT)
    return isinstance(error, OperationalError) and any(words in str(error).lower() for words in FULL)


def _told(template: str, status: int) -> HttpResponse:
    response = HttpResponse(render_to_string(template), status=status)
    response["Retry-After"] = str(RETRY_AFTER)
    response["Cache-Control"] = "no-store"
    return response
