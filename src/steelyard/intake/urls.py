"""Addresses of intake."""

from __future__ import annotations

from django.urls import path

from .views import masters_import

app_name = "intake"
urlpatterns = [
    path("masters/<str:master>/import", masters_import.import_master, name="import-master"),
]
