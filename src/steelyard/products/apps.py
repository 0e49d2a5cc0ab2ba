"""The app's entry for Django."""

from django.apps import AppConfig


class ProductsConfig(AppConfig):
    name = "steelyard.products"
    label = "products"
