"""Addresses of comparisons. A code may hold a slash, so the fixed words after it are looked for first."""

from __future__ import annotations

from django.urls import path

from .views import listed, new, one

app_name = "comparisons"
urlpatterns = [
    path("comparisons", listed.comparisons, name="index"),
    path("comparisons/new", new.new, name="new"),
    path("comparisons/ordered", new.ordered, name="ordered"),
    path("comparisons/<int:comparison>", one.comparison, name="comparison"),
    path("comparisons/<int:comparison>/file", one.file, name="file"),
    path("comparisons/<int:comparison>/retire", one.retire, name="retire"),
    path("comparisons/<int:comparison>/parts/<path:subject>/share", one.share, name="share"),
    path("comparisons/<int:comparison>/parts/<path:subject>", one.part, name="part"),
    path("comparisons/shares/<int:share>/revoke", one.revoke, name="revoke"),
]
