"""Addresses of the pages that read across capabilities."""

from __future__ import annotations

from django.urls import include, path

from .look import look
from .views.home import home
from .views.orders import order, orders
from .views.overview import overview
from .views.partner import partner
from .views.partners import partners
from .views.ranking import ranking
from .views.search import search

app_name = "dashboards"
urlpatterns = [
    path("", include("steelyard.dashboards.administration.urls")),
    path("look", look, name="look"),
    path("", home, name="home"),
    path("search", search, name="search"),
    path("overview", overview, name="overview"),
    path("ranking", ranking, name="ranking"),
    path("partners", partners, name="partners"),
    path("orders", orders, name="orders"),
    path("orders/<str:kind>/<int:row>", order, name="order"),
    path("partners/<str:partner>", partner, name="partner"),
]
