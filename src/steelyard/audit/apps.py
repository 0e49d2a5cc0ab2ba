"""The app's entry for Django."""

from django.apps import AppConfig


class AuditConfig(AppConfig):
    name = "steelyard.audit"
    label = "audit"
