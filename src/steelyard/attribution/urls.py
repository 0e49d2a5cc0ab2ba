"""Addresses of attribution."""

from __future__ import annotations

from django.urls import path

from .views import queue

app_name = "attribution"
urlpatterns = [
    path("matching", queue.queue, name="queue"),
    path("intake/unmatched", queue.moved, name="moved"),  # where the queue was before
]
