"""The app's entry for Django."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "steelyard.accounts"
    label = "accounts"
