"""Addresses of operations."""

from __future__ import annotations

from django.urls import path

from .views import health

app_name = "operations"
urlpatterns = [
    path("health/live", health.live, name="live"),
    path("health/ready", health.ready, name="ready"),
    path("metrics", health.measured, name="metrics"),
]
