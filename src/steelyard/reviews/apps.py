"""The app's entry for Django."""

from django.apps import AppConfig


class ReviewsConfig(AppConfig):
    name = "steelyard.reviews"
    label = "reviews"
