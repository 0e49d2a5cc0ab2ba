"""The app's entry for Django."""

from django.apps import AppConfig


class ApprovalsConfig(AppConfig):
    name = "steelyard.approvals"
    label = "approvals"
