"""Addresses of operations."""

from __future__ import annotations

from django.urls import path

from .views import health, page

app_name = "operations"
urlpatterns = [
    path("health/live", health.live, name="live"),
    path("health/ready", health.ready, name="ready"),
    path("administration/health", page.page, name="health"),
    path("metrics", health.measured, name="metrics"),
]
