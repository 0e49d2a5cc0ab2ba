"""The app's entry for Django: it brings pages, no tables."""

from django.apps import AppConfig


class MastersConfig(AppConfig):
    name = "steelyard.masters"
    label = "masters"
