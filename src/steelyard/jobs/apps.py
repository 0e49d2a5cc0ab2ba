"""The app's entry for Django."""

from django.apps import AppConfig


class JobsConfig(AppConfig):
    name = "steelyard.jobs"
    label = "jobs"
