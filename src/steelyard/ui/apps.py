"""The app's entry for Django."""

from django.apps import AppConfig


class UiConfig(AppConfig):
    name = "steelyard.ui"
    label = "ui"
