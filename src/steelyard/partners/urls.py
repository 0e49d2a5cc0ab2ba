"""Addresses of master data: partners is the topmost room that has any, so it shows them all."""

from __future__ import annotations

from steelyard.masters.urls import addresses

from .catalogue import CATALOGUE

app_name = "masters"
urlpatterns = addresses(CATALOGUE)
