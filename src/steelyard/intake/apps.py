"""The app's entry for Django."""

from django.apps import AppConfig


class IntakeConfig(AppConfig):
    name = "steelyard.intake"
    label = "intake"
