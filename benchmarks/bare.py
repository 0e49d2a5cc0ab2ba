"""A bare Django page, the yardstick of all others: one view, no database, no template."""

from __future__ import annotations

from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.http import HttpRequest, HttpResponse
from django.urls import path

if not settings.configured:
    settings.configure(ROOT_URLCONF=__name__, ALLOWED_HOSTS=["127.0.0.1"], SECRET_KEY="bare", MIDDLEWARE=[])


def page(request: HttpRequest) -> HttpResponse:
    """A line of text."""
    return HttpResponse("<!doctype html><title>bare</title><p>A bare page.</p>")


urlpatterns = [path("", page)]
application = get_wsgi_application()
