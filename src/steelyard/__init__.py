"""Steelyard weighs channel partners by one published standard and shows the evidence behind every number."""

__version__ = "0.1.0"
