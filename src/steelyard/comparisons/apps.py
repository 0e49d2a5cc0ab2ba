"""The app's entry for Django."""

from django.apps import AppConfig


class ComparisonsConfig(AppConfig):
    name = "steelyard.comparisons"
    label = "comparisons"
