"""Addresses of the pages that read across capabilities."""

from __future__ import annotations

from django.urls import path

from .views.overview import overview

app_name = "dashboards"
urlpatterns = [
    path("overview", overview, name="overview"),
]
