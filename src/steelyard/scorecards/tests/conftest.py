"""These tests share the channel of the journeys."""

from tests.journeys.conftest import channel

__all__ = ["channel"]
