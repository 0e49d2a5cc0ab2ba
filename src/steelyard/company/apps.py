"""The app's entry for Django."""

from django.apps import AppConfig


class CompanyConfig(AppConfig):
    name = "steelyard.company"
    label = "company"
