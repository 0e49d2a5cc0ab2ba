"""The partner's own pages."""

from django.apps import AppConfig


class PortalConfig(AppConfig):
    """The portal has no tables of its own."""

    name = "steelyard.portal"
    label = "portal"
