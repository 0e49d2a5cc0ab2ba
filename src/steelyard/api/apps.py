"""The app's entry for Django."""

from django.apps import AppConfig


class ApiConfig(AppConfig):
    name = "steelyard.api"
    label = "api"
