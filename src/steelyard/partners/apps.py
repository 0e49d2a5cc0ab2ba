"""The app's entry for Django."""

from django.apps import AppConfig


class PartnersConfig(AppConfig):
    name = "steelyard.partners"
    label = "partners"
