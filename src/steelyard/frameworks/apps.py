"""The app's entry for Django."""

from django.apps import AppConfig


class FrameworksConfig(AppConfig):
    name = "steelyard.frameworks"
    label = "frameworks"
