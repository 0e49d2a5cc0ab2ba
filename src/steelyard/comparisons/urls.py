"""Addresses of comparisons."""

from __future__ import annotations

from django.urls import URLPattern

app_name = "comparisons"
urlpatterns: list[URLPattern] = []
