"""The app's entry for Django."""

from django.apps import AppConfig


class ScorecardsConfig(AppConfig):
    name = "steelyard.scorecards"
    label = "scorecards"
