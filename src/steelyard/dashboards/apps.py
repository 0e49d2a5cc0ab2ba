"""The app's entry for Django."""

from django.apps import AppConfig


class DashboardsConfig(AppConfig):
    name = "steelyard.dashboards"
    label = "dashboards"
