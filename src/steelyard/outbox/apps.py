"""The app's entry for Django."""

from django.apps import AppConfig


class OutboxConfig(AppConfig):
    name = "steelyard.outbox"
    label = "outbox"
