"""The application in a web process of `steelyard serve`: logs as data, and every page loaded before the first is asked for."""

from __future__ import annotations

import gc

from django.urls import get_resolver

from .logs import as_a_server
from .wsgi import application

__all__ = ["application"]

as_a_server()
get_resolver().url_patterns  # noqa: B018 - reading them imports all pages
gc.collect()
gc.set_threshold(20_000, 20, 20)  # an answer makes thousands of values and leaves none behind
gc.freeze()  # what was imported stays: no page waits while it is looked through again
