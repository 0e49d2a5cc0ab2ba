"""Addresses of frameworks."""

from __future__ import annotations

from django.urls import path

from . import library_views, views

app_name = "frameworks"
urlpatterns = [
    path("frameworks", views.index, name="index"),
    path("frameworks/schema.json", views.schema, name="schema"),
    path("frameworks/new", views.new, name="new"),
    path("frameworks/<str:framework>/regions", views.regions, name="regions"),
    path("frameworks/kpis", library_views.index, name="kpis"),
    path("frameworks/kpis/<str:library_kpi>", library_views.one, name="kpi"),
    path("frameworks/<str:framework>/compare", views.compare, name="compare"),
    path("frameworks/<str:framework>/<int:version>", views.version, name="version"),
    path("frameworks/<str:framework>/<int:version>/file", views.file, name="file"),
    path("frameworks/<str:framework>/<int:version>/vectors", views.vectors, name="vectors"),
]
