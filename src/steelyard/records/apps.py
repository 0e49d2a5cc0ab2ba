"""The app's entry for Django."""

from django.apps import AppConfig


class RecordsConfig(AppConfig):
    name = "steelyard.records"
    label = "records"
