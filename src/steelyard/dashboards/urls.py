"""Addresses of the pages that read across capabilities."""

from __future__ import annotations

from django.urls import path

from .look import look
from .views.overview import overview
from .views.partners import partners
from .views.ranking import ranking

app_name = "dashboards"
urlpatterns = [
    path("look", look, name="look"),
    path("overview", overview, name="overview"),
    path("ranking", ranking, name="ranking"),
    path("partners", partners, name="partners"),
]
