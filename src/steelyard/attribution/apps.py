"""The app's entry for Django."""

from django.apps import AppConfig


class AttributionConfig(AppConfig):
    name = "steelyard.attribution"
    label = "attribution"
