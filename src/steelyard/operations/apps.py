"""The app's entry for Django."""

from django.apps import AppConfig


class OperationsConfig(AppConfig):
    name = "steelyard.operations"
    label = "operations"
