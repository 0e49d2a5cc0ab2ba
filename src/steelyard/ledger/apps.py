"""The app's entry for Django."""

from django.apps import AppConfig


class LedgerConfig(AppConfig):
    name = "steelyard.ledger"
    label = "ledger"
